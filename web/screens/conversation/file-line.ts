import { html, nothing, type TemplateResult } from 'lit';
import { fileUrl, type FileLine } from '#src/contract/files.ts';
import { previewTypes, previewUrl } from '#src/contract/previews.ts';
import { openDialog } from '../../app/shell-state.ts';
import { workspace } from '../../client/workspace.ts';
import type { Upload } from '../../client/uploads.ts';
import { fileTile, typeWords } from '../../elements/file-tile.ts';
import { bytesOf } from '../../elements/file-size.ts';
import { icon } from '../../elements/icons.ts';
import { clock, fullTime } from '../../elements/times.ts';
import { previewedLine, previewKindOf } from '../preview/preview-kind.ts';
import { face, imported, mark, markItem, viewersItem, withdrawItem, type LineActs, type LineSetting } from './message-line.ts';
import { saidAt } from './timeline-rows.ts';
import './upload-chip.ts';

/** In CSS pixels: what a picture is drawn at, at most. */
const pictureMax = { width: 352, height: 288 };

export type FileSetting = Pick<LineSetting, 'me' | 'startsRun' | 'active' | 'lit' | 'tabbable' | 'mark' | 'receipts' | 'writable' | 'importedOnly'> & { readonly conversationId: string };

const nameOf = (account: string): string => workspace.directory.nameOf(account);
const iso = (at: number): string => new Date(at).toISOString();

/** The size a picture is drawn at; its box stands before its bytes come. A picture too thin to press keeps a strip. */
export const drawnSize = (width: number, height: number): { readonly width: number; readonly height: number } => {
  const scale = Math.min(1, pictureMax.width / width, pictureMax.height / height);
  return { width: Math.max(24, Math.round(width * scale)), height: Math.max(24, Math.round(height * scale)) };
};

const failed = (event: Event): void => (event.currentTarget as HTMLElement).closest('.picture')!.classList.add('failed');

/** A plain press opens it in the page; one that asks for a tab or a copy gets what the link says. */
const opens = (line: FileLine, name: string, conversationId: string) => (event: MouseEvent): void => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  openDialog({ is: 'preview-file', file: previewedLine(line, name, conversationId) });
};

const facts = (line: FileLine): string => `${bytesOf(line.size)} · ${typeWords(line.type)}`;
const caption = (line: FileLine, name: string, url: string): TemplateResult => html`<p class="caption"><a href=${url} download dir="auto" aria-label=${`Download ${name}`}>${name}</a><span class="file-facts">${bytesOf(line.size)}</span></p>`;

/** What is seen of a file that is here: the picture, the player, else a card. Every name leads to the bytes, which the browser saves under the right name. */
const content = (line: FileLine, name: string, conversationId: string): TemplateResult => {
  const url = fileUrl(conversationId, line.fileId);
  const shown = fileUrl(conversationId, line.fileId, true);
  const kind = previewKindOf(line.type);
  const open = opens(line, name, conversationId);
  if (kind === 'image' && previewTypes.has(line.type) && line.width && line.height) {
    const { width, height } = drawnSize(line.width, line.height);
    return html`<div class="preview"><a class="picture" href=${shown} aria-haspopup="dialog" @click=${open}><span class="seen-by-readers-only">Open the picture ${name}</span><img src=${previewUrl(conversationId, line.fileId)} alt="" width=${width} height=${height} loading="lazy" decoding="async" @error=${failed}><span class="broken">There is no small picture of this. It can be opened and downloaded.</span></a>${caption(line, name, url)}</div>`;
  }
  if (kind === 'audio') return html`<div class="preview"><audio controls preload="none" src=${shown} aria-label=${name}></audio>${caption(line, name, url)}</div>`;
  if (kind === 'video') return html`<div class="preview"><video controls preload="none" playsinline src=${shown} aria-label=${name}></video>${caption(line, name, url)}</div>`;
  const isShown = kind === 'pdf' || kind === 'text';
  return html`<a class="file" href=${url} download aria-haspopup=${isShown ? 'dialog' : nothing} @click=${isShown ? open : nothing}>${fileTile(line.type)}<span><span class="seen-by-readers-only">${isShown ? 'Open ' : 'Download '}</span><span class="file-name one-line" dir="auto" title=${name}>${name}</span><span class="file-facts">${facts(line)}</span></span></a>`;
};

const body = (line: FileLine, { me, conversationId }: FileSetting): TemplateResult => {
  if (line.withdrawn) return html`<p class="retracted">${line.withdrawn.by === me ? 'You' : nameOf(line.withdrawn.by)} withdrew this file at <time datetime=${iso(line.withdrawn.at)} title=${fullTime(line.withdrawn.at)}>${clock(line.withdrawn.at)}</time>.</p>`;
  if (line.name === null) return html`<p class="gone">This file is no longer kept.</p>`;
  return content(line, line.name, conversationId);
};

const toolbar = (line: FileLine, { me, writable, receipts, conversationId }: FileSetting, acts: LineActs): TemplateResult => html`
  <div class="acts" role="toolbar" aria-label="File">
    ${line.name === null ? nothing : html`<a class="icon-button" href=${fileUrl(conversationId, line.fileId)} download aria-label="Download" data-tip="Download">${icon('download', 16)}</a>`}
    <hansard-menu label="What to do with this file" align="end" @toggled=${(event: CustomEvent<{ open: boolean }>) => acts.menuToggled(event.detail.open)}>
      <button slot="trigger" class="icon-button" aria-label="More" data-tip="More">${icon('ellipsis')}</button>
      ${line.name === null ? nothing : html`<a role="menuitem" class="menu-item" href=${fileUrl(conversationId, line.fileId)} download>${icon('download')}Download</a>`}
      ${markItem(line, acts)}${receipts ? viewersItem(line, acts) : nothing}
      ${line.author === me && writable && line.name !== null ? html`<hr class="menu-rule">${withdrawItem(line, acts)}` : nothing}
    </hansard-menu>
  </div>`;

/** One file as a list item. */
export const fileRow = (line: FileLine, setting: FileSetting, acts: LineActs): TemplateResult => {
  const at = saidAt(line);
  const { startsRun, active } = setting;
  const name = nameOf(line.author);
  return html`<li class=${`row message${startsRun ? ' starts' : ''}${active ? ' active' : ''}${setting.lit ? ' lit' : ''}`} data-key=${line.fileId} data-revision=${line.revision} data-ordinal=${line.ordinal} tabindex=${setting.tabbable ? 0 : -1}>
    <div class="face">${startsRun ? face(line.author, name) : html`<time class="aside-time" aria-hidden="true">${clock(at)}</time>`}</div>
    <div class="what">
      <div class=${startsRun ? 'by' : 'by seen-by-readers-only'}><span class="name" dir="auto">${name}</span><time datetime=${iso(at)} title=${fullTime(at)}>${clock(at)}</time>${startsRun ? imported(line, setting.importedOnly) : nothing}</div>
      ${body(line, setting)}
    </div>
    ${mark(line, setting, acts)}
    ${active && !line.withdrawn ? toolbar(line, setting, acts) : nothing}
  </li>`;
};

/** A file that was sent and is not in the log yet. It stands where its line will stand. */
export const uploadRow = (upload: Upload, startsRun: boolean, me: string): TemplateResult => html`<li class=${`row message waiting${startsRun ? ' starts' : ''}`} data-key=${upload.key} tabindex="-1">
    <div class="face">${startsRun ? face(me, nameOf(me)) : nothing}</div>
    <div class="what">
      <div class=${startsRun ? 'by' : 'by seen-by-readers-only'}><span class="name" dir="auto">${nameOf(me)}</span><time datetime=${iso(upload.sent?.at ?? 0)}>${clock(upload.sent?.at ?? 0)}</time></div>
      <upload-chip .upload=${upload}></upload-chip>
    </div>
    <span class="mark"></span>
  </li>`;

/** Who dropped a whole folder of photographs sees the first of them and how many follow. */
export const moreUploadsRow = (more: number): TemplateResult => html`<li class="row more-uploads" data-key="more-uploads">and ${more} more on the way</li>`;

import { css, html, type TemplateResult } from 'lit';
import { fileKindOf, type FileKind } from '#src/contract/files.ts';
import { icon, type IconName } from './icons.ts';

/** What people call the types that they meet every day. */
const labels: Readonly<Record<string, string>> = {
  'application/pdf': 'PDF', 'text/plain': 'TXT', 'application/rtf': 'RTF', 'text/csv': 'CSV', 'application/json': 'JSON', 'application/xml': 'XML', 'text/html': 'HTML', 'application/zip': 'ZIP', 'application/gzip': 'GZ', 'application/x-7z-compressed': '7Z',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'DOCX', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'XLSX', 'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'PPTX',
  'application/vnd.oasis.opendocument.text': 'ODT', 'application/vnd.oasis.opendocument.spreadsheet': 'ODS', 'application/vnd.oasis.opendocument.presentation': 'ODP',
};
const drawings: Readonly<Record<FileKind, IconName>> = { image: 'image', audio: 'music', video: 'video', document: 'file-text', other: 'file' };
export const kindNames: Readonly<Record<FileKind, string>> = { image: 'Pictures', audio: 'Sound', video: 'Video', document: 'Documents', other: 'Other' };
const kindWords: Readonly<Record<FileKind, string>> = { image: 'Picture', audio: 'Sound', video: 'Video', document: 'Document', other: 'File' };

/** "PDF", "Picture": what a media type is called. */
export const typeWords = (type: string): string => labels[type] ?? kindWords[fileKindOf(type)];

/** The square with the picture itself, small; with a drawing where there is none. `address`: of the small picture. */
export const pictureTile = (type: string, address: string): TemplateResult => html`<span class="tile pictured" aria-hidden="true">${icon(drawings[fileKindOf(type)], 18)}<img src=${address} alt="" loading="lazy" decoding="async" @error=${(event: Event) => (event.target as HTMLElement).remove()}></span>`;

/** The square beside a file's name: the letters of its type, else a drawing of its kind. From the type and never from the name, which may lie. */
export const fileTile = (type: string): TemplateResult => html`<span class="tile" aria-hidden="true">${labels[type] ?? icon(drawings[fileKindOf(type)], 18)}</span>`;

export const tileStyles = css`
  .tile { flex: none; display: grid; place-items: center; inline-size: 2.125rem; block-size: 2.375rem; border-radius: var(--round-s); background: var(--sunken); color: var(--ink-2); font: 700 0.625rem/1 var(--font-text); letter-spacing: 0.02em; user-select: none; }
  .tile.pictured > * { grid-area: 1 / 1; }
  .tile.pictured img { inline-size: 100%; block-size: 100%; object-fit: cover; border-radius: inherit; background: var(--sunken); }
  .tile.pictured { overflow: hidden; grid-template: minmax(0, 1fr) / minmax(0, 1fr); }
  @media (forced-colors: active) { .tile { border: 1px solid CanvasText; } }
`;

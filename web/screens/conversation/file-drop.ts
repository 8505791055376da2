import { css, html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { toast } from '../../elements/hansard-toasts.ts';
import { icon } from '../../elements/icons.ts';

const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
/** A file that misses must not take the page away. */
const stay = (event: DragEvent): void => {
  if (!holdsFiles(event) || event.defaultPrevented) return;
  event.preventDefault();
  if (event.dataTransfer) event.dataTransfer.dropEffect = 'none';
};

/** The files of a drop, without the folders among them: a browser gives no bytes of those. */
const taken = (data: DataTransfer): { readonly files: readonly File[]; readonly folders: boolean } => {
  const items = [...data.items].filter(({ kind }) => kind === 'file');
  const isFolder = (item: DataTransferItem): boolean => item.webkitGetAsEntry?.()?.isDirectory ?? false;
  return { files: items.filter((item) => !isFolder(item)).map((item) => item.getAsFile()).filter((file) => file !== null), folders: items.some(isFolder) };
};

/** Lets files be dropped anywhere on its host. The button of the composer does the same for who does not drag. */
export class FileDrop implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #takes: () => boolean;
  readonly #dropped: (files: readonly File[]) => void;
  /** Enters less leaves: a drag passes from child to child. */
  #inside = 0;

  constructor(host: ReactiveControllerHost & HTMLElement, takes: () => boolean, dropped: (files: readonly File[]) => void) {
    this.#host = host;
    this.#takes = takes;
    this.#dropped = dropped;
    host.addController(this);
  }

  hostConnected(): void {
    for (const [type, listener] of this.#own) this.#host.addEventListener(type, listener as EventListener);
    for (const type of ['dragover', 'drop'] as const) addEventListener(type, stay);
  }
  hostDisconnected(): void {
    this.#inside = 0;
    for (const [type, listener] of this.#own) this.#host.removeEventListener(type, listener as EventListener);
    for (const type of ['dragover', 'drop'] as const) removeEventListener(type, stay);
  }

  #set(inside: number): void {
    if ((inside > 0) !== (this.#inside > 0)) this.#host.requestUpdate();
    this.#inside = inside;
  }
  readonly #own: readonly (readonly [string, (event: DragEvent) => void])[] = [
    ['dragenter', (event) => holdsFiles(event) && this.#takes() && this.#set(this.#inside + 1)],
    ['dragleave', (event) => holdsFiles(event) && this.#set(Math.max(0, this.#inside - 1))],
    ['dragover', (event) => {
      if (!holdsFiles(event) || !this.#takes()) return;
      event.preventDefault();
      event.dataTransfer!.dropEffect = 'copy';
    }],
    ['drop', (event) => {
      this.#set(0);
      if (!holdsFiles(event) || !this.#takes()) return;
      event.preventDefault();
      const { files, folders } = taken(event.dataTransfer!);
      if (folders) toast('Folders are not taken. Put the folder into a zip, then add that.', { danger: true });
      this.#dropped(files);
    }],
  ];

  /** Lies over the host while something is dragged over it. */
  veil(title: string): TemplateResult | typeof nothing {
    return this.#inside > 0 ? html`<div class="drop-veil" aria-hidden="true"><p>${icon('upload', 22)}<span class="one-line">Drop to add to <bdi>${title}</bdi></span></p></div>` : nothing;
  }
}

export const dropStyles = css`
  .drop-veil { position: absolute; inset: 0; z-index: 4; display: grid; place-items: center; padding: var(--space-4); background: color-mix(in oklch, var(--page) 88%, transparent); pointer-events: none; }
  .drop-veil::after { content: ""; position: absolute; inset: var(--space-3); border: 2px dashed var(--accent); border-radius: var(--round-l); }
  .drop-veil p { display: flex; align-items: center; gap: var(--space-3); max-inline-size: 100%; font-weight: 600; font-size: var(--text-l); color: var(--accent); }
`;

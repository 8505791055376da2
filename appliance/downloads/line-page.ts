/** UTF-16 units after which a page ends, so that long texts do not make large pages. */
const pageUnitsMax = 512 * 1024;

/** Lines of both files as they gather. */
export class LinePage {
  #text = '';
  #json = '';
  lines = 0;
  /** Lines whose content was disposed of. */
  gone = 0;

  add(text: string, json: string): void {
    this.#text += `${text}\n`;
    this.#json += `${json}\n`;
    this.lines += 1;
  }

  get isFull(): boolean {
    return this.#text.length + this.#json.length >= pageUnitsMax;
  }

  /** UTF-8 in memory of their own, which can be handed to another thread. */
  bytes(): { readonly text: Uint8Array<ArrayBuffer>; readonly json: Uint8Array<ArrayBuffer> } {
    const encoder = new TextEncoder();
    return { text: encoder.encode(this.#text), json: encoder.encode(this.#json) };
  }
}

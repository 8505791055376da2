import { Parser } from 'htmlparser2';
import { limits } from '#src/contract/limits.ts';
import { plainLine } from './plain-line.ts';

/** What a page says of itself, as lines of text. `picture`: an address, as the page states it; undefined where it states none. */
export type PageSays = { readonly title: string; readonly description: string; readonly site: string; readonly picture: { readonly url: string; readonly alt: string } | undefined };

/** As far as a page is looked at for how its letters are coded (HTML, section 13.2.3.2). */
const codingBytes = 1_024;
const byteOrderMarks: readonly (readonly [mark: readonly number[], coding: string])[] = [[[0xef, 0xbb, 0xbf], 'utf-8'], [[0xfe, 0xff], 'utf-16be'], [[0xff, 0xfe], 'utf-16le']];

const decoderFor = (label: string): TextDecoder | undefined => {
  try {
    return new TextDecoder(label);
  } catch {
    return undefined;
  }
};

/** How the letters of a page are coded: its first bytes say so, then its content type, then itself; else UTF-8. */
const decoderOf = (begin: Buffer, type: string): TextDecoder => {
  const mark = byteOrderMarks.find(([bytes]) => bytes.every((byte, index) => begin[index] === byte));
  if (mark) return new TextDecoder(mark[1]);
  const stated = /charset\s*=\s*["']?([^\s;"']+)/i.exec(type)?.[1];
  const within = /<meta[^>]+charset\s*=\s*["']?([^\s;"'/>]+)/i.exec(begin.toString('latin1'))?.[1];
  // Who could read this line as ASCII was not reading UTF-16.
  return (stated && decoderFor(stated)) || (within && !/^utf-?16/i.test(within) && decoderFor(within)) || new TextDecoder();
};

/** Of each fact the first name that the page uses; Open Graph before Twitter before what HTML itself knows. */
const names = {
  title: ['og:title', 'twitter:title', '<title>'], description: ['og:description', 'twitter:description', 'description'], site: ['og:site_name', 'application-name'],
  picture: ['og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image', 'twitter:image:src'], alt: ['og:image:alt', 'twitter:image:alt'],
} as const;
const wanted: ReadonlySet<string> = new Set(Object.values(names).flat());

/** Elements in a head, at most: a page of nothing but elements in elements costs by the square of their number. */
const elementsMax = 2_000;

/** Takes a page as it comes and keeps what its head says. `take` says whether it wants more. */
export class PageReader {
  readonly #said = new Map<string, string>();
  readonly #parser: Parser;
  #begin: Buffer | undefined = Buffer.alloc(0);
  #decoder = new TextDecoder();
  #base: string | undefined;
  #depth = 0;
  #elements = 0;
  #isTitle = false;
  #done = false;

  constructor() {
    this.#parser = new Parser({ onopentag: (name, attributes) => this.#opened(name, attributes), ontext: (text) => this.#text(text), onclosetag: (name) => this.#closed(name) });
  }

  readonly take = (chunk: Buffer, type: string): boolean => {
    if (this.#begin) {
      this.#begin = Buffer.concat([this.#begin, chunk]);
      if (this.#begin.length < codingBytes) return true;
      this.#start(type);
    } else this.#parser.write(this.#decoder.decode(chunk, { stream: true }));
    return !this.#done;
  };

  #start(type: string): void {
    this.#decoder = decoderOf(this.#begin!.subarray(0, codingBytes), type);
    this.#parser.write(this.#decoder.decode(this.#begin, { stream: true }));
    this.#begin = undefined;
  }

  #opened(name: string, attributes: Readonly<Record<string, string>>): void {
    if (this.#done) return;
    this.#elements += 1;
    if (name === 'body' || this.#elements > elementsMax) this.#end();
    // A drawing in the page has titles of its own.
    else if (name === 'svg') this.#depth += 1;
    else if (name === 'title') this.#isTitle = this.#depth === 0 && !this.#said.has('<title>');
    else if (name === 'base') this.#base ??= attributes['href'];
    else if (name === 'meta') {
      const key = (attributes['property'] ?? attributes['name'] ?? '').toLowerCase().trim();
      const content = attributes['content'] ?? '';
      if (wanted.has(key) && key !== '<title>' && content.trim() !== '' && !this.#said.has(key)) this.#said.set(key, content);
    }
  }

  #text(text: string): void {
    if (!this.#isTitle || this.#done) return;
    const before = this.#said.get('<title>') ?? '';
    // A title without an end is read to where it says nothing new.
    if (before.length < limits.linkTitleMax * 8) this.#said.set('<title>', before + text);
  }

  #closed(name: string): void {
    if (name === 'svg') this.#depth -= 1;
    else if (name === 'title') this.#isTitle = false;
    else if (name === 'head') this.#end();
  }

  #end(): void {
    this.#done = true;
    this.#parser.pause();
  }

  #first(of: keyof typeof names): string {
    for (const name of names[of]) {
      const said = this.#said.get(name);
      if (said !== undefined && said.trim() !== '') return said;
    }
    return '';
  }

  /** What was said, once nothing more comes; undefined where it has no title. `type` and `url`: of the page that was taken. */
  says(type: string, url: string): PageSays | undefined {
    if (this.#begin) this.#start(type);
    if (!this.#done) this.#parser.end(this.#decoder.decode());
    const title = plainLine(this.#first('title'), limits.linkTitleMax);
    if (title === '') return undefined;
    const base = (this.#base !== undefined && URL.parse(this.#base, url)?.href) || url;
    const picture = this.#first('picture') === '' ? null : URL.parse(this.#first('picture').trim(), base);
    return {
      title, description: plainLine(this.#first('description'), limits.linkDescriptionMax), site: plainLine(this.#first('site'), limits.linkSiteMax),
      picture: picture ? { url: picture.href, alt: plainLine(this.#first('alt'), limits.linkDescriptionMax) } : undefined,
    };
  }
}

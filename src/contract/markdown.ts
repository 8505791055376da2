import MarkdownIt from 'markdown-it';
import { limits } from './limits.ts';
import type { MentionPlace } from './shapes.ts';

/**
 * What a message's text means, as data: screens make templates of it, never strings of HTML. The one thing here beside shapes, because
 * the appliance must find the same links in a text that people see there.
 */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'break' }
  | { readonly kind: 'mention'; readonly account: string; readonly text: string }
  | { readonly kind: 'strong' | 'em' | 's'; readonly inside: readonly Inline[] }
  | { readonly kind: 'link'; readonly href: string; readonly inside: readonly Inline[] };
export type Block =
  | { readonly kind: 'paragraph'; readonly inside: readonly Inline[] }
  | { readonly kind: 'fence'; readonly text: string; readonly language: string }
  | { readonly kind: 'quote'; readonly inside: readonly Block[] }
  | { readonly kind: 'list'; readonly start: number | null; readonly items: readonly (readonly Block[])[] };

type Token = ReturnType<InstanceType<typeof MarkdownIt>['parse']>[number];

const parser = new MarkdownIt({ html: false, linkify: true, breaks: true, typographer: false });
// Only what is written as an address is one: a name with a dot in it may be a file's.
parser.linkify.set({ fuzzyLink: false });
// What a chat message is not: a document. A line that begins with # or ends over --- is a line.
parser.disable(['table', 'reference', 'heading', 'lheading', 'hr', 'code', 'html_block', 'html_inline', 'image', 'entity']);
parser.validateLink = (url) => /^(https?|mailto):/i.test(url.trim());
parser.normalizeLinkText = (url) => url; // No decoding: a host in punycode is shown as it is.

const bidiControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const privateUse = { from: 0xe000, to: 0xf8ff };

/** Mentions as one private-use character each, none of which the text has itself: the parser takes them for letters. */
class Stand {
  readonly text: string;
  readonly #first: number;
  readonly #places: readonly MentionPlace[];
  readonly #source: string;

  constructor(source: string, mentions: readonly MentionPlace[]) {
    let end = 0;
    this.#source = source;
    this.#places = [...mentions].sort((a, b) => a.from - b.from).filter((m) => m.from >= end && m.to > m.from && m.to <= source.length && (end = m.to) > 0);
    let first = privateUse.from;
    for (const char of source) if (char.charCodeAt(0) >= first && char.charCodeAt(0) <= privateUse.to) first = char.charCodeAt(0) + 1;
    if (first + this.#places.length > privateUse.to) this.#places = []; // Somebody filled the private use area: shown without marks.
    this.#first = first;
    let text = '';
    let at = 0;
    for (const [index, { from, to }] of this.#places.entries()) {
      text += source.slice(at, from) + String.fromCharCode(first + index);
      at = to;
    }
    this.text = text + source.slice(at);
  }

  #placeOf(char: string): MentionPlace | undefined {
    return this.#places[char.charCodeAt(0) - this.#first];
  }

  /** The text as it was said, where a mention is only text: in code, in addresses. */
  plain(text: string): string {
    return Array.from(text, (char) => this.#said(char)).join('');
  }

  split(text: string): Inline[] {
    const parts: Inline[] = [];
    let run = '';
    for (const char of text) {
      const place = this.#placeOf(char);
      if (!place) run += char;
      else {
        if (run) parts.push({ kind: 'text', text: run });
        run = '';
        parts.push({ kind: 'mention', account: place.account, text: this.#said(char) });
      }
    }
    return run ? [...parts, { kind: 'text', text: run }] : parts;
  }

  #said(char: string): string {
    const place = this.#placeOf(char);
    return place ? this.#source.slice(place.from, place.to) : char;
  }
}

const closeOf = (tokens: readonly Token[], open: number): number => {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    depth += tokens[i]!.nesting;
    if (depth === 0) return i;
  }
  return tokens.length;
};

const inlineOf = (tokens: readonly Token[], stand: Stand): Inline[] => {
  const parts: Inline[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.type === 'text') parts.push(...stand.split(token.content));
    else if (token.type === 'code_inline') parts.push({ kind: 'code', text: stand.plain(token.content) });
    else if (token.type === 'softbreak' || token.type === 'hardbreak') parts.push({ kind: 'break' });
    else if (token.nesting === 1) {
      const end = closeOf(tokens, i);
      const inside = inlineOf(tokens.slice(i + 1, end), stand);
      i = end;
      if (token.type === 'link_open') parts.push(linkOf(token, inside, stand));
      else parts.push({ kind: token.tag === 'strong' ? 'strong' : token.tag === 's' ? 's' : 'em', inside });
    } else parts.push(...stand.split(token.content));
  }
  return parts;
};

/** Direction marks inside a link could make one address look like another. */
const linkOf = (token: Token, inside: readonly Inline[], stand: Stand): Inline => ({
  kind: 'link',
  href: stand.plain(decodeStand(String(token.attrGet('href') ?? ''))),
  inside: inside.map((part) => (part.kind === 'text' ? { ...part, text: part.text.replace(bidiControls, '') } : part)),
});
const decodeStand = (href: string): string => href.replace(/%EE%(8[0-9A-F]|9[0-9A-F]|A[0-9A-F]|B[0-9A-F])%[89AB][0-9A-F]/g, (coded) => decodeURIComponent(coded));

const blocksOf = (tokens: readonly Token[], stand: Stand): Block[] => {
  const blocks: Block[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.type === 'fence') blocks.push({ kind: 'fence', text: stand.plain(token.content.replace(/\n$/, '')), language: stand.plain(token.info.trim()).split(/\s/)[0] ?? '' });
    if (token.nesting !== 1) continue;
    const end = closeOf(tokens, i);
    const inside = tokens.slice(i + 1, end);
    i = end;
    if (token.type === 'paragraph_open') blocks.push({ kind: 'paragraph', inside: inlineOf(inside[0]?.children ?? [], stand) });
    else if (token.type === 'blockquote_open') blocks.push({ kind: 'quote', inside: blocksOf(inside, stand) });
    else blocks.push({ kind: 'list', start: token.type === 'ordered_list_open' ? Number(String(token.attrGet('start') ?? 1)) : null, items: itemsOf(inside, stand) });
  }
  return blocks;
};

const itemsOf = (tokens: readonly Token[], stand: Stand): Block[][] => {
  const items: Block[][] = [];
  for (let i = 0; i < tokens.length; i++) {
    const end = closeOf(tokens, i);
    items.push(blocksOf(tokens.slice(i + 1, end), stand));
    i = end;
  }
  return items;
};

/** Reads a message. `mentions` are places in UTF-16 units of `text`; those that overlap or lie outside are shown as text. Lines break as typed. */
export const readMarkdown = (text: string, mentions: readonly MentionPlace[]): Block[] => {
  const stand = new Stand(text, mentions);
  return blocksOf(parser.parse(stand.text, {}), stand);
};

function* linksOf(parts: readonly Inline[]): Generator<string> {
  for (const part of parts) {
    if (part.kind === 'link') yield part.href;
    if ('inside' in part) yield* linksOf(part.inside);
  }
}
function* linksOfBlocks(blocks: readonly Block[]): Generator<string> {
  for (const block of blocks) {
    if (block.kind === 'paragraph') yield* linksOf(block.inside);
    else if (block.kind === 'quote') yield* linksOfBlocks(block.inside);
    else if (block.kind === 'list') for (const item of block.items) yield* linksOfBlocks(item);
  }
}

/** In an address the parser knows every character by its name on the appliance, and these five in the browser's bundle: a text with another would not be read alike. */
const otherNames = /&(?!(?:amp|apos|gt|lt|quot);)[A-Za-z][A-Za-z0-9]*;/;
/** No text without one of these links to the web: the scheme, or a number that stands for a letter of it. */
const linkLike = /http|&#/i;

/** False for nearly every text without a link. Reading each to its end would cost a tenth of all else. */
export const mayHoldLinks = (text: string): boolean => linkLike.test(text) && !otherNames.test(text);

/** The web addresses that a message links to as people see it, each once, in their order; of many the first `limits.linksPerMessageMax`. */
export const linksIn = (text: string, mentions: readonly MentionPlace[]): readonly string[] => {
  if (!mayHoldLinks(text)) return [];
  const found = new Set<string>();
  for (const href of linksOfBlocks(readMarkdown(text, mentions))) {
    if (/^https?:/i.test(href) && href.length <= limits.linkUrlMax) found.add(href);
    if (found.size === limits.linksPerMessageMax) break;
  }
  return [...found];
};

import type { KeyObject } from 'node:crypto';
import type { SealingClass } from '#src/sealing/scopes.ts';
import { hmacKey, hmacOfBytes, type HmacKey } from '#src/sealing/hmac.ts';

/** The scope of a key as it stands in a file; a month that does not apply is the empty text. */
type OfScope = { readonly id: string; readonly stream: string; readonly subject: string; readonly class: SealingClass; readonly month: string };

/**
 * The lines of `<node>.keys`, what one node tells the others of its keys:
 * - `file`: the first. An edition is only ever appended to; destroying keys begins a new one, wrapped by a new key.
 * - `start`: the node has started for the nth time since it has its id. Whoever finds one that it did not write shares its id with a copy.
 * - `key`: a new key, open. `closed`: it seals no more. `gone`: it was destroyed, for good.
 */
export type KeyLine =
  | { readonly is: 'file'; readonly node: string; readonly edition: string }
  | { readonly is: 'start'; readonly count: number; readonly nonce: string }
  | ({ readonly is: 'key'; readonly wrapped: string } & OfScope)
  | { readonly is: 'closed'; readonly id: string }
  | ({ readonly is: 'gone' } & OfScope);

/** What one edition is wrapped and authenticated by. */
export type EditionKey = { readonly wrapping: KeyObject; readonly mac: HmacKey };

/** How far an edition was read or written: bytes, and the mac of the last line, in which all before it are. */
export type Mark = { readonly edition: string; readonly bytes: number; readonly mac: string };

export const beginningOf = (edition: string): Mark => ({ edition, bytes: 0, mac: '' });

export const editionMacKey = (key: Uint8Array): HmacKey => hmacKey(Buffer.from(hmacOfBytes(hmacKey(key), 'hansard/key-file/1/mac', 'binary'), 'latin1'));

const macLength = 43;
const lineEnd = 0x0a;
const space = 0x20;

/** A mac covers the one before it: a line that was cut off, replaced, moved or made by somebody else ends the file where it stands. */
const macOf = (key: EditionKey, before: string, json: Buffer): string => hmacOfBytes(key.mac, before + json.toString('latin1'), 'base64url');

export const encodeLines = (key: EditionKey, after: Mark, lines: readonly KeyLine[]): { readonly bytes: Buffer; readonly mark: Mark } => {
  let { mac } = after;
  const encoded = lines.map((line) => {
    const json = Buffer.from(JSON.stringify(line));
    mac = macOf(key, mac, json);
    return Buffer.concat([Buffer.from(`${mac} `), json, Buffer.from('\n')]);
  });
  const bytes = Buffer.concat(encoded);
  return { bytes, mark: { edition: after.edition, bytes: after.bytes + bytes.length, mac } };
};

/**
 * The whole lines that go on from `after`, and where they end. `broken`: a whole line stands there that does not belong; a last line
 * that was not finished is no such thing, it may still be on its way.
 */
export const decodeLines = (key: EditionKey, after: Mark, bytes: Buffer): { readonly lines: readonly KeyLine[]; readonly mark: Mark; readonly broken: boolean } => {
  const lines: KeyLine[] = [];
  let { mac } = after;
  let from = 0;
  let broken = false;
  for (let end = bytes.indexOf(lineEnd); end !== -1; end = bytes.indexOf(lineEnd, from)) {
    const told = bytes.toString('latin1', from, from + macLength);
    const json = bytes.subarray(from + macLength + 1, Math.max(end, from + macLength + 1));
    broken = bytes[from + macLength] !== space || macOf(key, mac, json) !== told;
    if (broken) break;
    lines.push(JSON.parse(json.toString()) as KeyLine);
    mac = told;
    from = end + 1;
  }
  return { lines, mark: { edition: after.edition, bytes: after.bytes + from, mac }, broken };
};

/** The first line, before its key is known; undefined where there is none (yet). */
export const headerOf = (bytes: Buffer): { readonly node: string; readonly edition: string } | undefined => {
  const end = bytes.indexOf(lineEnd);
  if (end < macLength) return undefined;
  try {
    const line = JSON.parse(bytes.toString('utf8', macLength + 1, end)) as KeyLine;
    return line.is === 'file' ? line : undefined;
  } catch {
    return undefined;
  }
};

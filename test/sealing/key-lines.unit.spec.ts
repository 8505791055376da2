import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginningOf, decodeLines, encodeLines, headerOf, type KeyLine, type Mark } from '#appliance/keys/key-lines.ts';
import { editionKeyOf } from '#appliance/keys/shared-files.ts';
import { uuidv4 } from '#src/kernel/ids.ts';

const key = editionKeyOf(randomBytes(32));
const edition = uuidv4();
const aKeyLine = (): KeyLine => ({ is: 'key', id: uuidv4(), stream: `conversation-${uuidv4()}`, subject: 'Åsa', class: 'text', month: '2026-05', wrapped: randomBytes(60).toString('base64url') });
const header: KeyLine = { is: 'file', node: uuidv4(), edition };
const lines: readonly KeyLine[] = [header, { is: 'start', count: 1, nonce: uuidv4() }, aKeyLine(), aKeyLine(), { is: 'closed', id: uuidv4() }, aKeyLine()];
const file = encodeLines(key, beginningOf(edition), lines);
const endsOf = (): readonly number[] => [...file.bytes.keys()].filter((at) => file.bytes[at] === 0x0a).map((at) => at + 1);
const read = (bytes: Buffer, after: Mark = beginningOf(edition)) => decodeLines(key, after, bytes);

describe('the lines that nodes tell each other keys by', () => {
  it('are read as they were written, at once or in pieces', () => {
    expect(read(file.bytes)).toEqual({ lines, mark: file.mark, broken: false });
    expect(headerOf(file.bytes)).toEqual(header);
    fc.assert(fc.property(fc.nat(file.bytes.length), (cut) => {
      const first = read(file.bytes.subarray(0, cut));
      const second = read(file.bytes.subarray(first.mark.bytes), first.mark);
      expect([...first.lines, ...second.lines]).toEqual(lines);
    }));
  });

  it('end before a tail that was torn', () => {
    fc.assert(fc.property(fc.nat(file.bytes.length - 1), (cut) => {
      const { lines: found, mark, broken } = read(file.bytes.subarray(0, cut));
      expect(broken).toBe(false);
      expect(found).toEqual(lines.slice(0, endsOf().filter((end) => end <= cut).length));
      expect(mark.bytes).toBe([0, ...endsOf()].filter((end) => end <= cut).at(-1));
    }));
  });

  it('end where a byte is not as it was, zeros of a block that never reached the disk included', () => {
    fc.assert(fc.property(fc.nat(file.bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const bytes = Buffer.from(file.bytes);
      bytes[at]! ^= change;
      expect(read(bytes).lines).toEqual(lines.slice(0, endsOf().filter((end) => end <= at).length));
    }));
    const zeros = Buffer.concat([file.bytes, Buffer.alloc(4_096), Buffer.from('\n')]);
    expect(read(zeros)).toEqual({ lines, mark: file.mark, broken: true });
  });

  it('end where lines were moved, left out, or written by somebody without the key', () => {
    const [first = 0, second = 0, third = 0] = endsOf();
    const leftOut = Buffer.concat([file.bytes.subarray(0, first), file.bytes.subarray(second)]);
    expect(read(leftOut)).toMatchObject({ lines: lines.slice(0, 1), broken: true });
    const twice = Buffer.concat([file.bytes.subarray(0, third), file.bytes.subarray(second, third)]);
    expect(read(twice)).toMatchObject({ lines: lines.slice(0, 3), broken: true });
    const strange = encodeLines(editionKeyOf(randomBytes(32)), file.mark, [{ is: 'closed', id: uuidv4() }]);
    expect(read(Buffer.concat([file.bytes, strange.bytes]))).toMatchObject({ lines, broken: true });
  });

  it('of equal length that replaced others after the same beginning are told apart', () => {
    const after = encodeLines(key, file.mark, [aKeyLine()]);
    const instead = encodeLines(key, file.mark, [aKeyLine()]);
    const next = encodeLines(key, instead.mark, [aKeyLine()]);
    expect(after.mark.bytes).toBe(instead.mark.bytes);
    expect(read(next.bytes, after.mark)).toMatchObject({ lines: [], broken: true });
    expect(read(next.bytes, instead.mark).lines).toHaveLength(1);
  });
});

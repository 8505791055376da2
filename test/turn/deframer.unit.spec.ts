import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Deframer, frameBytesMax } from '#appliance/turn/deframer.ts';
import { readStun, writeStun } from '#appliance/turn/stun.ts';

const transaction = Buffer.alloc(12, 7);
const stun = (bytes: number): Buffer => writeStun({ method: 3, class: 0, transaction, attributes: [{ type: 0x13, value: Buffer.alloc(bytes, 1) }] });
/** With its padding. */
const channelData = (bytes: number): Buffer => {
  const frame = Buffer.alloc(4 + Math.ceil(bytes / 4) * 4);
  frame.writeUInt16BE(0x4001, 0);
  frame.writeUInt16BE(bytes, 2);
  return frame;
};
/** What comes out of a stream that comes in these pieces, and whether all of it could be read. */
const taken = (pieces: readonly Buffer[], bytesMax = frameBytesMax) => {
  const [deframer, frames] = [new Deframer(), [] as Buffer[]];
  const sound = pieces.every((piece) => deframer.take(piece, bytesMax, (frame) => void frames.push(Buffer.from(frame))));
  return { frames, sound, isMidway: deframer.isMidway };
};
const oneByOne = (bytes: Buffer): Buffer[] => [...bytes].map((byte) => Buffer.from([byte]));

describe('a stream', () => {
  it('gives the frames that were put into it, however it was cut', () =>
    fc.assert(fc.property(fc.array(fc.oneof(fc.nat(2_000).map(stun), fc.nat(2_000).map(channelData), fc.constant(channelData(0)))), fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 60 }), (frames, cuts) => {
      const whole = Buffer.concat(frames);
      let at = 0;
      const pieces = cuts.map((bytes) => whole.subarray(at, (at += bytes)));
      expect(taken([...pieces, whole.subarray(at)])).toEqual({ frames, sound: true, isMidway: false });
    })));
  it('gives them byte by byte too, padding and the longest ones included', () => {
    const frames = [channelData(1), stun(5), channelData(0), channelData(3), stun(0)];
    expect(taken(oneByOne(Buffer.concat(frames)))).toEqual({ frames, sound: true, isMidway: false });
    const longest = [channelData(0xffff), stun(0xffff - 7)];
    expect(taken([...oneByOne(longest[0]!.subarray(0, 300)), longest[0]!.subarray(300), longest[1]!]).frames.map((frame) => frame.length)).toEqual([65_540, 65_552]);
    expect(readStun(longest[1]!)).toBeDefined();
  });
  it('says that a frame is under way', () => {
    expect(taken([stun(0).subarray(0, 1)]).isMidway).toBe(true);
    expect(taken([stun(0), stun(8).subarray(0, 31)])).toMatchObject({ sound: true, isMidway: true });
  });
  it.each([
    ['RTSP', 'DESCRIBE rtsp://', Buffer.alloc(0)], ['RTP', '', Buffer.from([0x80, 0x60, 1, 2])], ['a length that is no multiple of four', '', Buffer.from([0, 3, 0, 3])],
    ['a TLS hello', '', Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc])], ['a TLS hello that could be a length', '', Buffer.from([0x16, 3, 1, 0, 0xfc, 1, 0, 0])], ['SSH', 'SSH-2.0-OpenSSH_9.2', Buffer.alloc(0)],
    ['HTTP/2', 'PRI * HTTP/2.0', Buffer.alloc(0)], ['HTTP', 'GET / HTTP/1.1\r\n', Buffer.alloc(0)],
  ])('of %s is none, as soon as that can be seen', (_what, text, bytes) => {
    const garbage = Buffer.concat([Buffer.from(text), bytes]);
    expect(taken([stun(0), garbage], 2_048)).toMatchObject({ frames: [stun(0)], sound: false });
    expect(taken([...oneByOne(garbage), Buffer.alloc(1)], 2_048)).toMatchObject({ frames: [], sound: false });
  });
  it('is refused at the head of a frame that is too long, before there is memory for it', () => {
    expect(taken([channelData(2_000)], 2_004).sound).toBe(true);
    expect(taken([channelData(2_001).subarray(0, 4)], 2_004).sound).toBe(false);
    expect(taken([stun(2_000).subarray(0, 8)], 2_004).sound).toBe(false);
  });
  it('never throws, and never gives more than came', () =>
    fc.assert(fc.property(fc.array(fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.nat(60).map(stun), fc.nat(60).map(channelData))), (pieces) => {
      const [deframer, came] = [new Deframer(), pieces.reduce((sum, piece) => sum + piece.length, 0)];
      let given = 0;
      pieces.every((piece) => deframer.take(Buffer.from(piece), 2_048, (frame) => void (given += frame.length)));
      expect(given).toBeLessThanOrEqual(came);
    }), { numRuns: 500 }));
});

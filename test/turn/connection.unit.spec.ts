import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Connection } from '#appliance/turn/connection.ts';
import { relayLimits } from '#appliance/turn/relay-settings.ts';

/** A stand-in for a socket of the system, which takes as much as its client reads and calls a write done when all of it is taken. It does not prove how much a real system takes beforehand, nor how soon it says so. */
class SocketOfReader extends Duplex {
  readonly taken: Buffer[] = [];
  #room = 0;
  #rest: Buffer = Buffer.alloc(0);
  #done: (() => void) | undefined;

  /** Resolves when the connection has heard of it. */
  async reads(bytes: number): Promise<void> {
    this.#room += bytes;
    this.#take();
    await setImmediate();
  }

  /** All of it has been read, whatever comes. */
  async readsAll(): Promise<void> {
    while (this.writableLength > 0) await this.reads(1e6);
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    [this.#rest, this.#done] = [chunk, done];
    this.#take();
  }

  override _read(): void {}

  resetAndDestroy(): this {
    return this.destroy();
  }

  #take(): void {
    const done = this.#done;
    if (!done) return;
    const piece = this.#rest.subarray(0, this.#room);
    this.#room -= piece.length;
    this.#rest = this.#rest.subarray(piece.length);
    this.taken.push(Buffer.from(piece));
    if (this.#rest.length > 0) return;
    this.#done = undefined;
    done();
  }
}

const frameOf = (bytes: number): Buffer => randomBytes(bytes);
/** With an allocation. `passes`: seconds. */
const aConnection = () => {
  let now = 1_000_000;
  const socket = new SocketOfReader();
  const connection = new Connection(socket as unknown as Socket, { bind: '127.0.0.1', port: 1 }, { address: '127.0.0.1', port: 2 }, 1, { clock: () => now, limits: relayLimits, onFrame: () => undefined, onStanding: () => undefined, onEnd: () => undefined });
  connection.standing(true);
  return { socket, connection, passes: (seconds: number): boolean => connection.isOverdue((now += seconds * 1_000)) };
};
const isGivenAllItMay = ({ connection }: ReturnType<typeof aConnection>): number => {
  let packets = 0;
  while (connection.carry(frameOf(1_200))) packets += 1;
  return packets;
};

describe('who reads slowly', () => {
  it('stays for as long as they read, and who reads nothing does not', async () => {
    const [slow, deaf] = [aConnection(), aConnection()];
    for (const one of [slow, deaf]) expect(isGivenAllItMay(one)).toBeGreaterThan(100);
    for (let n = 0; n < 6; n += 1) {
      await slow.socket.reads(17_000);
      expect(slow.passes(29)).toBe(false);
    }
    expect([deaf.passes(29), deaf.passes(2)]).toEqual([false, true]);
    expect(slow.passes(2)).toBe(true);
    await slow.socket.readsAll();
    expect(slow.passes(1_000)).toBe(false);
  });
  it('gets everything that was not dropped, as it was and in its order', async () => {
    const step = fc.oneof(fc.record({ frames: fc.array(fc.nat(2_000).map((words) => words * 4), { maxLength: 40 }) }), fc.record({ reads: fc.nat(60_000) }));
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { socket, connection } = aConnection();
      const kept: Buffer[] = [];
      for (const one of steps) {
        if ('reads' in one) await socket.reads(one.reads);
        else for (const frame of one.frames.map(frameOf)) if (connection.carry(frame)) kept.push(frame);
      }
      await socket.readsAll();
      expect(Buffer.concat(socket.taken).equals(Buffer.concat(kept))).toBe(true);
    }), { numRuns: 100 });
  });
});

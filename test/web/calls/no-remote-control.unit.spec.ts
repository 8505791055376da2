import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { signal } from '#src/contract/calls.ts';

const root = new URL('../../../web/', import.meta.url);
const files = ['calls/', 'screens/call/'].flatMap((folder) => readdirSync(new URL(folder, root)).map((file) => folder + file));
/** Tries the relay between two ends in one page. */
const withItself = 'calls/relay-test.ts';

describe('a call', () => {
  it('tells the other side how to connect and what is on, and nothing that acts on its machine', () => {
    expect(signal.options.map(({ shape }) => shape.is.value)).toEqual(['description', 'candidate', 'state', 'bye']);
    expect(signal.safeParse({ is: 'input', key: 'Enter' }).success).toBe(false);
    expect(signal.safeParse({ is: 'state', audio: true, video: true, screen: true, screenStream: null, pointer: [1, 2] }).success).toBe(false);
  });

  it('opens no way from browser to browser but for sound and pictures', () => {
    expect(files.filter((file) => /createDataChannel|datachannel/.test(readFileSync(new URL(file, root), 'utf8')))).toEqual([withItself]);
  });
});

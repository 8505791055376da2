import { readFileSync } from 'node:fs';

const lines = readFileSync(new URL('../../fixtures/ubuntu-irc-3000.jsonl', import.meta.url), 'utf8').split('\n').filter(Boolean).map((line) => (JSON.parse(line) as { readonly text: string }).text).filter((text) => text.length > 0);

/** A small deterministic generator (mulberry32), so that every run measures the same texts. */
export const seeded = (seed: number): (() => number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};

/** `count` texts of real chat: lines of the corpus, cut and joined so that no two need be equal while words keep their real frequencies. */
export const chatTexts = (count: number, seed = 1): readonly string[] => {
  const random = seeded(seed);
  const any = (): string => lines[Math.floor(random() * lines.length)]!;
  return Array.from({ length: count }, () => (random() < 0.5 ? any() : `${any()} ${any().split(' ').slice(0, 6).join(' ')}`));
};

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { apiPage } from '#appliance/reference/api-page.ts';
import { configurationPage } from '#appliance/reference/configuration-page.ts';
import { everyEndpoint } from '#src/contract/every-endpoint.ts';

const page = (name: string): string => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
// Not compared as one value: two long pages that differ are no help to anybody.
const firstDifference = (one: string, other: string): string | undefined => {
  const [left, right] = [one.split('\n'), other.split('\n')];
  const at = left.findIndex((line, index) => line !== right[index]);
  if (at < 0) return left.length === right.length ? undefined : 'one is longer';
  return `line ${at + 1}: "${left[at]!.slice(0, 120)}"`;
};

describe('the pages that are made from the code', () => {
  it('say what the contract says ("npm run docs" makes them)', () => {
    expect(firstDifference(page('api.md'), apiPage())).toBeUndefined();
  });
  it('say every variable and setting ("npm run docs" makes them)', () => {
    expect(firstDifference(page('configuration.md'), configurationPage())).toBeUndefined();
  });
  it('have a section for every endpoint', () => {
    const sections = new Set([...page('api.md').matchAll(/^### (\w+)$/gm)].map(([, name]) => name));
    expect(everyEndpoint.filter(({ name }) => !sections.has(name))).toEqual([]);
  });
});

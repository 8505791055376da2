import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vite';
import { describe, expect, it } from 'vitest';

/** The house rules that a machine can check (docs and STYLE of the project). Every rule names what breaks it. */

const root = fileURLToPath(new URL('..', import.meta.url));
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const sources = tracked.filter((file) => /\.(ts|js|mjs)$/.test(file));
const tests = sources.filter((file) => file.startsWith('test/'));
const isSpec = (file: string): boolean => file.endsWith('.spec.ts');

type Node = { readonly type: string; readonly start: number; readonly end: number; readonly [key: string]: unknown };
const trees = new Map(sources.map((file) => [file, parseAst(textOf(file), { lang: file.endsWith('.ts') ? 'ts' : 'js' }) as unknown as Node]));

const walk = (node: unknown, visit: (node: Node) => void): void => {
  if (Array.isArray(node)) for (const one of node) walk(one, visit);
  else if (typeof node === 'object' && node !== null) {
    if (typeof (node as Node).type === 'string') visit(node as Node);
    for (const value of Object.values(node)) if (typeof value === 'object') walk(value, visit);
  }
};

/** Where an import leads, as a path from the root; undefined for packages. */
const targetOf = (file: string, specifier: string): string | undefined => {
  if (specifier.startsWith('#')) return specifier.slice(1);
  return specifier.startsWith('.') ? join(dirname(file), specifier) : undefined;
};

const importsOf = (file: string): readonly string[] => {
  const found: string[] = [];
  walk(trees.get(file), (node) => {
    const source = node['source'] as { readonly value?: unknown } | null | undefined;
    if (/^(Import|Export)/.test(node.type) && typeof source?.value === 'string') found.push(source.value);
  });
  return found.map((specifier) => targetOf(file, specifier)).filter((target) => target !== undefined);
};

const breaches = (from: string, mayImport: (target: string) => boolean): readonly string[] =>
  sources.filter((file) => file.startsWith(from)).flatMap((file) => importsOf(file).filter((target) => !mayImport(target)).map((target) => `${file} imports ${target}`));
const below = (...folders: readonly string[]) => (target: string): boolean => folders.some((folder) => target.startsWith(`${folder}/`));

describe('the arrows', () => {
  it('lets src import nothing above itself', () => expect(breaches('src/', below('src'))).toEqual([]));
  it('lets projections see src alone', () => expect(breaches('projections/', below('projections', 'src'))).toEqual([]));
  it('lets the browser see nothing of the server but the contract', () => expect(breaches('web/', below('web', 'src/contract'))).toEqual([]));
  it('lets the contract know nothing but zod and itself', () => expect(breaches('src/contract/', below('src/contract'))).toEqual([]));
  it('lets the kernel stand alone', () => expect(breaches('src/kernel/', below('src/kernel'))).toEqual([]));
  it('lets nothing import a test', () => {
    const outside = (target: string): boolean => !target.startsWith('test/');
    expect([...breaches('src/', outside), ...breaches('projections/', outside), ...breaches('appliance/', outside), ...breaches('web/', outside)]).toEqual([]);
  });
  it('leaves the wiring to the appliance', () => expect(breaches('appliance/', below('appliance', 'projections', 'src') /* and package.json, for the version */).filter((one) => !one.endsWith(' package.json'))).toEqual([]));
});

describe('names', () => {
  const vague = /(^|[-.])(utils?|helpers?|common|manager|service|misc)([-.]|$)/;
  // Process managers are a term of the field (ARCHITECTURE section 4), not a vague name.
  const terms = /(^|-)process-managers?([-.]|$)/;

  it('are nouns that say what is inside, never utils or helpers', () => {
    const named = sources.filter((file) => file.split('/').some((part) => vague.test(part) && !terms.test(part)));
    expect(named).toEqual([]);
  });
  it('are in kebab-case', () => {
    expect(sources.filter((file) => !/^\.?[a-z0-9]+([-.][a-z0-9]+)*\.(ts|js|mjs)$/.test(basename(file)))).toEqual([]);
  });
  it('know no barrels', () => {
    const reExportsOnly = sources.filter((file) => {
      const body = (trees.get(file)?.['body'] ?? []) as readonly Node[];
      return body.length > 0 && body.every((node) => node.type === 'ExportAllDeclaration' || (node.type === 'ExportNamedDeclaration' && typeof node['source'] === 'object' && node['source'] !== null));
    });
    expect([...sources.filter((file) => /^index\.(ts|js)$/.test(basename(file))), ...reExportsOnly]).toEqual([]);
  });
  it('are given to every export: there are no default exports but where a tool demands one', () => {
    const demanded = ['vite.config.ts', 'vitest.config.ts'];
    const found = sources.filter((file) => ((trees.get(file)?.['body'] ?? []) as readonly Node[]).some((node) => node.type === 'ExportDefaultDeclaration'));
    expect(found.filter((file) => !demanded.includes(file))).toEqual([]);
  });
  it('of specs tell their tier', () => {
    const tiers = /\.(unit|contract|api|journey|fault)\.spec\.ts$/;
    expect(tests.filter((file) => isSpec(file) && !tiers.test(file) && file !== 'test/tidy.spec.ts' && !file.startsWith('test/docs/'))).toEqual([]);
  });
});

describe('sizes', () => {
  const fileLinesMax = 300;
  const specLinesMax = 500;
  const functionLinesMax = 70;
  /** Longer than they should be. This list may only shrink: what is here may not grow, and what became short leaves it. */
  const longFiles: Readonly<Record<string, number>> = {};
  /** File to the lines of its longest function. */
  const longFunctions: Readonly<Record<string, number>> = {};

  const linesIn = (text: string): number => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  const complaints = (measured: ReadonlyMap<string, number>, max: (name: string) => number, excepted: Readonly<Record<string, number>>): readonly string[] => [
    ...[...measured].filter(([name, lines]) => lines > Math.max(max(name), excepted[name] ?? 0)).map(([name, lines]) => `${name} has ${lines} lines`),
    ...Object.keys(excepted).filter((name) => (measured.get(name) ?? 0) <= max(name)).map((name) => `${name} needs no exception any more`),
  ];

  it(`keep a file under ${fileLinesMax} lines, a spec under ${specLinesMax}`, () => {
    const measured = new Map(sources.map((file) => [file, linesIn(textOf(file))]));
    expect(complaints(measured, (name) => (isSpec(name) ? specLinesMax : fileLinesMax), longFiles)).toEqual([]);
  });

  it(`keep a function under ${functionLinesMax} lines`, () => {
    const measured = new Map<string, number>();
    for (const file of sources.filter((name) => !isSpec(name))) {
      const text = textOf(file);
      walk(trees.get(file), (node) => {
        if (!/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) return;
        const lines = linesIn(text.slice(node.start, node.end));
        if (lines > (measured.get(file) ?? functionLinesMax)) measured.set(file, lines);
      });
    }
    expect(complaints(measured, () => functionLinesMax, longFunctions)).toEqual([]);
  });

  it('keep the README of a top folder to one screen', () => {
    const folders = ['src', 'projections', 'appliance', 'web', 'test'];
    const readmes = folders.map((folder) => `${folder}/README.md`);
    expect(readmes.filter((file) => !tracked.includes(file))).toEqual([]);
    expect(readmes.filter((file) => linesIn(textOf(file)) > 40)).toEqual([]);
  });
});

describe('honesty', () => {
  it('runs every test: none is focused, skipped or still to do', () => {
    // An engine may skip a case of the log's contract by naming it with a reason, and in no other way.
    const contract = 'test/suites/log-contract.ts';
    const found = tests.filter((file) => file !== contract).flatMap((file) => {
      const calls: string[] = [];
      walk(trees.get(file), (node) => {
        if (node.type !== 'MemberExpression') return;
        const object = (node['object'] as Node)['name'];
        const property = (node['property'] as Node)['name'];
        if (['it', 'test', 'describe'].includes(String(object)) && ['only', 'skip', 'todo', 'fails'].includes(String(property))) calls.push(`${file}: ${String(object)}.${String(property)}`);
      });
      return calls;
    });
    expect(found).toEqual([]);
  });
  it('tries every test once: a flaky test is a fault of the product', () => {
    expect(tests.filter((file) => /\bretry:\s*[1-9]/.test(textOf(file)))).toEqual([]);
  });
  it('names no home folder, working folder or package registry of one machine', () => {
    const texts = tracked.filter((file) => /\.(ts|js|mjs|json|md|yaml|yml|html|css|sh)$|(^|\/)(Dockerfile|run|\.[a-z]+ignore|\.npmrc)$/.test(file));
    // Written in two halves, so that this file does not find itself.
    const telling = [['/home', '/'], ['/Us', 'ers/'], ['/wo', 'rk/'], ['registry', '.npmjs'], ['"reso', 'lved": "http']].map((halves) => halves.join(''));
    expect(texts.filter((file) => telling.some((words) => textOf(file).includes(words)))).toEqual([]);
  });
});

import type { Acting } from '#src/kernel/use-case.ts';

/** Fixed ids, so that a failing spec can be read. */
export const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

export const alice = idOf(1);
export const bob = idOf(2);
export const carla = idOf(3);
export const olive = idOf(4);
export const oscar = idOf(5);
export const adam = idOf(6);
export const mallory = idOf(7);
/** A nickname of an import: has said something, and can never sign in. */
export const nick = idOf(8);
export const nobody = idOf(9);

export const noon = 1_764_000_000_000;

export const by = (account: string, at: number = noon): Acting => ({ actor: { id: account, kind: 'account' }, at, door: 'web', session: 'session' });
export const bySystem: Acting = { actor: { id: 'appliance', kind: 'system' }, at: noon, door: 'system' };
export const byOperator: Acting = { actor: { id: 'operator', kind: 'operator' }, at: noon, door: 'cli' };

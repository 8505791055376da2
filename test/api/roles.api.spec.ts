import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { everyServed } from '#appliance/endpoints/every-served.ts';
import { noFiles } from '#appliance/files/shared-files.ts';
import { suspendAccount, withdrawRole } from '#src/contract/accounts.ts';
import type { Endpoint, Role } from '#src/contract/endpoint.ts';
import { everyEndpoint } from '#src/contract/every-endpoint.ts';
import { openDoor, type Door } from '#src/doors/door.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { anEmployee, nobody, people, type Person } from '#test/support/people.ts';
import { aGuest, aMeeting } from '#test/support/guests.ts';
import { isRefused, type PersonSocket, type Refused } from '#test/support/person-socket.ts';

type Who = { readonly person: () => Person; readonly roles: readonly Role[]; readonly outside?: true; readonly guest?: true };

let appliance: Appliance;
let adam: Person;
const here = new Map<string, Person>();
const who: { readonly [name: string]: Who } = {
  nobody: { person: () => nobody(appliance), roles: [], outside: true },
  'an employee': { person: () => here.get('alice')!, roles: ['employee'] },
  'an officer': { person: () => here.get('olive')!, roles: ['employee', 'officer'] },
  'an administrator': { person: () => here.get('chief')!, roles: ['employee', 'administrator'] },
  'an administrator who is nothing else': { person: () => here.get('warden')!, roles: ['administrator'] },
  'a guest of a meeting': { person: () => here.get('gita')!, roles: [], guest: true },
  'somebody suspended': { person: () => here.get('mallory')!, roles: [], outside: true },
};

beforeAll(async () => {
  appliance = await anAppliance();
  const company = await people(appliance, 'alice', 'olive', 'mallory');
  ({ adam } = company);
  for (const [name, person] of Object.entries(company)) here.set(name, person);
  here.set('chief', await anEmployee(appliance, adam, 'chief', 'Chief', ['employee', 'administrator']));
  here.set('warden', await anEmployee(appliance, adam, 'warden', 'Warden', ['administrator']));
  // Leaving ends a guest's session for good, so that each table has a guest of its own.
  for (const gita of ['gita', 'gita with a socket']) here.set(gita, await aGuest(appliance, await aMeeting(company.alice)));
  await adam.call(suspendAccount, { account: company.mallory.account });
});
afterAll(() => appliance.close());

/** The smallest input that an endpoint reads, with ids that nothing has. */
const sampleOf = ({ input }: Endpoint): Record<string, unknown> => sample(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }), '') as Record<string, unknown>;

type Schema = { readonly type?: string; readonly enum?: readonly unknown[]; readonly pattern?: string; readonly format?: string; readonly minLength?: number; readonly minimum?: number; readonly items?: Schema; readonly minItems?: number; readonly properties?: Record<string, Schema>; readonly required?: readonly string[]; readonly anyOf?: readonly Schema[]; readonly allOf?: readonly Schema[] };
const sample = (schema: object, name: string): unknown => {
  const { type, enum: values, pattern, format, minLength = 1, minimum = 0, items, minItems = 0, properties = {}, required = [], anyOf, allOf } = schema as Schema;
  const patterns = [pattern, ...(allOf ?? []).map((one) => one.pattern)].join();
  if (name === 'role') return 'officer';
  if (values) return values[0];
  if (anyOf) return sample(anyOf[0]!, name);
  if (type === 'object') return Object.fromEntries(required.map((field) => [field, sample(properties[field]!, field)]));
  if (type === 'array') return Array.from({ length: minItems }, () => sample(items!, ''));
  if (type === 'integer' || type === 'number') return Math.max(minimum, 0);
  if (type === 'boolean') return false;
  if (name === 'emoji') return '👍';
  if (patterns.includes('{12}')) return randomUUID();
  if (patterns.includes('{43}')) return 'A'.repeat(43);
  if (format === 'email') return 'somebody@example.org';
  return 'a'.repeat(minLength);
};

const mayTry = ({ policy }: Endpoint, { roles, outside, guest }: Who): boolean => policy === 'public' || (outside !== true && (policy === 'guest' || (guest !== true && (policy === 'member' || policy.some((role) => roles.includes(role))))));

/** What ends a session is tried last. */
const endsSession = ({ name }: Endpoint): boolean => name.startsWith('signOut') || name === 'leaveMeeting';
const inOrder = [...everyEndpoint].sort((one, other) => Number(endsSession(one)) - Number(endsSession(other)));
const judged = (name: string, answer: unknown): string => `${name}: ${isRefused(answer) && ['signed-out', 'not-allowed', 'malformed', 'cross-origin'].includes(answer.code) ? answer.code : 'tried'}`;
const expected = (endpoint: Endpoint, someone: Who): string => `${endpoint.name}: ${mayTry(endpoint, someone) ? 'tried' : someone.outside ? 'signed-out' : 'not-allowed'}`;

describe('every endpoint', () => {
  it('states who may try it, and has somebody who serves it', () => {
    expect(everyEndpoint.length).toBeGreaterThan(50);
    expect(everyEndpoint.filter(({ policy }) => typeof policy !== 'string' && policy.length === 0)).toEqual([]);
    const served = everyServed(appliance.house, { offer: () => ({ download: '', url: '' }), waiting: () => undefined, route: () => undefined, close: () => undefined }, noFiles);
    expect(served.map(({ endpoint }) => endpoint.name).sort()).toEqual(everyEndpoint.map(({ name }) => name).sort());
  });

  for (const [name, someone] of Object.entries(who)) {
    it(`is open to ${name} exactly as its policy says, over HTTP`, async () => {
      const answers: string[] = [];
      for (const endpoint of inOrder) {
        answers.push(judged(endpoint.name, await someone.person().answer(endpoint, sampleOf(endpoint))));
        if (endsSession(endpoint) && !someone.outside && !someone.guest) await someone.person().signsIn();
      }
      expect(answers).toEqual(inOrder.map((endpoint) => expected(endpoint, someone)));
    });
  }

  for (const name of ['an employee', 'an officer', 'an administrator', 'a guest of a meeting']) {
    it(`is open to ${name} exactly as its policy says, over a socket`, async () => {
      const someone = who[name]!;
      const socket: PersonSocket = await (someone.guest ? here.get('gita with a socket')! : someone.person()).opensSocket();
      const overSocket = inOrder.filter(({ httpOnly }) => !httpOnly);
      const answers: string[] = [];
      for (const endpoint of overSocket) answers.push(judged(endpoint.name, await socket.answer(endpoint, sampleOf(endpoint))));
      expect(answers).toEqual(overSocket.map((endpoint) => expected(endpoint, someone)));
      for (const endpoint of everyEndpoint.filter(({ httpOnly }) => httpOnly)) expect(await socket.answer(endpoint, sampleOf(endpoint))).toMatchObject({ code: 'not-found' });
      socket.close();
    });
  }

  it('would be caught by the same table at a door that takes everybody for an officer and administrator', async () => {
    const sound = openDoor(everyEndpoint.map((endpoint) => ({ endpoint, handler: () => ({}) })), () => undefined);
    const broken: Door = { ...sound, call: (name, input, call) => sound.call(name, input, { ...call, caller: call.caller && { ...call.caller, roles: new Set<Role>(['employee', 'officer', 'administrator']) } }) };
    const tableAt = async (door: Door): Promise<readonly string[]> => {
      const caller = { account: randomUUID(), roles: new Set<Role>(['employee']), session: '' };
      const answers: string[] = [];
      for (const endpoint of inOrder) {
        const answer = await door.call(endpoint.name, sampleOf(endpoint), { caller, commandId: randomUUID(), at: 0, address: '', agent: '', bytes: 0 });
        answers.push(judged(endpoint.name, answer));
      }
      return answers.filter((answer, index) => answer !== expected(inOrder[index]!, who['an employee']!));
    };
    expect(await tableAt(sound)).toEqual([]);
    const kept = everyEndpoint.filter(({ policy }) => Array.isArray(policy) && !policy.includes('employee')).map(({ name }) => `${name}: tried`);
    expect((await tableAt(broken)).toSorted()).toEqual(kept.toSorted());
    expect(kept).toContain('searchArchive: tried');
  });

  it('would be caught at a door that takes a guest for somebody of the house', async () => {
    const sound = openDoor(everyEndpoint.map((endpoint) => ({ endpoint, handler: () => ({}) })), () => undefined);
    const openTo = async (guest: object): Promise<readonly string[]> => {
      const caller = { account: randomUUID(), roles: new Set<Role>(), session: '', ...guest };
      const answers = await Promise.all(inOrder.map(async (endpoint) => judged(endpoint.name, await sound.call(endpoint.name, sampleOf(endpoint), { caller, commandId: randomUUID(), at: 0, address: '', agent: '', bytes: 0 }))));
      return answers.filter((answer, index) => answer !== expected(inOrder[index]!, who['a guest of a meeting']!));
    };
    expect(await openTo({ guest: true })).toEqual([]);
    expect((await openTo({})).toSorted()).toEqual(everyEndpoint.filter(({ policy }) => policy === 'member').map(({ name }) => `${name}: tried`).toSorted());
  });

  it('that nobody serves keeps the doors shut', () => {
    const served = everyEndpoint.slice(1).map((endpoint) => ({ endpoint, handler: () => ({}) }));
    expect(() => openDoor(served, () => undefined)).toThrow(`The endpoint ${everyEndpoint[0]!.name} has no handler.`);
  });

  it('without a policy keeps the doors shut', () => {
    const endpoint = everyEndpoint[0]! as { policy: unknown };
    const { policy } = endpoint;
    endpoint.policy = [];
    try {
      expect(() => openDoor(everyEndpoint.map((one) => ({ endpoint: one, handler: () => ({}) })), () => undefined)).toThrow('states no policy');
    } finally {
      endpoint.policy = policy;
    }
  });

  it('that is refused for a role stands in the record, once a minute and person and endpoint', async () => {
    const refusedBy = async (): Promise<readonly string[]> => (await appliance.recorded('access')).filter(({ type }) => type === 'Refused').map(({ data }) => data);
    const aboutAlice = (await refusedBy()).filter((data) => data.includes(here.get('alice')!.account) && data.includes('"listAccounts"'));
    expect(aboutAlice).toHaveLength(1);
  });

  it('is judged by the roles of this moment, on sockets that are open too', async () => {
    const chief = here.get('chief')!;
    const socket = await chief.opensSocket();
    const listAccounts = everyEndpoint.find(({ name }) => name === 'listAccounts')!;
    expect(isRefused(await socket.answer(listAccounts, {}))).toBe(false);
    await adam.call(withdrawRole, { account: chief.account, role: 'administrator' });
    expect(((await socket.answer(listAccounts, {})) as Refused).code).toBe('not-allowed');
    expect((await chief.refusal(listAccounts, {})).code).toBe('not-allowed');
    socket.close();
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { healthOf } from '#appliance/house/health.ts';
import { streams } from '#src/kernel/streams.ts';
import type { Appliance } from '#test/support/appliance.ts';
import { at, severalAppliances, type Nodes } from '#test/support/nodes.ts';
import { aGroup, isIn, people, type Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

/** Somebody writes into our streams in the database, while two appliances serve. */
describe('what somebody else writes into the database', () => {
  let nodes: Nodes;
  let [one, two]: Appliance[] = [];
  let alice: Person;
  let bob: Person;
  let mallory: Person;
  let group: string;
  beforeAll(async () => {
    nodes = await severalAppliances();
    [one, two] = nodes.appliances;
    const company = await people(one!, 'alice', 'bob', 'mallory');
    ({ alice } = company);
    [bob, mallory] = [at(two!, company.bob), at(two!, company.mallory)];
    group = await aGroup(alice, [bob]);
    await isIn(bob, group);
    await bob.timeline(group);
  });
  afterAll(() => nodes?.close());

  const writes = (stream: string, type: string, data: object | string, metadata: object | string = {}): Promise<unknown> =>
    nodes.log.server('append', stream, [{ type, data: typeof data === 'string' ? data : JSON.stringify(data), metadata: typeof metadata === 'string' ? metadata : JSON.stringify(metadata) }]);
  const talksOn = async (text: string): Promise<void> => {
    await alice.says(text, { in: group });
    await bob.sees(text, { in: group });
    await bob.says(`${text}, he answers`, { in: group });
    await alice.sees(`${text}, he answers`, { in: group });
  };

  it('gives nobody a role, though it looks like what an appliance records', async () => {
    const [genuine] = (await one!.recorded(streams.account(mallory.account))).slice(-1);
    await writes(streams.account(mallory.account), 'RoleGranted', { account: mallory.account, at: Date.now(), by: 'operator', request: randomUUID(), role: 'officer' }, genuine!.metadata);
    await talksOn('after the role');
    for (const node of [one!, two!]) expect([...node.house.standing.account(mallory.account)!.roles]).toEqual(['employee']);
  });

  it('does not stop a node by naming a key that there never was', async () => {
    const id = randomUUID();
    const sealed = [{ ciphertext: 'AAAA', key: id, nonce: 'AAAAAAAAAAAAAAAA', part: 'text' }];
    await writes(streams.conversation(group), 'MessagePosted', { at: Date.now(), author: alice.account, form: 'text', mentions: [], messageId: randomUUID(), ordinal: 99, replyTo: null, sealed });
    await talksOn('after the key');
  });

  it('does not stop a node by being nothing at all', async () => {
    await writes(streams.conversation(group), 'MessagePosted', 'not even JSON', 'nor this');
    await writes(streams.space(randomUUID()), 'SpaceFounded', { at: 'never' });
    await writes(streams.custody, 'LogFounded', {});
    await talksOn('after the nonsense');
  });

  it('is shown to nobody, and is in custody and in health, once', async () => {
    expect(await bob.timeline(group).then(({ now }) => now.lines.filter(({ kind }) => kind === 'message').length)).toBe(6);
    const found = async (): Promise<number> => (await one!.recorded(streams.custody)).filter(({ type }) => type === 'ForeignEventFound').length;
    await eventually('all five are in custody', async () => (await found()) === 5);
    for (const { house } of [one!, two!]) await eventually('health says it', async () => (await healthOf(house)).says.some((sentence) => sentence.startsWith('5 events in the log were not written by this appliance')));
    expect(await found()).toBe(5);
  });

  it('is in custody when it sets how much of our streams is kept', async () => {
    await nodes.log.server('setMetadata', streams.conversation(group), { $maxCount: 1 });
    const raised = async (): Promise<readonly unknown[]> => (await one!.recorded(streams.custody)).filter(({ type }) => type === 'LogAlarmRaised').map(({ data }) => JSON.parse(data) as unknown);
    await eventually('the alarm is in custody', async () => (await raised()).length > 0);
    expect(await raised()).toEqual([expect.objectContaining({ kind: 'truncated', doneTo: streams.conversation(group) })]);
    for (const { house } of [one!, two!]) await eventually('health says it', async () => (await healthOf(house)).says.some((sentence) => sentence.includes('was cut in the database')));
    await talksOn('after the cut');
  });
});

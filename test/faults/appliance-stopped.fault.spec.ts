import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readMe, signIn } from '#src/contract/accounts.ts';
import { readHealth } from '#src/contract/administration.ts';
import { openInquiry, readAudit } from '#src/contract/archive.ts';
import { postMessage, readTimeline } from '#src/contract/timeline.ts';
import { uuidv7 } from '#src/kernel/ids.ts';
import { streams } from '#src/kernel/streams.ts';
import { LogStopped, OutcomeUnknown } from '#src/log/event-log.ts';
import { sealEvent } from '#src/sealing/seal.ts';
import { anAppliance, wrapLog, type Appliance } from '#test/support/appliance.ts';
import { aDirectChat, nobody, passwordOf, people, type Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

let appliance: Appliance;
let adam: Person;
let alice: Person;
let bob: Person;
let olive: Person;
let chat: string;
beforeEach(async () => {
  appliance = await anAppliance();
  ({ adam, alice, bob, olive } = await people(appliance, 'alice', 'bob', 'olive'));
  chat = await aDirectChat(alice, bob);
  await alice.says('acknowledged', { in: chat });
});
afterEach(() => appliance?.close());

const healthz = async () => {
  const response = await fetch(`${appliance.url}/healthz`);
  return { status: response.status, ...((await response.json()) as { fine: boolean; says: readonly string[] }) };
};
const post = () => ({ conversationId: chat, messageId: randomUUID(), text: 'refused' });
const textsOf = async (person: Person) => (await person.call(readTimeline, { conversationId: chat, where: 'latest' })).lines.flatMap((line) => (line.kind === 'message' ? [line.text] : []));

describe('a writer that met an error', () => {
  it('takes nothing more, says so on every screen and in health, and lets people read on', async () => {
    const socket = await bob.socket;
    expect(await socket.hears('writing')).toEqual({ is: 'writing', stopped: null });
    const why = 'The disk said EIO.';
    let stopped: string | undefined;
    wrapLog(appliance.house, () => ({
      append: () => Promise.reject(new LogStopped((stopped = why))),
      stopped: () => stopped,
    }));
    const refusals = await Promise.all([alice.refusal(postMessage, post()), bob.refusal(postMessage, post())]);
    for (const refusal of [...refusals, await alice.refusal(postMessage, post())]) expect(refusal).toMatchObject({ status: 503, code: 'read-only' });
    await socket.hears('writing', (frame) => frame.stopped === why);
    const fresh = await alice.opensSocket();
    await fresh.hears('writing', (frame) => frame.stopped === why);
    fresh.close();
    expect(await healthz()).toMatchObject({ status: 503, fine: false, says: [expect.stringContaining(why) as string] });
    expect((await adam.call(readHealth, {})).log.stopped).toBe(why);
    expect(await textsOf(bob)).toEqual(['acknowledged']);
    expect((await nobody(appliance).refusal(signIn, { signInName: 'alice', password: passwordOf('alice') })).code).toBe('read-only');
    await appliance.restart();
    await bob.forgetsSocket();
    expect(await (await bob.socket).hears('writing')).toEqual({ is: 'writing', stopped: null });
    await alice.says('again', { in: chat });
    expect(await textsOf(bob)).toEqual(['acknowledged', 'again']);
    expect(await healthz()).toEqual({ status: 200, fine: true, says: [] });
  });
});

describe('an append of unknown outcome', () => {
  it('is sent again as it was until it is known, and never decided again', async () => {
    const sent: string[] = [];
    const takeOff = wrapLog(appliance.house, (sound) => ({
      async append(stream, expected, events, appendClass) {
        if (stream !== `conversation-${chat}`) return sound.append(stream, expected, events, appendClass);
        sent.push(`${expected} ${events.map(({ id, data }) => id + data).join()}`);
        // The first time it fails before the disk, the second time after it.
        if (sent.length === 1) throw new OutcomeUnknown('The connection dropped.');
        const outcome = await sound.append(stream, expected, events, appendClass);
        if (sent.length === 2) throw new OutcomeUnknown('The connection dropped.');
        return outcome;
      },
    }));
    const before = (await appliance.recorded(`conversation-${chat}`)).length;
    const one = post();
    const [answer, retry] = await Promise.all([alice.call(postMessage, one, { commandId: one.messageId }), alice.call(postMessage, one, { commandId: one.messageId })]);
    takeOff();
    expect(answer).toEqual({ revision: before });
    expect(retry).toEqual(answer);
    expect(sent).toEqual([sent[0], sent[0], sent[0]]);
    expect(await appliance.recorded(`conversation-${chat}`)).toHaveLength(before + 1);
  });
});

describe('a disk with less room than the reserve', () => {
  it('takes no posts, while people sign in and an officer still looks', async () => {
    await appliance.restart(undefined, { HANSARD_RESERVE_BYTES: String(2 ** 50) });
    expect(await alice.refusal(postMessage, post())).toMatchObject({ status: 507, code: 'disk-reserve' });
    await olive.signsIn();
    await olive.call(openInquiry, { inquiry: randomUUID(), reason: 'The disk is full, and I have to look.' });
    expect(await textsOf(bob)).toEqual(['acknowledged']);
    expect((await healthz()).says).toEqual([expect.stringMatching(/disk is nearly full/)]);
  });
});

describe('an event that one projector cannot read', () => {
  it('stops the views that read it with its place and reason, and nothing else', async () => {
    appliance.expectFaults();
    const { log, logId, keyring, views } = appliance.house;
    const stream = streams.account(alice.account);
    const head = await log.streamHead(stream);
    const at = Date.now();
    // Ours in every respect, only that no profile is in it.
    const { eventToAppend } = sealEvent(
      { event: { type: 'ProfileChanged', data: { account: null, at } }, eventId: uuidv7(at), log: logId, previous: head.leafHash, revision: head.revision + 1, stream, actor: { kind: 'system', id: 'appliance' }, basis: [], commandId: randomUUID(), correlation: randomUUID(), door: 'system', schema: 1 },
      keyring,
    );
    const outcome = await log.append(stream, head.revision, [eventToAppend], 'essential');
    const position = outcome.kind === 'appended' ? outcome.position : -1;
    const stoppedNow = () => views.states().filter(({ stopped }) => stopped !== null);
    await eventually('the audit log stopped', () => stoppedNow().some(({ view }) => view === 'audit'));
    const { says, status } = await healthz();
    expect(status).toBe(503);
    expect(says).toHaveLength(stoppedNow().length);
    for (const { view } of stoppedNow()) expect(says).toContainEqual(expect.stringMatching(new RegExp(`The view ${view} stopped at position ${position}.*ProfileChanged in ${stream}.*hansard rebuild ${view}`)));
    expect(stoppedNow().map(({ view }) => view)).not.toContain('desk');
    await alice.says('talk goes on', { in: chat });
    expect(await textsOf(bob)).toEqual(['acknowledged', 'talk goes on']);
    expect(await alice.call(readMe, {})).toMatchObject({ displayName: 'Alice Abara' });
    // What needs that view is refused at once, not kept waiting.
    expect((await adam.refusal(readAudit, {})).code).toBe('unavailable');
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportInquiry, openInquiry, searchArchive, startHistoryDownload } from '#src/contract/archive.ts';
import { declineCall, leaveCall } from '#src/contract/calls.ts';
import { listConversations } from '#src/contract/conversations.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { CallTab } from '#test/support/call-tab.ts';
import { bytesIn } from '#test/support/journey-zip.ts';
import { aDirectChat, people, type Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

let appliance: Appliance;
let alice: Person;
let bob: Person;
let olive: Person;
let chat: string;
const inquiry = randomUUID();
beforeAll(async () => {
  appliance = await anAppliance();
  ({ alice, bob, olive } = await people(appliance, 'alice', 'bob', 'olive'));
  chat = await aDirectChat(alice, bob);
  const [ofAlice, ofBob] = (await Promise.all([CallTab.open(alice), CallTab.open(bob)])) as [CallTab, CallTab];
  const declined = await ofAlice.starts(chat, { audioOnly: true });
  await bob.call(declineCall, declined);
  const held = await ofAlice.starts(chat, { audioOnly: true });
  await ofBob.joins(held);
  for (const tab of [ofAlice, ofBob]) await tab.person.call(leaveCall, { ...held, device: tab.device });
  await olive.call(openInquiry, { inquiry, reason: 'Who called whom.' });
});
afterAll(() => appliance?.close());

const zipOf = async (person: Person, url: string): Promise<ReadonlyMap<string, Buffer>> => bytesIn(Buffer.from(await (await person.fetch(url)).arrayBuffer()));
/** The words of each line, without when it was. */
const wordsOf = (text: Buffer | undefined): readonly string[] => text!.toString().trim().split('\n').map((line) => line.replace(/^\S+ \S+ \S+ {2}/, '').replace(/ended after \d+ s/, 'ended'));

describe('calls on record', () => {
  it('stand in what a person takes home, in words and as data', async () => {
    const zip = await zipOf(bob, (await bob.call(startHistoryDownload, { conversationId: chat })).url);
    expect(wordsOf(zip.get('transcript.txt'))).toEqual(expect.arrayContaining([
      'Alice Abara started a voice call', 'Alice Abara rang Bob Bytner', 'Bob Bytner declined a voice call from Alice Abara', 'Bob Bytner joined the call', 'Alice Abara left the call',
      'The voice call of Alice Abara ended, because everybody left. It was held by Alice Abara, Bob Bytner',
    ]));
    const facts = zip.get('events.jsonl')!.toString().trim().split('\n').map((line) => JSON.parse(line) as { readonly kind: string; readonly type?: string }).filter(({ kind }) => kind === 'call');
    expect(facts.map(({ type }) => type)).toEqual(['CallStarted', 'CallRang', 'CallDeclined', 'CallEnded', 'CallStarted', 'CallRang', 'CallJoined', 'CallLeft', 'CallLeft', 'CallEnded']);
    expect(facts.some((fact) => 'device' in fact)).toBe(false);
  });

  it('are found by an officer, by person, and exported with their place in the record', async () => {
    const filter = { kinds: ['call' as const], people: [bob.account] };
    const found = await olive.call(searchArchive, { inquiry, query: '', filter });
    expect(found.hits.map(({ text }) => text).toSorted()).toEqual(['Bob Bytner declined a voice call from Alice Abara', 'Bob Bytner joined the call', 'Bob Bytner left the call']);
    const zip = await zipOf(olive, (await olive.call(exportInquiry, { inquiry, query: 'declined', filter })).url);
    expect([...zip.values()].some((file) => file.toString().includes('Bob Bytner CallDeclined: Bob Bytner declined a voice call from Alice Abara'))).toBe(true);
  });

  it('are the last thing in the list of conversations, and count as nothing unread', async () => {
    const row = await eventually('the list shows it', async () => (await bob.call(listConversations, {})).conversations.find(({ conversationId, last }) => conversationId === chat && last?.form === 'call'));
    expect([row.last?.text?.replace(/\d+ s/, '0 s'), row.unread]).toEqual(['Voice call, 0 s', 0]);
  });
});

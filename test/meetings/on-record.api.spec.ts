import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportInquiry, openInquiry, searchArchive, startHistoryDownload } from '#src/contract/archive.ts';
import { leaveMeeting, revokeMeetingLink } from '#src/contract/meetings.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { aGuest, aMeeting } from '#test/support/guests.ts';
import { bytesIn } from '#test/support/journey-zip.ts';
import { people, type Person } from '#test/support/people.ts';

let appliance: Appliance;
let alice: Person;
let olive: Person;
let gita: Person;
let conversationId: string;
const inquiry = randomUUID();
beforeAll(async () => {
  appliance = await anAppliance();
  ({ alice, olive } = await people(appliance, 'alice', 'olive'));
  const door = await aMeeting(alice, { title: 'The harbour' });
  ({ conversationId } = door);
  gita = await aGuest(appliance, door, 'Gita Gomez');
  await gita.says('three cranes', { in: conversationId });
  await alice.call(revokeMeetingLink, { conversationId });
  await gita.call(leaveMeeting, {});
  await olive.call(openInquiry, { inquiry, reason: 'Who came from outside.' });
});
afterAll(() => appliance?.close());

const wordsIn = async (person: Person, url: string): Promise<string> => [...(await bytesIn(Buffer.from(await (await person.fetch(url)).arrayBuffer()))).values()].map(String).join('\n');

describe('meetings on record', () => {
  it('are found by an officer by the name that a guest gave, and by what they said', async () => {
    const found = await olive.call(searchArchive, { inquiry, query: '', filter: { people: [gita.account] } });
    expect(found.hits.map(({ text }) => text).toSorted()).toEqual(['Gita Gomez joined', 'Gita Gomez left', 'The guest Gita Gomez came to the door of the meeting', 'three cranes']);
    const opened = await olive.call(searchArchive, { inquiry, query: '"guests may come"', filter: {} });
    expect(opened.hits.map(({ text }) => text)).toEqual(['Alice Abara opened a meeting; guests may come']);
  });

  it('stand in exports and in what people take home', async () => {
    const exported = await wordsIn(olive, (await olive.call(exportInquiry, { inquiry, query: '', filter: { conversations: [conversationId] } })).url);
    expect(exported).toContain('MeetingLinkRevoked: Alice Abara took the link to the meeting back');
    const home = await wordsIn(alice, (await alice.call(startHistoryDownload, { conversationId })).url);
    expect(home).toContain('The guest Gita Gomez came to the door of the meeting');
    expect(home).toContain('Gita Gomez: three cranes');
  });
});

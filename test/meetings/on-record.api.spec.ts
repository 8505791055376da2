import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportInquiry, openInquiry, searchArchive, startHistoryDownload } from '#src/contract/archive.ts';
import { leaveCall } from '#src/contract/calls.ts';
import { leaveMeeting, readMeeting, revokeMeetingLink } from '#src/contract/meetings.ts';
import { systemClock } from '#src/kernel/clock.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { CallTab } from '#test/support/call-tab.ts';
import { aGuest, aMeeting } from '#test/support/guests.ts';
import { bytesIn } from '#test/support/journey-zip.ts';
import { people, type Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

let appliance: Appliance;
let alice: Person;
let olive: Person;
let gita: Person;
let conversationId: string;
let aheadMs = 0;
const inquiry = randomUUID();
beforeAll(async () => {
  appliance = await anAppliance({ clock: () => systemClock() + aheadMs });
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

  it('name nobody as who ended them, or sent their guests off, where the clock did', async () => {
    const door = await aMeeting(alice, { title: 'The quay' });
    const tab = await CallTab.open(alice);
    const call = await tab.starts(door.conversationId);
    await aGuest(appliance, door, 'Hugo Holm');
    await alice.call(leaveCall, { ...call, device: tab.device });
    aheadMs += 11 * 60_000;
    await eventually('it is over', async () => (await alice.call(readMeeting, { conversationId: door.conversationId })).over);
    const found = await olive.call(searchArchive, { inquiry, query: '', filter: { conversations: [door.conversationId] } });
    expect(found.hits.slice(0, 2).map(({ text, authorName }) => [text, authorName])).toEqual([['The meeting is over', 'The appliance'], ['Hugo Holm left with the end of the meeting', 'Hugo Holm']]);
    const byNobody = await olive.call(searchArchive, { inquiry, query: '', filter: { conversations: [door.conversationId], people: ['appliance'] } });
    expect(byNobody.hits.map(({ text }) => text)).toEqual(['The meeting is over', 'The link to the meeting died, because the host was away for too long']);
    const exported = await wordsIn(olive, (await olive.call(exportInquiry, { inquiry, query: '', filter: { conversations: [door.conversationId] } })).url);
    const home = await wordsIn(alice, (await alice.call(startHistoryDownload, { conversationId: door.conversationId })).url);
    for (const written of [exported, home]) {
      expect(written).toContain('Hugo Holm left with the end of the meeting');
      expect(written).toContain('The meeting is over');
      expect(written).not.toMatch(/removed|Alice Abara (closed|ConversationClosed)/);
    }
  });
});

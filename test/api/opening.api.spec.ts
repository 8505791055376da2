import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limits } from '#src/contract/limits.ts';
import { markReadUpTo } from '#src/contract/reading.ts';
import { readTimeline, type MessageLine, type TimelinePage } from '#src/contract/timeline.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { aDirectChat, people, type Person } from '#test/support/people.ts';

const dayMs = 86_400_000;
let appliance: Appliance;
let alice: Person;
let bob: Person;
let skewMs = -40 * dayMs;
beforeAll(async () => {
  appliance = await anAppliance({ clock: () => Date.now() + skewMs });
  ({ alice, bob } = await people(appliance, 'alice', 'bob'));
});
afterAll(() => appliance?.close());

const says = async (chat: string, first: number, last: number): Promise<void> => {
  for (let n = first; n <= last; n += 1) await alice.says(String(n), { in: chat });
};
const opens = (person: Person, conversationId: string): Promise<TimelinePage> => person.call(readTimeline, { conversationId, where: 'opening' });
const textsOf = ({ lines }: TimelinePage): readonly number[] => lines.filter((line): line is MessageLine => line.kind === 'message').map(({ text }) => Number(text));
const from = (first: number, last: number): readonly number[] => Array.from({ length: last - first + 1 }, (_, n) => first + n);

describe('a conversation that is opened', () => {
  it('shows the latest 75 lines or 30 days, whichever is more, and the rest on going back', async () => {
    const chat = await aDirectChat(alice, bob);
    await says(chat, 1, 90);
    skewMs = 0;
    await alice.signsIn();
    await bob.signsIn();
    await says(chat, 91, 100);
    const few = await opens(alice, chat);
    expect(textsOf(few)).toEqual(from(26, 100));
    expect([few.hasOlder, few.hasNewer]).toEqual([true, false]);
    await says(chat, 101, 170);
    // Eighty lines of the last thirty days now, and none of forty days ago.
    expect(textsOf(await opens(alice, chat))).toEqual(from(91, 170));
    const older = await alice.call(readTimeline, { conversationId: chat, where: 'before', revision: few.lines[0]!.revision });
    expect([textsOf(older), older.hasOlder]).toEqual([from(1, 25), false]);
  });

  it('shows no more at once than a page may hold', async () => {
    const chat = await aDirectChat(alice, bob);
    await says(chat, 171, 320);
    const page = await opens(alice, chat);
    expect([page.lines.length, textsOf(page).at(-1)]).toEqual([limits.timelinePageMax, 320]);
  });

  it('shows as many around the first unread line where there is one', async () => {
    const chat = await aDirectChat(alice, bob);
    const unread = await opens(bob, chat);
    expect([unread.lines.length, textsOf(unread)[0]]).toEqual([limits.timelinePage, 1]);
    const page = await bob.call(readTimeline, { conversationId: chat, where: 'latest', limit: 200 });
    const read = page.lines.find((line) => line.kind === 'message' && line.text === '200')!;
    await bob.call(markReadUpTo, { conversationId: chat, revision: read.revision });
    const opened = await opens(bob, chat);
    expect(textsOf(opened)).toEqual(from(176, 250));
    expect([opened.hasOlder, opened.hasNewer]).toEqual([true, true]);
  });
});

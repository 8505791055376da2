import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withdrawFile } from '#src/contract/files.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { aPicture } from '#test/support/file-samples.ts';
import { aDirectChat, people, type Person } from '#test/support/people.ts';
import { liveConversations } from '#test/support/person-socket.ts';
import { shares } from '#test/support/shared-files.ts';

let appliance: Appliance;
let [alice, bob] = [] as unknown as Person[] as [Person, Person];
beforeAll(async () => {
  appliance = await anAppliance();
  ({ alice, bob } = await people(appliance, 'alice', 'bob'));
});
afterAll(() => appliance.close());

describe('a file, in the lists of who is online', () => {
  it('counts at once, between messages too, and is no longer named when it is withdrawn', async () => {
    const chat = await aDirectChat(alice, bob);
    const list = await liveConversations(await bob.socket, bob.account);
    const row = (what: string, unread: number, text: string | null) => list.until(what, ({ conversations }) => conversations.find((one) => one.conversationId === chat && one.unread === unread && one.last?.text === text));
    await alice.says('Here it is.', { in: chat });
    await row('the message', 1, 'Here it is.');
    const fileId = await shares(alice, aPicture(20, 20), { in: chat, name: 'hall.png' });
    expect((await row('the file', 2, 'hall.png')).last).toMatchObject({ form: 'file', messageId: fileId });
    await alice.says('And that was it.', { in: chat });
    await row('the message after', 3, 'And that was it.');
    const other = await shares(alice, aPicture(20, 20), { in: chat, name: 'wrong.png' });
    await row('the wrong file', 4, 'wrong.png');
    await alice.call(withdrawFile, { conversationId: chat, fileId: other });
    await row('no wrong file', 3, null);
  });
});

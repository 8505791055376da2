import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openPage } from '#appliance/house/sealer.ts';
import { LinkPreviews } from '#appliance/links/link-previews.ts';
import { readMe } from '#src/contract/accounts.ts';
import { readTimeline, type MessageLine } from '#src/contract/timeline.ts';
import type { Opened } from '#src/every-event.ts';
import { at, severalAppliances } from '#test/support/nodes.ts';
import { aPageServer, sends } from '#test/support/page-servers.ts';
import { aDirectChat, isIn, people, type Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

const previewsSeen = (who: Person, conversationId: string, messageId: string): Promise<MessageLine> =>
  eventually(`${who.name} sees the preview`, async () => ((await who.call(readTimeline, { conversationId })).lines as readonly MessageLine[]).find((line) => line.messageId === messageId && line.previews.length > 0));

it('of several appliances the one that recorded a message asks for its links, and where two did it would be on record once', async () => {
  const pages = await aPageServer((_, response) => sends(response, '<title>Hall C</title>'));
  onTestFinished(() => pages.close());
  const nodes = await severalAppliances({ env: { HANSARD_LINK_NETWORKS: '127.0.0.0/8', HANSARD_LINK_PORTS: String(pages.port) } });
  onTestFinished(() => nodes.close());
  const [one, two] = nodes.appliances;
  const { alice, bob } = await people(one!, 'alice', 'bob');
  const there = at(two!, bob);
  await eventually('bob is signed in on the other too', async () => !('refused' in (await there.answer(readMe, {}))) || undefined);
  const chat = await aDirectChat(alice, bob);
  await isIn(there, chat);

  const { messageId } = await alice.says(`${pages.url}/hall-c`, { in: chat });
  expect((await previewsSeen(there, chat, messageId)).previews).toMatchObject([{ title: 'Hall C' }]);
  const answered = await there.says(`${pages.url}/hall-d`, { in: chat });
  await previewsSeen(alice, chat, answered.messageId);
  expect(pages.asked.map(({ url }) => url)).toEqual(['/hall-c', '/hall-d']);

  // A build in which the other asks too, as if it had recorded what the first did, and knows nothing of what was asked.
  const { log, logId, keyring, commandAs, views, clock, onFault, hub } = two!.house;
  let asked = 0;
  const answers: string[] = [];
  const both = new LinkPreviews({
    commandAs: (async (...command: Parameters<typeof commandAs>) => {
      const result = await commandAs(...command);
      answers.push('again' in result && result.again ? 'known' : JSON.stringify(result));
      return result;
    }) as typeof commandAs,
    views: { ask: async (name, params, atLeast) => (name === 'desk.lookup' ? { position: hub.position, value: [{ commands: [], messages: [], reactions: [], reactionsOf: [], files: [], previewsOf: [] }] as never } : views.ask(name, params, atLeast)) },
    preview: async (url) => ({ description: '', picture: null, site: '', title: `Hall C, asked again (${(asked += 1)})`, url }), isOn: () => true, isForeign: () => false,
    clock, onFault, checkpointFile: join(two!.folder, 'other-link-previews.json'),
  });
  onTestFinished(() => both.close());
  const before = (await two!.recorded(`conversation-${chat}`)).filter(({ type }) => type === 'LinkPreviewed').length;
  for await (const page of log.readStream(`conversation-${chat}`, { from: 0 })) both.follow((await openPage(page, logId, keyring)) as readonly Opened[], page.map((recorded) => ({ ...recorded, carry: recorded })));
  await eventually('both are answered', () => answers.length === 2 || undefined);
  expect(answers).toEqual(['known', 'known']);
  expect([asked, before, (await two!.recorded(`conversation-${chat}`)).filter(({ type }) => type === 'LinkPreviewed').length]).toEqual([2, 2, 2]);
});

import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clearSetting, putSetting } from '#src/contract/administration.ts';
import { linkPictureUrl, readLinkPicture, withdrawLinkPreview } from '#src/contract/links.ts';
import { editMessage, readTimeline, retractMessage, type MessageLine } from '#src/contract/timeline.ts';
import { listConversations } from '#src/contract/conversations.ts';
import { wrapLog, anAppliance, type Appliance } from '#test/support/appliance.ts';
import { aPicture } from '#test/support/file-samples.ts';
import { aPageServer, sends, type PageServer } from '#test/support/page-servers.ts';
import { aDirectChat, people, type Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

const head = (title: string, more = ''): string => `<html><head><title>${title}</title><meta property="og:site_name" content="Metering"><meta property="og:description" content="Every quarter of an hour.">${more}</head><body>`;

describe('previews of links', () => {
  let pages: PageServer;
  let appliance: Appliance;
  let alice: Person;
  let bob: Person;
  let mallory: Person;
  let adam: Person;
  let chat: string;
  /** Pages that are asked for and not answered until `release`. */
  let release: () => void = () => undefined;
  let held = Promise.resolve();
  const hold = (): void => void ({ promise: held, resolve: release } = Promise.withResolvers<void>());
  const env = (): Readonly<Record<string, string>> => ({ HANSARD_LINK_NETWORKS: '127.0.0.0/8', HANSARD_LINK_PORTS: String(pages.port) });
  const askedFor = (path: string): number => pages.asked.filter(({ url }) => url === path).length;
  const at = (path: string): string => `${pages.url}${path}`;

  beforeAll(async () => {
    const picture = aPicture(1_200, 630);
    pages = await aPageServer((request, response) => {
      const path = request.url!;
      const answer = (): void => {
        if (path === '/picture.png') sends(response, picture, { 'Content-Type': 'image/png' });
        else if (path === '/bomb.png') sends(response, Buffer.concat([aPicture(1, 1).subarray(0, 16), Buffer.from([0, 1, 0, 0, 0, 1, 0, 0]), aPicture(1, 1).subarray(24)]), { 'Content-Type': 'image/png' });
        else if (path === '/nothing') sends(response, 'nothing here');
        else sends(response, head(`Page ${path}`, path.startsWith('/bare') ? '' : `<meta property="og:image" content="${path.startsWith('/bombed') ? '/bomb.png' : '/picture.png'}"><meta property="og:image:alt" content="Stripes">`));
      };
      if (path.startsWith('/held')) void held.then(answer);
      else answer();
    });
    appliance = await anAppliance({ env: env() });
    ({ alice, bob, mallory, adam } = await people(appliance, 'alice', 'bob', 'mallory'));
    chat = await aDirectChat(alice, bob);
  });
  afterAll(async () => {
    release();
    await appliance.close();
    await pages.close();
  });

  const lineOf = (window: { readonly lines: readonly { readonly kind: string }[] }, messageId: string): MessageLine | undefined => (window.lines as readonly MessageLine[]).find((line) => line.kind === 'message' && line.messageId === messageId);
  const line = async (who: Person, messageId: string): Promise<MessageLine> => lineOf(await who.call(readTimeline, { conversationId: chat }), messageId)!;
  /** What somebody who has the conversation open gets to see. */
  const sees = async (who: Person, messageId: string, urls: readonly string[]): Promise<MessageLine> =>
    (await who.timeline(chat)).until(`${who.name} sees previews of ${urls.join()}`, (window) => {
      const found = lineOf(window, messageId);
      return found && JSON.stringify(found.previews.map(({ url }) => url).sort()) === JSON.stringify([...urls].sort()) ? found : undefined;
    });
  /** Everything that was said before is done with: a page asked for after it is there. */
  const settled = async (): Promise<void> => {
    const { messageId } = await alice.says(`and ${at(`/bare/${randomUUID()}`)}`, { in: chat });
    await eventually('the next preview is there', async () => (await line(alice, messageId)).previews.length === 1 || undefined);
  };
  const events = async (type: string): Promise<readonly { readonly data: string; readonly metadata: string }[]> => (await appliance.recorded(`conversation-${chat}`)).filter((event) => event.type === type);

  it('come under a message that is on record before anybody is asked', async () => {
    hold();
    const { messageId, revision } = await alice.says(`see ${at('/held/hall-c')} please`, { in: chat });
    await bob.sees(`see ${at('/held/hall-c')} please`, { in: chat });
    expect((await line(bob, messageId)).previews).toEqual([]);
    const before = (await bob.call(listConversations, {})).conversations.find(({ conversationId }) => conversationId === chat)!;
    release();
    const { previews } = await sees(bob, messageId, [at('/held/hall-c')]);
    expect(previews).toEqual([{ link: 0, revision: revision + 1, url: at('/held/hall-c'), title: 'Page /held/hall-c', site: 'Metering', description: 'Every quarter of an hour.', picture: { width: 480, height: 252, alt: 'Stripes' } }]);
    expect((await line(alice, messageId)).previews).toEqual(previews);
    // It is no line: nothing is unread for it, and nothing is counted.
    const after = (await bob.call(listConversations, {})).conversations.find(({ conversationId }) => conversationId === chat)!;
    expect(after.unread).toEqual(before.unread);
    expect(askedFor('/held/hall-c')).toBe(1);
  });

  it('bring a picture that was made anew, to members alone', async () => {
    const { messageId } = await alice.says(at('/pictured'), { in: chat });
    await sees(bob, messageId, [at('/pictured')]);
    const answer = await bob.fetch(linkPictureUrl(chat, messageId, 0));
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('x-content-type-options'), bytes.subarray(0, 4).toString(), bytes.subarray(8, 12).toString()]).toEqual([200, 'image/webp', 'nosniff', 'RIFF', 'WEBP']);
    expect(bytes.length).toBeLessThanOrEqual(48 * 1024);
    expect(await mallory.refusal(readLinkPicture, { conversationId: chat, messageId, link: 0 })).toMatchObject({ code: 'not-a-member' });
    expect(await bob.refusal(readLinkPicture, { conversationId: chat, messageId, link: 1 })).toMatchObject({ code: 'link-preview-not-found' });
    expect(await bob.refusal(readLinkPicture, { conversationId: chat, messageId: randomUUID(), link: 0 })).toMatchObject({ code: 'link-preview-not-found' });
  });

  it('have no picture where it is a bomb, and are none where a page says nothing', async () => {
    const { messageId } = await alice.says(`${at('/bombed')} ${at('/nothing')}`, { in: chat });
    expect((await sees(bob, messageId, [at('/bombed')])).previews[0]).toMatchObject({ title: 'Page /bombed', picture: null });
    expect(await bob.refusal(readLinkPicture, { conversationId: chat, messageId, link: 0 })).toMatchObject({ code: 'link-preview-not-found' });
  });

  it('are of three links of a message, each once, as people see them there', async () => {
    const [one, two, three, four] = ['/bare/1', '/bare/2', '/bare/3', '/bare/4'].map(at) as [string, string, string, string];
    const { messageId } = await alice.says(`\`${at('/bare/code')}\` [two](${two}) ${one} <${one}> ${three} ${four}`, { in: chat });
    expect((await sees(bob, messageId, [one, two, three])).previews.map(({ url }) => url)).toEqual([two, one, three]);
    await settled();
    expect(['/bare/1', '/bare/2', '/bare/3', '/bare/4', '/bare/code'].map(askedFor)).toEqual([1, 1, 1, 0, 0]);
  });

  it('follow an edit: what is new is asked for, what went is not shown, and nothing is asked twice', async () => {
    const { messageId } = await alice.says(`${at('/bare/a')} and ${at('/bare/b')}`, { in: chat });
    await sees(bob, messageId, [at('/bare/a'), at('/bare/b')]);
    await alice.call(editMessage, { conversationId: chat, messageId, text: `${at('/bare/b')} and ${at('/bare/c')}` });
    await sees(bob, messageId, [at('/bare/b'), at('/bare/c')]);
    expect((await line(bob, messageId)).previews.map(({ link }) => link)).toEqual([1, 2]);
    expect(['/bare/a', '/bare/b', '/bare/c'].map(askedFor)).toEqual([1, 1, 1]);
  });

  it('can be taken away by the author, and do not come back', async () => {
    const { messageId } = await alice.says(at('/away'), { in: chat });
    await sees(bob, messageId, [at('/away')]);
    expect(await bob.refusal(withdrawLinkPreview, { conversationId: chat, messageId, link: 0 })).toMatchObject({ code: 'link-preview-not-found' });
    expect(await mallory.refusal(withdrawLinkPreview, { conversationId: chat, messageId, link: 0 })).toMatchObject({ code: 'not-a-member' });
    await alice.call(withdrawLinkPreview, { conversationId: chat, messageId, link: 0 });
    await sees(bob, messageId, []);
    expect(await bob.refusal(readLinkPicture, { conversationId: chat, messageId, link: 0 })).toMatchObject({ code: 'link-preview-not-found' });
    expect(await alice.refusal(withdrawLinkPreview, { conversationId: chat, messageId, link: 0 })).toMatchObject({ code: 'link-preview-not-found' });
    await alice.call(editMessage, { conversationId: chat, messageId, text: `again ${at('/away')}` });
    await settled();
    expect([(await line(bob, messageId)).previews, askedFor('/away')]).toEqual([[], 1]);
  });

  it('go with a message that is retracted, and do not come to one that was', async () => {
    const { messageId } = await alice.says(at('/gone'), { in: chat });
    await sees(bob, messageId, [at('/gone')]);
    await alice.call(retractMessage, { conversationId: chat, messageId });
    await sees(bob, messageId, []);
    expect(await bob.refusal(readLinkPicture, { conversationId: chat, messageId, link: 0 })).toMatchObject({ code: 'link-preview-not-found' });
    hold();
    const late = await alice.says(at('/held/late'), { in: chat });
    await eventually('it is asked for', () => askedFor('/held/late') === 1 || undefined);
    await alice.call(retractMessage, { conversationId: chat, messageId: late.messageId });
    const recorded = (await events('LinkPreviewed')).length;
    release();
    await settled();
    expect((await line(bob, late.messageId)).previews).toEqual([]);
    expect((await events('LinkPreviewed')).length).toBe(recorded + 1); // The one that `settled` waits for.
  });

  it('are not made while the setting is off, and again when it is on', async () => {
    await adam.call(putSetting, { name: 'linkPreviews', value: false });
    const { messageId } = await alice.says(at('/off'), { in: chat });
    await adam.call(clearSetting, { name: 'linkPreviews' });
    await settled();
    expect([(await line(bob, messageId)).previews, askedFor('/off')]).toEqual([[], 0]);
    expect(await adam.refusal(putSetting, { name: 'linkPreviews', value: 'perhaps' })).toMatchObject({ code: 'value-unfit' });
  });

  it('are recorded by the appliance, sealed with the text of the message, and name what caused them', async () => {
    const [event] = (await events('LinkPreviewed')).slice(-1);
    const { data, metadata } = { data: JSON.parse(event!.data) as Record<string, unknown>, metadata: JSON.parse(event!.metadata) as Record<string, unknown> };
    expect(Object.keys(data)).toEqual(['at', 'author', 'link', 'messageId', 'sealed']);
    expect(data['author']).toBe(alice.account);
    expect(metadata).toMatchObject({ actor: { id: 'appliance', kind: 'system' }, door: 'system' });
    const posted = (await appliance.recorded(`conversation-${chat}`)).find(({ id }) => id === metadata['causation'])!;
    const keyOf = (of: Record<string, unknown>): string => (of['sealed'] as readonly { readonly key: string }[])[0]!.key;
    expect(keyOf(data)).toBe(keyOf(JSON.parse(posted.data) as Record<string, unknown>));
  });

  it('are made after a restart where they were under way, and once', async () => {
    hold();
    const { messageId } = await alice.says(at('/held/restart'), { in: chat });
    await eventually('it is asked for', () => askedFor('/held/restart') === 1 || undefined);
    await Promise.all([alice.forgetsSocket(), bob.forgetsSocket()]);
    await appliance.restart();
    release();
    await sees(bob, messageId, [at('/held/restart')]);
    // A checkpoint that is older than what was done: all is gone through again, and nothing is added.
    const perMessage = async (): Promise<readonly (readonly [string, number])[]> => {
      const ids = (await events('LinkPreviewed')).map(({ data }) => (JSON.parse(data) as { readonly messageId: string }).messageId);
      return [...new Set(ids)].map((id) => [id, ids.filter((one) => one === id).length] as const);
    };
    const before = await perMessage();
    const asked = ['/pictured', '/away', '/bare/a', '/held/restart'].map(askedFor);
    await Promise.all([alice.forgetsSocket(), bob.forgetsSocket()]);
    await appliance.restart(() => writeFile(join(appliance.folder, 'link-previews.json'), '{"position":0}'));
    await settled();
    expect((await perMessage()).slice(0, before.length)).toEqual(before);
    expect(['/pictured', '/away', '/bare/a', '/held/restart'].map(askedFor)).toEqual(asked);
    const { position } = JSON.parse(await eventually('the checkpoint is past', async () => {
      const text = await readFile(join(appliance.folder, 'link-previews.json'), 'utf8');
      return (JSON.parse(text) as { position: number }).position > 0 ? text : undefined;
    })) as { position: number };
    expect(position).toBeGreaterThan(0);
  });

  it('wait for a log that takes no posts now', async () => {
    hold();
    const { messageId } = await alice.says(at('/held/full'), { in: chat });
    await eventually('it is asked for', () => askedFor('/held/full') === 1 || undefined);
    const refused = Promise.withResolvers<void>();
    const unwrap = wrapLog(appliance.house, () => ({
      append: async () => {
        refused.resolve();
        return { kind: 'refused', code: 'disk-reserve' };
      },
    }));
    release();
    await refused.promise;
    unwrap();
    await sees(bob, messageId, [at('/held/full')]);
  });
});

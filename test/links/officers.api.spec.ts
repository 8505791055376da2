import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportInquiry, openHit, openInquiry, searchArchive, startHistoryDownload } from '#src/contract/archive.ts';
import { withdrawLinkPreview } from '#src/contract/links.ts';
import { editMessage, readTimeline, retractMessage, type MessageLine } from '#src/contract/timeline.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { aPicture } from '#test/support/file-samples.ts';
import { bytesIn, jsonLines } from '#test/support/journey-zip.ts';
import { aPageServer, sends, type PageServer } from '#test/support/page-servers.ts';
import { aDirectChat, people, type Person } from '#test/support/people.ts';
import { bytesOf } from '#test/support/shared-files.ts';
import { eventually } from '#test/support/waiting.ts';

let pages: PageServer;
let appliance: Appliance;
let [alice, bob, olive] = [] as unknown as [Person, Person, Person];
let chat: string;
const inquiry = randomUUID();
const posted: Record<string, string> = {};
const at = (path: string): string => `${pages.url}${path}`;

const shown = (messageId: string): Promise<MessageLine> => eventually('the preview is there', async () => ((await alice.call(readTimeline, { conversationId: chat })).lines as readonly MessageLine[]).find((line) => line.messageId === messageId && line.previews.length > 0));
const posts = async (path: string): Promise<string> => {
  const { messageId } = await alice.says(`look at ${at(path)}`, { in: chat });
  await shown(messageId);
  return (posted[path] = messageId);
};

beforeAll(async () => {
  pages = await aPageServer((request, response) => {
    if (request.url === '/picture.png') sends(response, aPicture(600, 400), { 'Content-Type': 'image/png' });
    else sends(response, `<title>Concentrator ${request.url!.slice(1)}</title><meta property="og:site_name" content="Metering"><meta name="description" content="Where readings meet."><meta property="og:image" content="/picture.png">`);
  });
  appliance = await anAppliance({ env: { HANSARD_LINK_NETWORKS: '127.0.0.0/8', HANSARD_LINK_PORTS: String(pages.port) } });
  ({ alice, bob, olive } = await people(appliance, 'alice', 'bob', 'olive'));
  chat = await aDirectChat(alice, bob);
  for (const path of ['/kept', '/away', '/gone', '/edited']) await posts(path);
  await alice.call(withdrawLinkPreview, { conversationId: chat, messageId: posted['/away']!, link: 0 });
  await alice.call(retractMessage, { conversationId: chat, messageId: posted['/gone']! });
  await alice.call(editMessage, { conversationId: chat, messageId: posted['/edited']!, text: 'nothing to see' });
  await olive.call(openInquiry, { inquiry, reason: 'What did they look at?' });
});
afterAll(async () => {
  await appliance.close();
  await pages.close();
});

describe('an officer', () => {
  it('finds what pages said of themselves, withdrawn and retracted ones too', async () => {
    const { hits, facets } = await olive.call(searchArchive, { inquiry, query: 'concentrator', filter: { kinds: ['link'] }, oldestFirst: true });
    expect(hits.map(({ kind, state, text }) => [kind, state, text.split(' · ')[0]])).toEqual([['link', 'current', 'Concentrator kept'], ['link', 'retracted', 'Concentrator away'], ['link', 'retracted', 'Concentrator gone'], ['link', 'current', 'Concentrator edited']]);
    expect(facets.kinds).toContainEqual({ value: 'link', name: 'link', count: 4 });
  });

  it.each(['/kept', '/away', '/gone', '/edited'])('sees the preview of %s as people saw it, with its picture', async (path) => {
    const { hits } = await olive.call(searchArchive, { inquiry, query: `concentrator ${path.slice(1)}`, filter: { kinds: ['link'] } });
    const opened = await olive.call(openHit, { inquiry, conversationId: chat, revision: hits[0]!.revision });
    const [preview] = opened.previews;
    expect(opened.previews).toHaveLength(1);
    expect(preview).toMatchObject({ title: `Concentrator ${path.slice(1)}`, site: 'Metering', description: 'Where readings meet.', url: at(path), picture: { width: 480, height: 320 } });
    expect(Buffer.from(preview!.webp!, 'base64url').subarray(8, 12).toString()).toBe('WEBP');
    expect(preview!.withdrawnAt !== null).toBe(path === '/away');
    // And under its message, among what was said around it.
    const context = opened.context.find((line) => line.previews.some(({ url }) => url === at(path)));
    expect(context).toBeDefined();
    expect(opened.versions.map(({ what }) => what)).toEqual(path === '/gone' ? ['posted', 'retracted'] : path === '/edited' ? ['posted', 'edited'] : ['posted']);
  });

  it('takes them home, each picture named by its hash', async () => {
    const { url } = await olive.call(exportInquiry, { inquiry, query: '', filter: {} });
    const zip = await bytesIn(await bytesOf(await olive.fetch(url)));
    const lines = jsonLines(zip.get('events.jsonl')!.toString()).filter(({ type }) => type === 'LinkPreviewed') as unknown as readonly { readonly content: { readonly preview: { readonly title: string; readonly picture: Record<string, unknown> } } }[];
    expect(lines.map(({ content }) => content.preview.title)).toEqual(['Concentrator kept', 'Concentrator away', 'Concentrator gone', 'Concentrator edited']);
    for (const { content } of lines) expect(Object.keys(content.preview.picture).sort()).toEqual(['alt', 'height', 'sha256', 'width']);
    const text = zip.get('transcript.txt')!.toString();
    expect(text).toContain(`LinkPreviewed: Concentrator away (Metering): Where readings meet. <${at('/away')}>`);
    expect(text).toContain('LinkPreviewWithdrawn');
    expect((JSON.parse(zip.get('manifest.json')!.toString()) as { readonly state: string }).state).toBe('complete');
    const { hits } = await olive.call(searchArchive, { inquiry, query: 'concentrator kept', filter: { kinds: ['link'] } });
    const { previews } = await olive.call(openHit, { inquiry, conversationId: chat, revision: hits[0]!.revision });
    expect(createHash('sha256').update(Buffer.from(previews[0]!.webp!, 'base64url')).digest('hex')).toBe(lines[0]!.content.preview.picture['sha256']);
  });
});

describe('a history', () => {
  it('has the previews that people see, and no others', async () => {
    const zip = await bytesIn(await bytesOf(await bob.fetch((await bob.call(startHistoryDownload, { conversationId: chat })).url)));
    const text = zip.get('transcript.txt')!.toString();
    expect(text).toContain(`A link of Alice Abara leads to Concentrator kept (Metering): Where readings meet. <${at('/kept')}>`);
    for (const path of ['away', 'gone', 'edited']) expect(text).not.toContain(`Concentrator ${path}`);
    expect(jsonLines(zip.get('events.jsonl')!.toString()).filter(({ kind }) => kind === 'link-preview')).toMatchObject([{ title: 'Concentrator kept', site: 'Metering', description: 'Where readings meet.', url: at('/kept'), messageId: posted['/kept'] }]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '#appliance/config.ts';
import { fillDemo } from '#appliance/demo/demo.ts';
import { people } from '#appliance/demo/story.ts';
import { demoPassword } from '#appliance/demo/storyteller.ts';
import { aDeployment, type Deployment } from '#test/support/deploy.ts';

type Summary = { readonly title: string | null; readonly kind: string; readonly unread: number; readonly mentions: number; readonly conversationId: string };
type Line = { readonly kind: string; readonly text: string | null; readonly editedAt: number | null; readonly retracted: unknown; readonly reactions: readonly unknown[]; readonly replyTo: string | null };

describe('the demo', () => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await aDeployment();
    await fillDemo(readConfig({ HANSARD_DATA: deployment.folder, HANSARD_RESERVE_BYTES: '0' }));
    await deployment.start();
  }, 120_000);
  afterAll(() => deployment.remove());

  const signIn = async (signInName: string): Promise<{ readonly roles: readonly string[]; readonly get: (path: string) => Promise<unknown> }> => {
    const headers = { Origin: deployment.url, 'Content-Type': 'application/json' };
    const response = await fetch(`${deployment.url}/api/session`, { method: 'POST', headers, body: JSON.stringify({ signInName, password: demoPassword }) });
    const cookie = response.headers.getSetCookie()[0]!.split(';')[0]!;
    const { roles } = (await response.json()) as { readonly roles: readonly string[] };
    return { roles, get: async (path) => (await fetch(`${deployment.url}/api${path}`, { headers: { ...headers, Cookie: cookie } })).json() };
  };

  it('has four employees, an officer and an administrator, who can all sign in', async () => {
    for (const [name, { roles }] of Object.entries(people)) expect([name, (await signIn(name)).roles.toSorted()]).toEqual([name, roles.toSorted()]);
  });
  it('has a space with channels, a group and direct chats, and something unread that names somebody', async () => {
    const { conversations } = (await (await signIn('hanna')).get('/conversations')) as { readonly conversations: readonly Summary[] };
    expect(conversations.filter(({ kind }) => kind === 'channel').map(({ title }) => title).toSorted()).toEqual(['Field trials', 'Gateway images', 'Metering rollout', 'Supplier claims']);
    expect(conversations.filter(({ kind }) => kind === 'group').map(({ title }) => title)).toEqual(['Pricing']);
    expect(conversations.filter(({ kind }) => kind === 'direct')).toHaveLength(2);
    expect(conversations.find(({ title }) => title === 'Field trials')).toMatchObject({ unread: 2, mentions: 1 });
  });
  it('has messages that were edited, retracted, answered and reacted to', async () => {
    const mara = await signIn('mara');
    const { conversations } = (await mara.get('/conversations')) as { readonly conversations: readonly Summary[] };
    const field = conversations.find(({ title }) => title === 'Field trials')!;
    const { lines } = (await mara.get(`/conversations/${field.conversationId}/timeline?where=latest`)) as { readonly lines: readonly Line[] };
    const messages = lines.filter(({ kind }) => kind === 'message');
    expect(messages.filter(({ retracted }) => retracted !== null)).toHaveLength(1);
    for (const has of [({ editedAt }: Line) => editedAt !== null, ({ replyTo }: Line) => replyTo !== null, ({ reactions }: Line) => reactions.length > 0]) expect(messages.some(has)).toBe(true);
  });
});

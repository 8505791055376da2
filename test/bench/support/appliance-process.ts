import '#appliance/outside-memory.ts';
import { randomUUID } from 'node:crypto';
import { readConfig } from '#appliance/config.ts';
import { openHouse } from '#appliance/house/house.ts';
import { newToken, tokenHash } from '#appliance/house/sessions.ts';
import { serveDoors } from '#appliance/web/server.ts';
import { openAccount } from '#src/accounts/open-account.ts';
import { signIn } from '#src/accounts/sign-in.ts';
import { usePasswordLink } from '#src/accounts/use-password-link.ts';
import { openGroup } from '#src/conversations/open-group.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import { postMessage } from '#src/messages/post-message.ts';
import { putSetting } from '#src/settings/put-setting.ts';
import type { Asked, BenchPerson } from './ask.ts';

/**
 * The appliance under measurement, in a process of its own, with real flushes. People and groups are made through the desk as
 * real commands; only the password hashing is left out.
 */
const config = readConfig({ HANSARD_DATA: process.argv[2]!, HANSARD_PORT: '0', HANSARD_CALLS_PER_SECOND: '1000000', HANSARD_FRAMES_PER_SECOND: '1000000', HANSARD_SIGN_INS_PER_MINUTE: '1000000', HANSARD_RESERVE_BYTES: '1', ...(JSON.parse(process.argv[3]!) as Record<string, string>) });
const began = performance.now();
const house = await openHouse(config);
const doors = await serveDoors(house);
const readyMs = performance.now() - began;

const operator = { kind: 'operator', id: 'bench' } as const;
const must = <T>(result: T): Exclude<T, { refused: true }> => {
  if (isRefusal(result)) throw new Error(result.sentence);
  return result as Exclude<T, { refused: true }>;
};

const person = async (index: number): Promise<BenchPerson> => {
  const account = randomUUID();
  const link = newToken();
  const token = newToken();
  const at = Date.now();
  must(await house.commandAs(operator, openAccount, { account, signInName: `p${index}`, displayName: `Person ${index}`, roles: ['employee'], tokenHash: tokenHash(link), expiresAt: at + 60_000 }));
  const set = must(await house.commandAs({ kind: 'account', id: account }, usePasswordLink, { tokenHash: tokenHash(link), hash: 'none' }));
  must(await house.commandAs({ kind: 'account', id: account }, signIn, { sessionHash: tokenHash(token), expiresAt: at + 3_600_000, address: '127.0.0.1', agent: 'bench', credential: set.events[0]!.revision }));
  return { account, token };
};

const inParts = async <T, R>(items: readonly T[], work: (item: T) => Promise<R>, atOnce = 200): Promise<R[]> => {
  const done: R[] = [];
  for (let i = 0; i < items.length; i += atOnce) done.push(...(await Promise.all(items.slice(i, i + atOnce).map(work))));
  return done;
};

const answers: { readonly [K in Asked['do']]: (asked: Extract<Asked, { do: K }>) => Promise<unknown> } = {
  people: ({ count, from }) => inParts(Array.from({ length: count }, (_, i) => from + i), person),
  groups: ({ groups }) => inParts(groups, async (members) => {
    const conversationId = randomUUID();
    must(await house.commandAs({ kind: 'account', id: members[0]! }, openGroup, { conversationId, title: 'Bench', members: [...members.slice(1)] }));
    return conversationId;
  }, 50),
  allow: async () => {
    for (const [name, value] of [['groupMembersMax', 1000], ['files.maxBytes', 2 ** 40], ['files.quotaBytes', 2 ** 45]] as const) must(await house.commandAs(operator, putSetting, { name, value }));
    return null;
  },
  fill: async ({ conversation, author, texts }) => {
    await inParts(texts, (text) => house.commandAs({ kind: 'account', id: author }, postMessage, { conversationId: conversation, messageId: randomUUID(), text, mentions: [], form: 'text' }).then(must), 2_000);
    return null;
  },
  settled: async () => {
    await house.views.caughtUp((await house.log.head()).size - 1);
    return (await house.log.head()).size;
  },
  memory: async () => {
    globalThis.gc?.();
    return process.memoryUsage();
  },
  cpu: async () => process.cpuUsage(),
  stop: async () => {
    await doors.close();
    await house.close();
    return null;
  },
};

process.on('message', (asked: Asked & { readonly n: number }) => {
  void (answers[asked.do] as (asked: Asked) => Promise<unknown>)(asked).then(
    (value) => process.send!({ n: asked.n, value }, () => asked.do === 'stop' && process.exit(0)),
    (cause: unknown) => process.send!({ n: asked.n, failed: cause instanceof Error ? cause.message : String(cause) }),
  );
});
process.send!({ n: 0, value: { port: doors.port, readyMs } });

import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPage } from '#appliance/house/sealer.ts';
import { importJsonl, type ImportReport } from '#appliance/import/import-jsonl.ts';
import { askAppliance, reachAppliance } from '#appliance/operator/ask-appliance.ts';
import { importedSpaceId } from '#appliance/import/found-imported-space.ts';
import { operator } from '#appliance/verbs/verb.ts';
import { openAccount } from '#src/accounts/open-account.ts';
import { joinChannel } from '#src/conversations/join-channel.ts';
import type { Opened } from '#src/every-event.ts';
import { letIntoSpace } from '#src/import/let-into-space.ts';
import { uuidv4 } from '#src/kernel/ids.ts';
import { postMessage } from '#src/messages/post-message.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import { streams } from '#src/kernel/streams.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { aDeployment, type Deployment } from '#test/support/deploy.ts';

const fixture = fileURLToPath(new URL('../fixtures/ubuntu-irc-3000.jsonl', import.meta.url));
type Line = { readonly at: string; readonly kind: string; readonly nick: string; readonly text: string };
const lines = readFileSync(fixture, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as Line);

const imports = async (appliance: Appliance, file: string, into = 'Ubuntu'): Promise<ImportReport> => {
  const report = await importJsonl(appliance.house, { file, into, onProgress: () => {}, signal: new AbortController().signal });
  if (isRefusal(report)) throw new Error(report.sentence);
  return report;
};

const openedOf = async ({ house, recorded }: Appliance, conversationId: string): Promise<readonly Opened[]> => (await openPage(await recorded(streams.conversation(conversationId)), house.logId, house.keyring)) as readonly Opened[];

/** What the record says was said, in its order: one entry a line, whatever its kind. */
const saidIn = (events: readonly Opened[]) =>
  events.flatMap((event) => {
    if (event.type === 'MessagePosted') return [{ line: event.data.imported?.line, kind: event.data.form === 'action' ? 'action' : 'message', at: event.data.imported?.saidAt, text: event.content.text?.text }];
    if (event.type === 'MemberJoined' && !event.data.assumed) return [{ line: event.data.imported?.line, kind: 'joined', at: event.data.imported?.saidAt, text: '' }];
    return event.type === 'MemberLeft' ? [{ line: event.data.imported?.line, kind: 'left', at: event.data.imported?.saidAt, text: '' }] : [];
  });
const saidInFile = lines.map(({ at, kind, text }, index) => ({ line: index + 1, kind, at: Date.parse(at), text }));

describe('importing what was said elsewhere', () => {
  let appliance: Appliance;
  let first: ImportReport;
  beforeAll(async () => {
    appliance = await anAppliance();
    first = await imports(appliance, fixture);
  });
  afterAll(() => appliance.close());

  it('tells what it did with every line', () => {
    expect(first.table).toEqual({
      linesRead: 3_022, messages: 2_977, actions: 14, joins: 24, leaves: 7, joinsSeenTwice: 3, joinsAfterAssumed: 0, joinsAssumed: 367, timesGoneBack: 1, emptyTexts: 2, nicknames: 388, rooms: 1, recorded: 3_022, alreadyThere: 0, refused: 0, refusedByReason: {}, refusedLines: [],
    });
  });
  it('records every line as it is in the file, in its order, with the time it states', async () => {
    expect(saidIn(await openedOf(appliance, first.conversations[0]!.conversationId))).toEqual(saidInFile);
  });
  it('says of every event of it that it was imported, and by whom', async () => {
    const events = await openedOf(appliance, first.conversations[0]!.conversationId);
    expect(new Set(events.map(({ metadata }) => `${metadata.actor.kind} ${metadata.actor.id} ${metadata.door}`))).toEqual(new Set([`import ${first.batch} import`]));
    expect(events.filter(({ data }) => (data as { imported?: { batch: string } }).imported?.batch !== first.batch)).toEqual([]);
  });
  it('marks the joins that it had to assume, and only those', async () => {
    const events = await openedOf(appliance, first.conversations[0]!.conversationId);
    expect(events.filter((event) => event.type === 'MemberJoined' && event.data.assumed)).toHaveLength(367);
  });
  it('records nothing twice when it is run again, from a packed copy under another name too', async () => {
    const size = await appliance.logSize();
    const again = await imports(appliance, fixture);
    const folder = await mkdtemp(join(tmpdir(), 'hansard-import-'));
    await writeFile(join(folder, 'copy.gz'), gzipSync(readFileSync(fixture)));
    const packed = await imports(appliance, join(folder, 'copy.gz'));
    await rm(folder, { recursive: true });
    expect([again.before, again.table.recorded, again.table.alreadyThere]).toEqual([true, 0, 3_022]);
    expect([packed.batch, packed.table.recorded]).toEqual([first.batch, 0]);
    expect(await appliance.logSize()).toBe(size);
  });
  it('keeps nicknames from signing in', () => {
    const nicknames = [...Array(appliance.house.standing.accountsCount).keys()];
    expect(nicknames.length).toBe(389);
    expect(appliance.house.standing.holdersOf('employee')).toEqual([]);
  });
  it('refuses a name that a space of people has, and a file that is not there', async () => {
    const signal = new AbortController().signal;
    await expect(importJsonl(appliance.house, { file: '/nowhere.jsonl', into: 'X', onProgress: () => {}, signal })).rejects.toThrow('/nowhere.jsonl cannot be read.');
    expect(await importJsonl(appliance.house, { file: fixture, into: 'a\u0000b', onProgress: () => {}, signal })).toMatchObject({ code: 'malformed' });
  });
});

describe('lines that cannot be imported', () => {
  it('are counted and named with the reason, and the others come in', async () => {
    const appliance = await anAppliance();
    const folder = await mkdtemp(join(tmpdir(), 'hansard-import-'));
    const good = (text: string) => JSON.stringify({ at: '2020-01-01T00:00:00Z', room: '#r', kind: 'message', nick: 'n', text });
    const file = join(folder, 'odd.jsonl');
    await writeFile(file, [good('one'), 'not json', '', good('two').replace('"text"', '"more":1,"text"'), '{"at":"2020-01-01T00:00:00Z","room":"#r","kind":"message","nick":"n","text":"\\ud800"}', good('x'.repeat(200_000)), good('x'.repeat(300_000)), good('three').replace('2020-', '1960-'), good('four').replace('"message"', '"joined"'), good('five')].join('\n'));
    const { table, conversations } = await imports(appliance, file, 'Odd');
    expect(table).toMatchObject({ linesRead: 10, messages: 2, recorded: 2, refused: 8 });
    expect(table.refusedLines.map(({ line }) => line)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(Object.values(table.refusedByReason).reduce((sum, count) => sum + count, 0)).toBe(8);
    expect(saidIn(await openedOf(appliance, conversations[0]!.conversationId)).map(({ text }) => text)).toEqual(['one', 'five']);
    await rm(folder, { recursive: true });
    await appliance.close();
  });
});

describe('an import that people of ours spoke into, half way', () => {
  it('has every line once all the same, and lets them in only as the operator says', async () => {
    const appliance = await anAppliance();
    const { house } = appliance;
    const alice = uuidv4();
    await house.commandAs(operator, openAccount, { account: alice, signInName: 'alice', displayName: 'Alice', roles: ['employee'], tokenHash: 'x', expiresAt: 0 });
    const interrupted = new AbortController();
    const stopped = await importJsonl(house, { file: fixture, into: 'Ubuntu', signal: interrupted.signal, onProgress: () => interrupted.abort() });
    expect(stopped).toMatchObject({ refused: true, sentence: expect.stringContaining('run it again to go on') });
    const space = importedSpaceId(house, 'Ubuntu');
    const { value: channels } = await house.views.ask('desk.channelsOfSpace', { space, account: alice }, house.hub.position);
    const { conversationId } = channels.find(({ general }) => !general)!;
    const asAlice = { kind: 'account', id: alice } as const;
    expect(await house.commandAs(asAlice, joinChannel, { conversationId })).toMatchObject({ refused: true });
    await house.commandAs(operator, letIntoSpace, { space, account: alice });
    expect(isRefusal(await house.commandAs(asAlice, joinChannel, { conversationId }))).toBe(false);
    expect(isRefusal(await house.commandAs(asAlice, postMessage, { conversationId, messageId: uuidv4(), text: 'hello from here', mentions: [], form: 'text' }))).toBe(false);
    const rest = await imports(appliance, fixture);
    expect(rest.table.recorded).toBeGreaterThan(0);
    // Alice's own events stand between: the revisions prove nothing now, and the desk is asked line by line.
    const again = await imports(appliance, fixture);
    expect(again.table).toMatchObject({ recorded: 0, alreadyThere: 3_022 });
    const said = saidIn(await openedOf(appliance, conversationId)).filter(({ line }) => line !== undefined);
    expect(said).toEqual(saidInFile);
    await appliance.close();
  });
});

describe('an import that is killed half way', () => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await aDeployment();
  });
  afterAll(() => deployment.remove());

  it('goes on where it was, and has every line once', { timeout: 120_000 }, async () => {
    await deployment.start();
    const socket = await reachAppliance(join(deployment.folder, 'operator.sock'));
    let heard = 0;
    const asking = askAppliance(socket!, { verb: 'import.jsonl', input: { file: fixture, into: 'Ubuntu', letIn: [] } }, ({ done }) => {
      heard = done;
      // By now the first thousand lines are durable, and the last ones are not even sent.
      if (done >= 2_900) void deployment.stop('SIGKILL');
    });
    await expect(asking).rejects.toThrow('The appliance stopped before it had answered.');
    expect(heard).toBeLessThan(3_022);
    const ran = await deployment.hansard('import', 'jsonl', fixture, '--into', 'Ubuntu', '--json');
    expect(ran.err).toBe('');
    const report = ran.json() as ImportReport;
    expect(report.table).toMatchObject({ linesRead: 3_022, messages: 2_977, joinsAssumed: 367, refused: 0 });
    expect(report.table.recorded).toBeGreaterThan(0);
    expect(report.table.alreadyThere).toBeGreaterThan(0);
    expect(report.table.recorded + report.table.alreadyThere).toBe(3_022);
    const again = (await deployment.hansard('import', 'jsonl', fixture, '--into', 'Ubuntu', '--json')).json() as ImportReport;
    expect(again.table).toMatchObject({ recorded: 0, alreadyThere: 3_022, joinsAssumed: 367 });
  });
});

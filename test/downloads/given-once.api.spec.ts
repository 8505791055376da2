import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withdrawRole } from '#src/contract/accounts.ts';
import { closeInquiry, exportInquiry, openInquiry } from '#src/contract/archive.ts';
import { exportFiles } from '#src/contract/files.ts';
import { canonical } from '#src/kernel/canonical.ts';
import type { RecordedEvent } from '#src/kernel/event.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { bytesIn, jsonLines } from '#test/support/journey-zip.ts';
import { aDirectChat, people, type Person } from '#test/support/people.ts';
import { isRefused } from '#test/support/person-socket.ts';
import { bytesOf, shares, someBytes } from '#test/support/shared-files.ts';

let appliance: Appliance;
let olive: Person;
let oscar: Person;
let aheadMs = 0;

beforeAll(async () => {
  appliance = await anAppliance({ clock: () => Date.now() + aheadMs });
  const all = await people(appliance, 'alice', 'bob', 'olive', 'oscar');
  ({ olive, oscar } = all);
  const chat = await aDirectChat(all.alice, all.bob);
  for (const text of ['tea at four', 'no tea', 'more tea']) await all.bob.says(text, { in: chat });
  for (const name of ['tea.bin', 'another tea.bin']) await shares(all.alice, someBytes(1_000), { in: chat, name });
});
afterAll(() => appliance.close());

const anInquiry = async (): Promise<string> => {
  const inquiry = randomUUID();
  await olive.call(openInquiry, { inquiry, reason: 'Tea was reported.' });
  return inquiry;
};
const exportsOnRecord = async (): Promise<readonly RecordedEvent[]> => (await appliance.recorded()).filter(({ type }) => type === 'ExportMade');
const digestOnRecord = async (): Promise<unknown> => (JSON.parse((await exportsOnRecord()).at(-1)!.data) as { readonly digest: unknown }).digest;
const zipFrom = async (url: string): Promise<ReadonlyMap<string, Buffer>> => bytesIn(await bytesOf(await olive.fetch(url)));

describe.each([
  { what: 'events', askFor: (inquiry: string, about: string, commandId: string) => olive.answer(exportInquiry, { inquiry, query: about, filter: {} }, { commandId }) },
  { what: 'files', askFor: (inquiry: string, about: string, commandId: string) => olive.answer(exportFiles, { inquiry, name: about, filter: {} }, { commandId }) },
])('an export of $what', ({ askFor }) => {
  const given = async (inquiry: string, commandId: string, about = 'tea') => {
    const answer = await askFor(inquiry, about, commandId);
    if (isRefused(answer)) throw new Error(answer.sentence);
    return answer;
  };
  const refusedAs = async (inquiry: string, commandId: string): Promise<string | undefined> => {
    const answer = await askFor(inquiry, 'tea', commandId);
    return isRefused(answer) ? answer.code : undefined;
  };

  it('that is asked for again, at once or later, is one export at one address, which works once', async () => {
    const [inquiry, commandId, before] = [await anInquiry(), randomUUID(), (await exportsOnRecord()).length];
    const [first, meanwhile] = await Promise.all([given(inquiry, commandId), given(inquiry, commandId)]);
    expect([meanwhile, await given(inquiry, commandId)]).toEqual([first, first]);
    expect((await exportsOnRecord()).length).toBe(before + 1);
    expect((await zipFrom(first.url)).has('manifest.json')).toBe(true);
    expect((await olive.fetch(first.url)).status).toBe(404);
    expect([await refusedAs(inquiry, commandId), (await olive.fetch(first.url)).status]).toEqual(['export-ended', 404]);
    expect((await exportsOnRecord()).length).toBe(before + 1);
  });

  it('that nobody fetched is refused when its minute is over', async () => {
    const [inquiry, commandId] = [await anInquiry(), randomUUID()];
    const { url } = await given(inquiry, commandId);
    aheadMs += 61_000;
    expect([await refusedAs(inquiry, commandId), (await olive.fetch(url)).status]).toEqual(['export-ended', 404]);
  });

  it('is refused under an inquiry that was closed since, fetched or not', async () => {
    const [inquiry, fetched, waiting] = [await anInquiry(), randomUUID(), randomUUID()];
    await zipFrom((await given(inquiry, fetched)).url);
    await given(inquiry, waiting);
    await olive.call(closeInquiry, { inquiry });
    expect([await refusedAs(inquiry, fetched), await refusedAs(inquiry, waiting)]).toEqual(['inquiry-not-open', 'inquiry-not-open']);
  });

  it('is not given a second time by an appliance that was restarted', async () => {
    const [inquiry, commandId] = [await anInquiry(), randomUUID()];
    await zipFrom((await given(inquiry, commandId)).url);
    await appliance.restart();
    expect(await refusedAs(inquiry, commandId)).toBe('export-ended');
  });

  it('has on record the digest of the canonical list of what is in it', async () => {
    const { url, count } = await given(await anInquiry(), randomUUID());
    const refs = jsonLines((await zipFrom(url)).get('events.jsonl')!.toString()).map(({ stream, revision }) => [stream as string, revision as number] as const);
    expect(refs.length).toBe(count);
    expect(await digestOnRecord()).toBe(createHash('sha256').update(canonical(refs)).digest('base64url'));
    await given(await anInquiry(), randomUUID(), 'nowhere');
    expect(await digestOnRecord()).toBe(createHash('sha256').update('[]').digest('base64url'));
  });

  it('is not recorded before the reason that goes into it is known, as of everything that was followed', async () => {
    const [inquiry, before] = [await anInquiry(), (await exportsOnRecord()).length];
    const { views, hub } = appliance.house;
    const [asked, gate] = [Promise.withResolvers<number | undefined>(), Promise.withResolvers<void>()];
    const upTo = hub.position;
    const ask = views.ask;
    const held = async (...question: Parameters<typeof ask>) => {
      if (question[0] === 'archive.inquiries') {
        asked.resolve(question[2]);
        await gate.promise;
      }
      return ask.apply(views, question);
    };
    Object.assign(views, { ask: held });
    try {
      const made = given(inquiry, randomUUID());
      expect(await asked.promise).toBeGreaterThanOrEqual(upTo);
      expect((await exportsOnRecord()).length).toBe(before);
      gate.resolve();
      const manifest = JSON.parse((await zipFrom((await made).url)).get('manifest.json')!.toString()) as Record<string, unknown>;
      expect(manifest['reason']).toBe('Tea was reported.');
    } finally {
      gate.resolve();
      Object.assign(views, { ask });
    }
  });
});

describe('an export of an officer who is none any more', () => {
  it('is not given, though it waits', async () => {
    const inquiry = randomUUID();
    await oscar.call(openInquiry, { inquiry, reason: 'Tea was reported.' });
    const { url } = await oscar.call(exportInquiry, { inquiry, query: 'tea', filter: {} });
    await olive.call(withdrawRole, { account: oscar.account, role: 'officer' });
    expect((await oscar.fetch(url)).status).toBe(404);
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openInquiry, readAudit } from '#src/contract/archive.ts';
import { searchFiles, shareFile, withdrawFile, type ArchivedFile, type ReadInside } from '#src/contract/files.ts';
import type { InputOf, OutputOf } from '#src/contract/endpoint.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { aDirectChat, aSpace, people, type Person } from '#test/support/people.ts';
import { aPicture, shares, uploads } from '#test/support/shared-files.ts';
import { eventually } from '#test/support/waiting.ts';
import { aDocument, aPdf, paragraph } from '#test/support/word-samples.ts';

let appliance: Appliance;
let [alice, bob, olive] = [] as unknown as [Person, Person, Person];
let chat: string;
const inquiry = randomUUID();

beforeAll(async () => {
  appliance = await anAppliance();
  ({ alice, bob, olive } = await people(appliance, 'alice', 'bob', 'olive'));
  chat = await aDirectChat(alice, bob);
  await olive.call(openInquiry, { inquiry, reason: 'A side agreement was reported.' });
});
afterAll(() => appliance.close());

type Asked = Partial<Omit<InputOf<typeof searchFiles>, 'inquiry'>>;
const search = (asked: Asked): Promise<OutputOf<typeof searchFiles>> => olive.call(searchFiles, { inquiry, filter: {}, ...asked });
const countOf = (inside: ReadInside | null, state: string): number => inside!.states.find((one) => one.state === state)?.count ?? 0;
/** Once nothing waits any more. */
const searchWhenRead = (asked: Asked): Promise<OutputOf<typeof searchFiles>> =>
  eventually('every file was read', async () => {
    const answer = await search(asked);
    return countOf(answer.inside, 'waiting') === 0 && answer;
  }, () => search(asked), 20_000);
const namesOf = (files: readonly ArchivedFile[]): readonly (string | null)[] => files.map(({ name }) => name);

describe('an officer', () => {
  it('finds files by the words inside, with the place where they stand, withdrawn ones too', async () => {
    const pdf = await shares(alice, aPdf(['Minutes of March', `${'and so on '.repeat(60)}the side agreement of 12 March ${'and so on '.repeat(60)}`]), { in: chat, name: 'minutes.pdf' });
    await shares(bob, aDocument(paragraph('There is no agreement on the side.')), { in: chat, name: 'answer.docx' });
    await alice.call(withdrawFile, { conversationId: chat, fileId: pdf });
    const { total, files: [file], inside } = await searchWhenRead({ words: '"side agreement"' });
    expect([total, file!.fileId, file!.withdrawn, file!.words]).toEqual([1, pdf, true, 'read']);
    const { text, marks } = file!.excerpt!;
    expect(marks.map(([from, to]) => text.slice(from, to))).toEqual(['side agreement']);
    expect(text).toMatch(/^… .*the side agreement of 12 March .* …$/);
    expect(text.length).toBeLessThan(400);
    expect(inside).toEqual({ of: 2, states: [{ state: 'read', count: 2 }] });
    expect(namesOf((await search({ words: 'agreement NOT minutes' })).files)).toEqual(['answer.docx']);
    expect(namesOf((await search({ words: 'agree*', name: 'minutes' })).files)).toEqual(['minutes.pdf']);
    expect(namesOf((await search({ words: '-minutes' })).files)).toEqual(['answer.docx']);
  });

  it('is told how many files were not read, and why each was not', async () => {
    await shares(alice, aPdf(['secret'], { encrypted: true }), { in: chat, name: 'locked.pdf' });
    await shares(alice, aPicture, { in: chat, name: 'photo.png' });
    await shares(alice, aPdf(['']), { in: chat, name: 'scanned.pdf' });
    const { inside } = await searchWhenRead({ words: 'nowhere' });
    expect(inside).toEqual({ of: 5, states: [{ state: 'read', count: 2 }, { state: 'encrypted', count: 1 }, { state: 'no-text', count: 1 }, { state: 'unsupported', count: 1 }] });
    const listed = await search({ filter: { unread: true } });
    expect(listed.files.map(({ name, words }) => [name, words])).toEqual([['scanned.pdf', 'no-text'], ['photo.png', 'unsupported'], ['locked.pdf', 'encrypted']]);
    expect([listed.total, listed.inside!.of]).toEqual([3, 5]);
    expect((await search({ name: 'locked' })).files.map(({ words, excerpt }) => [words, excerpt])).toEqual([['encrypted', null]]);
    expect((await search({ words: 'agreement', filter: { senders: [bob.account] } })).inside).toEqual({ of: 1, states: [{ state: 'read', count: 1 }] });
  });

  it('leaves the words looked for on record, before the answer', async () => {
    await search({ words: 'agreement', name: 'minutes', filter: { unread: true } });
    const { rows } = await olive.call(readAudit, { kinds: ['inquiry'] });
    expect(rows.map(({ says }) => says).find((says) => says.includes('minutes'))).toMatch(/minutes.*inside “agreement”.*only what was not read inside/);
  });

  it('is told where a file was shared, and which it is of the files of one message', async () => {
    const { general: channel } = await aSpace(alice, [bob], 'Metering');
    const messageId = randomUUID();
    for (const name of ['first.txt', 'second.txt']) {
      const fileId = await uploads(alice, Buffer.from(`${name} of the appendix`), { in: channel, name });
      await alice.call(shareFile, { conversationId: channel, fileId, name, messageId });
    }
    const { files } = await searchWhenRead({ words: 'appendix', filter: { conversations: [channel] } });
    expect(files.map(({ name, conversationTitle, withMessage }) => [name, conversationTitle, withMessage])).toEqual([['second.txt', 'Metering / General', { messageId, n: 2, of: 2 }], ['first.txt', 'Metering / General', { messageId, n: 1, of: 2 }]]);
  });

  it('is refused what cannot be read as a search, with the place', async () => {
    expect((await olive.refusal(searchFiles, { inquiry, words: '"open', filter: {} })).code).toBe('query-unreadable');
    expect((await olive.refusal(searchFiles, { inquiry, words: 'from:alice', filter: {} })).sentence).toContain('filters');
  });
});

import { describe, expect, it } from 'vitest';
import { unfiledCase } from '#src/archive/case.ts';
import type { CaseEvent } from '#src/archive/events.ts';
import { exportFiles, type ExportFiles } from '#src/files/export-files.ts';
import { canonical } from '#src/kernel/canonical.ts';
import type { JsonObject } from '#src/kernel/event.ts';
import { recorded, specOf } from '../given-when-then.ts';
import { adam, alice, by, idOf, noon, olive, oscar } from '../people.ts';

const inquiry = idOf(700);
const everyFile: ExportFiles['filter'] = { conversations: [], senders: [], types: [] };
const inUnfiled = <E extends CaseEvent>(event: E): E & { readonly stream: string } => ({ ...event, stream: `case-${unfiledCase}` });
const aCase = () => inUnfiled({ type: 'CaseOpened', data: { at: noon, by: 'appliance', case: unfiledCase }, content: { case: { title: 'Unfiled' } } });
const anInquiry = () => inUnfiled({ type: 'InquiryOpened', data: { at: noon, by: olive, inquiry }, content: { case: { reason: 'Complaint 12' } } });
const aClosing = () => inUnfiled({ type: 'InquiryClosed', data: { at: noon, by: olive, inquiry } });
const aWish = (input: Partial<ExportFiles> = {}): ExportFiles => ({ count: 2, digest: 'd', export: idOf(710), filter: everyFile, inquiry, name: 'minutes', position: 90, words: 'agreement', ...input });
const anExport = (filter: JsonObject = { ...everyFile, kinds: ['file'], words: 'agreement' }) =>
  inUnfiled({ type: 'ExportMade', data: { at: noon, by: olive, count: 2, digest: 'd', export: idOf(710), inquiry, position: 90 }, content: { case: { filter: canonical(filter), query: 'minutes' } } });

describe('exporting files', () => {
  const { given } = specOf(exportFiles);
  it('records what leaves, that it was a search for files, and the words inside', () => given(aCase(), anInquiry()).when(aWish(), by(olive)).then(anExport()));
  it('records no words where none were looked for', () => given(aCase(), anInquiry()).when(aWish({ words: '' }), by(olive)).then(anExport({ ...everyFile, kinds: ['file'] })));
  it('refuses without an inquiry, and under a closed one', () => {
    given(aCase()).when(aWish(), by(olive)).thenRefused('inquiry-not-open');
    given(aCase(), anInquiry(), aClosing()).when(aWish(), by(olive)).thenRefused('inquiry-not-open');
  });
  it('refuses under the inquiry of another officer', () => given(aCase(), anInquiry()).when(aWish(), by(oscar)).thenRefused('inquiry-not-open'));
  it('refuses who is no officer', () => {
    given(aCase(), anInquiry()).when(aWish(), by(alice)).thenRefused('not-allowed');
    given(aCase(), anInquiry()).when(aWish(), by(adam)).thenRefused('not-allowed');
  });
  it('knows another name, other words and another filter for another intent, and another count for the same', () => {
    const first = recorded([anExport()]);
    for (const other of [{ name: 'notes' }, { words: 'agreed' }, { words: '' }, { filter: { ...everyFile, unread: true as const } }, { inquiry: idOf(701) }]) expect(exportFiles.isSameIntent(aWish(other), first)).toBe(false);
    expect(exportFiles.isSameIntent(aWish({ count: 3, digest: 'e', export: idOf(711), position: 91 }), first)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { unfiledCase } from '#src/archive/case.ts';
import { closeInquiry } from '#src/archive/close-inquiry.ts';
import type { CaseEvent } from '#src/archive/events.ts';
import { exportInquiry, type ExportInquiry } from '#src/archive/export-inquiry.ts';
import { openCase } from '#src/archive/open-case.ts';
import { openHit, type OpenHit } from '#src/archive/open-hit.ts';
import { openInquiry } from '#src/archive/open-inquiry.ts';
import { recordAnswer } from '#src/archive/record-answer.ts';
import { recordAuditLook } from '#src/archive/record-audit-look.ts';
import { searchArchive, type SearchArchive } from '#src/archive/search-archive.ts';
import { canonical } from '#src/kernel/canonical.ts';
import { isUuid } from '#src/kernel/ids.ts';
import { recorded, specOf } from '../given-when-then.ts';
import { aRoleGranted, aSuspension, group } from '../makers.ts';
import { adam, alice, by, bySystem, idOf, noon, olive, oscar } from '../people.ts';

const inquiry = idOf(700);
const look = idOf(701);
const noFilter: SearchArchive['filter'] = { conversations: [], kinds: [], people: [], states: [] };
const inUnfiled = <E extends CaseEvent>(event: E): E & { readonly stream: string } => ({ ...event, stream: `case-${unfiledCase}` });

const aCase = (title = 'Unfiled') => inUnfiled({ type: 'CaseOpened', data: { at: noon, by: 'appliance', case: unfiledCase }, content: { case: { title } } });
const anInquiry = (officer = olive, id = inquiry) => inUnfiled({ type: 'InquiryOpened', data: { at: noon, by: officer, inquiry: id }, content: { case: { reason: 'Complaint 12' } } });
const aClosing = () => inUnfiled({ type: 'InquiryClosed', data: { at: noon, by: olive, inquiry } });
const aSearch = (content: { readonly filter?: string; readonly from?: number; readonly query?: string } = {}) =>
  inUnfiled({ type: 'Looked', data: { at: noon, by: olive, inquiry, kind: 'search', look }, content: { case: { filter: canonical(noFilter), from: 0, oldestFirst: false, query: 'bonus', ...content } } });
const aHit = () => inUnfiled({ type: 'Looked', data: { at: noon, by: olive, inquiry, kind: 'hit', look }, content: { case: { around: 10, conversation: group, revision: 4 } } });
const found = { count: 2, digest: 'd', position: 90 };
const anAnswer = () => inUnfiled({ type: 'Answered', data: { at: noon, by: olive, count: 2, digest: 'd', inquiry, look, position: 90 } });

describe('opening a case', () => {
  const { given } = specOf(openCase);
  const unfiled = { by: 'appliance', case: unfiledCase, title: 'Unfiled' };
  it('has a fixed id for Unfiled', () => expect(isUuid(unfiledCase)).toBe(true));
  it('records whose it is and its title', () => given().when(unfiled, bySystem).then(aCase()));
  it('opens a case once, however often the appliance starts', () => given(aCase()).when(unfiled, bySystem).thenRefused('nothing-to-record'));
  it('is not for officers', () => given().when(unfiled, by(olive)).thenRefused('not-allowed'));
});

describe('opening an inquiry', () => {
  const { given } = specOf(openInquiry);
  const anOpening = { inquiry, reason: 'Complaint 12' };
  it('records who asks and why', () => given(aCase()).when(anOpening, by(olive)).then(anInquiry()));
  it('refuses a second inquiry under one id, of whomever', () => {
    given(aCase(), anInquiry()).when({ ...anOpening, reason: 'Another' }, by(olive)).thenRefused('inquiry-id-taken');
    given(aCase(), anInquiry()).when(anOpening, by(oscar)).thenRefused('inquiry-id-taken');
  });
  it('does not open a closed one again', () => given(aCase(), anInquiry(), aClosing()).when(anOpening, by(olive)).thenRefused('inquiry-id-taken'));
  it('refuses who is no officer, administrators too', () => {
    given(aCase()).when(anOpening, by(alice)).thenRefused('not-allowed');
    given(aCase()).when(anOpening, by(adam)).thenRefused('not-allowed');
  });
  it('refuses a suspended officer', () => given(aCase(), aSuspension(olive)).when(anOpening, by(olive)).thenRefused('not-allowed'));
  it('takes who became an officer', () => given(aCase(), aRoleGranted(alice, 'officer')).when(anOpening, by(alice)).then(anInquiry(alice)));
  it('knows another reason for another intent', () => expect(openInquiry.isSameIntent({ inquiry, reason: 'Another' }, recorded([anInquiry()]))).toBe(false));
});

describe('searching the archive', () => {
  const { given } = specOf(searchArchive);
  const aWish = (input: Partial<SearchArchive> = {}): SearchArchive => ({ filter: noFilter, from: 0, inquiry, look, oldestFirst: false, query: 'bonus', ...input });
  it('records the look with what was asked', () => given(aCase(), anInquiry()).when(aWish(), by(olive)).then(aSearch()));
  it('records every page', () => given(aCase(), anInquiry(), aSearch(), anAnswer()).when(aWish({ from: 50 }), by(olive)).then(aSearch({ from: 50 })));
  it('records the filter', () => {
    const filter = { ...noFilter, people: [alice], until: noon };
    given(aCase(), anInquiry()).when(aWish({ filter }), by(olive)).then(aSearch({ filter: canonical(filter) }));
  });
  it('records an empty query: it finds everything', () => given(aCase(), anInquiry()).when(aWish({ query: '' }), by(olive)).then(aSearch({ query: '' })));
  it('refuses without an inquiry', () => given(aCase()).when(aWish(), by(olive)).thenRefused('inquiry-not-open'));
  it('refuses under a closed one', () => given(aCase(), anInquiry(), aClosing()).when(aWish(), by(olive)).thenRefused('inquiry-not-open'));
  it('refuses under the inquiry of another officer', () => given(aCase(), anInquiry()).when(aWish(), by(oscar)).thenRefused('inquiry-not-open'));
  it('refuses an administrator', () => given(aCase(), anInquiry(adam)).when(aWish(), by(adam)).thenRefused('not-allowed'));
  it('knows another query, another filter and another page for another intent, and goes on under the look that was recorded', () => {
    const first = recorded([aSearch()]);
    expect(searchArchive.isSameIntent(aWish({ query: 'bonuses' }), first)).toBe(false);
    expect(searchArchive.isSameIntent(aWish({ filter: { ...noFilter, people: [alice] } }), first)).toBe(false);
    expect(searchArchive.isSameIntent(aWish({ from: 50 }), first)).toBe(false);
    expect(searchArchive.isSameIntent(aWish({ oldestFirst: true }), first)).toBe(false);
    expect(searchArchive.isSameIntent(aWish({ look: idOf(702) }), first)).toBe(true);
  });
});

describe('opening a hit', () => {
  const { given } = specOf(openHit);
  const aWish = (input: Partial<OpenHit> = {}): OpenHit => ({ around: 10, conversationId: group, inquiry, look, revision: 4, ...input });
  it('records which event was looked at', () => given(aCase(), anInquiry()).when(aWish(), by(olive)).then(aHit()));
  it('refuses under a closed inquiry', () => given(aCase(), anInquiry(), aClosing()).when(aWish(), by(olive)).thenRefused('inquiry-not-open'));
  it('refuses under the inquiry of another officer', () => given(aCase(), anInquiry()).when(aWish(), by(oscar)).thenRefused('inquiry-not-open'));
  it('refuses who is no officer', () => given(aCase(), anInquiry()).when(aWish(), by(alice)).thenRefused('not-allowed'));
  it('knows another event for another intent', () => expect(openHit.isSameIntent(aWish({ revision: 5 }), recorded([aHit()]))).toBe(false));
});

describe('recording an answer', () => {
  const { given } = specOf(recordAnswer);
  it('says how much was given, and its digest', () => given(aCase(), anInquiry(), aSearch()).when({ ...found, inquiry, look }, by(olive)).then(anAnswer()));
  it('is due to a look whose inquiry was closed meanwhile', () => given(aCase(), anInquiry(), aSearch(), aClosing()).when({ ...found, inquiry, look }, by(olive)).then(anAnswer()));
  it('refuses an answer without a look', () => given(aCase(), anInquiry()).when({ ...found, inquiry, look }, by(olive)).thenRefused('inquiry-not-open'));
  it('says what was given once more, when the same look is repeated after a lost answer', () => given(aCase(), anInquiry(), aSearch(), anAnswer()).when({ ...found, inquiry, look }, by(olive)).then(anAnswer()));
  it('refuses an answer to the look of another officer', () => given(aCase(), anInquiry(), aSearch()).when({ ...found, inquiry, look }, by(oscar)).thenRefused('inquiry-not-open'));
});

describe('exporting', () => {
  const { given } = specOf(exportInquiry);
  const aWish = (input: Partial<ExportInquiry> = {}): ExportInquiry => ({ ...found, export: idOf(710), filter: noFilter, inquiry, query: 'bonus', ...input });
  const anExport = () => inUnfiled({ type: 'ExportMade', data: { at: noon, by: olive, ...found, export: idOf(710), inquiry, position: 90 }, content: { case: { filter: canonical(noFilter), query: 'bonus' } } });
  it('records what leaves', () => given(aCase(), anInquiry()).when(aWish(), by(olive)).then(anExport()));
  it('refuses under a closed inquiry', () => given(aCase(), anInquiry(), aClosing()).when(aWish(), by(olive)).thenRefused('inquiry-not-open'));
  it('refuses under the inquiry of another officer', () => given(aCase(), anInquiry()).when(aWish(), by(oscar)).thenRefused('inquiry-not-open'));
  it('refuses who is no officer', () => given(aCase(), anInquiry()).when(aWish(), by(adam)).thenRefused('not-allowed'));
  it('records behind which position it begins, where an earlier one holds the rest', () => {
    const more = inUnfiled({ type: 'ExportMade', data: { at: noon, by: olive, ...found, after: 40, export: idOf(710), inquiry, position: 90 }, content: { case: { filter: canonical(noFilter), query: 'bonus' } } });
    given(aCase(), anInquiry()).when(aWish({ after: 40 }), by(olive)).then(more);
    expect([undefined, 40, 41].map((after) => exportInquiry.isSameIntent(aWish(after === undefined ? {} : { after }), recorded([more])))).toEqual([false, true, false]);
  });
  it('knows another query for another intent, and another count for the same', () => {
    expect(exportInquiry.isSameIntent(aWish({ query: 'bonuses' }), recorded([anExport()]))).toBe(false);
    expect(exportInquiry.isSameIntent(aWish({ count: 3, export: idOf(711) }), recorded([anExport()]))).toBe(true);
  });
});

describe('closing an inquiry', () => {
  const { given } = specOf(closeInquiry);
  it('closes one\'s own', () => given(aCase(), anInquiry()).when({ inquiry }, by(olive)).then(aClosing()));
  it('leaves the inquiries of others and one\'s other ones open', () => given(aCase(), anInquiry(), anInquiry(olive, idOf(750)), inUnfiled({ ...aClosing(), data: { at: noon, by: olive, inquiry: idOf(750) } })).when({ inquiry }, by(olive)).then(aClosing()));
  it('refuses one that is closed', () => given(aCase(), anInquiry(), aClosing()).when({ inquiry }, by(olive)).thenRefused('inquiry-not-open'));
  it('refuses that of another officer', () => given(aCase(), anInquiry()).when({ inquiry }, by(oscar)).thenRefused('inquiry-not-open'));
  it('refuses who is an officer no more', () => given(aCase(), anInquiry(alice)).when({ inquiry }, by(alice)).thenRefused('not-allowed'));
});

describe('reading the audit log', () => {
  const { given } = specOf(recordAuditLook);
  const anAuditLook = (who: string, whole = false) => inUnfiled({ type: 'AuditLooked', data: { at: noon, by: who, export: whole, filter: '{}' } });
  it('is in it, for officers and administrators, without an inquiry', () => {
    given(aCase()).when({ export: false, filter: '{}' }, by(olive)).then(anAuditLook(olive));
    given(aCase()).when({ export: false, filter: '{}' }, by(adam)).then(anAuditLook(adam));
  });
  it('tells an export from a page', () => given(aCase()).when({ export: true, filter: '{}' }, by(adam)).then(anAuditLook(adam, true)));
  it('refuses an employee', () => given(aCase()).when({ export: false, filter: '{}' }, by(alice)).thenRefused('not-allowed'));
  it('refuses a suspended administrator', () => given(aCase(), aSuspension(adam)).when({ export: false, filter: '{}' }, by(adam)).thenRefused('not-allowed'));
});

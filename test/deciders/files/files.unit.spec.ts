import { describe, expect, it } from 'vitest';
import { fileName } from '#src/contract/files.ts';
import { membershipOf } from '#src/conversations/permits.ts';
import { noConversation, type ConversationState } from '#src/conversations/conversation.ts';
import { forbiddenIn, forbiddenTypes } from '#src/files/forbidden-types.ts';
import { checkReservation } from '#src/files/check-reservation.ts';
import { refuseInfectedFile } from '#src/files/refuse-infected-file.ts';
import { bytesInWords } from '#src/files/refusals.ts';
import { releaseQuota } from '#src/files/release-quota.ts';
import { reserveUpload, type ReserveUpload } from '#src/files/reserve-upload.ts';
import { settleQuota } from '#src/files/settle-quota.ts';
import { shareFile, type ShareFile } from '#src/files/share-file.ts';
import { withdrawFile } from '#src/files/withdraw-file.ts';
import { specOf } from '../given-when-then.ts';
import { aClosing, aConversation, aFileShared, aFileWithdrawn, aMessagePosted, aQuotaReleased, aQuotaReserved, aQuotaSettled, anInfectedFile, group, hello, other, report } from '../makers.ts';
import { alice, bob, by, bySystem, mallory } from '../people.ts';

const here: ConversationState = { ...noConversation(), conversation: group, members: new Map([[alice, { joined: 0, under: null }]]) };
const membership = membershipOf(here, alice);
const gigabyte = 1_000_000_000;

describe('reserving an upload', () => {
  const { given } = specOf(reserveUpload);
  const aReserve = (input: Partial<ReserveUpload> = {}): ReserveUpload => ({ conversationId: group, fileId: report, name: 'report.pdf', size: 1_000, membership, ...input });

  it('keeps the room for the file', () => given().when(aReserve()).then(aQuotaReserved(1_000)));
  it('takes an empty file', () => given().when(aReserve({ size: 0 })).then(aQuotaReserved(0)));
  it('refuses who is no member', () => given().when(aReserve({ membership: undefined })).thenRefused('not-a-member'));
  it('says the limit of a file that is too large', () => given().when(aReserve({ size: gigabyte + 1 })).thenRefused('too-large', gigabyte));
  it('takes a file of exactly the limit', () => given().when(aReserve({ size: gigabyte })).then(aQuotaReserved(gigabyte)));
  it('says the limit of somebody whose room is full', () => given(aQuotaReserved(9.5 * gigabyte, other), aQuotaSettled(9.5 * gigabyte, other)).when(aReserve({ size: gigabyte })).thenRefused('over-quota', 10 * gigabyte));
  it('counts what another tab has reserved', () => given(aQuotaReserved(9.5 * gigabyte, other)).when(aReserve({ size: gigabyte })).thenRefused('over-quota', 10 * gigabyte));
  it('has the room again that was given up', () => given(aQuotaReserved(9.5 * gigabyte, other), aQuotaReleased(other)).when(aReserve({ size: gigabyte })).then(aQuotaReserved(gigabyte)));
  it('settles a file once, however often it is told', () => given(aQuotaReserved(9 * gigabyte, other), aQuotaSettled(9 * gigabyte, other)).when(aReserve({ size: gigabyte })).then(aQuotaReserved(gigabyte)));
  it('finds its own reservation again', () => given(aQuotaReserved(1_000)).when(aReserve()).thenRefused('nothing-to-record'));
  it('refuses another size under the same id', () => given(aQuotaReserved(1_000)).when(aReserve({ size: 1_001 })).thenRefused('file-id-taken'));
});

describe('the room of a sender', () => {
  const settle = { account: alice, bytes: 1_000, fileId: report };
  it('is settled when the file was shared', () => specOf(settleQuota).given(aQuotaReserved(1_000)).when(settle, bySystem).then(aQuotaSettled(1_000)));
  it('is settled once', () => specOf(settleQuota).given(aQuotaReserved(1_000), aQuotaSettled(1_000)).when(settle, bySystem).thenRefused('nothing-to-record'));
  it('is nobody else\'s to settle', () => specOf(settleQuota).given(aQuotaReserved(1_000)).when(settle, by(bob)).thenRefused('not-allowed'));
  it('is released by its sender', () => specOf(releaseQuota).given(aQuotaReserved(1_000)).when({ account: alice, fileId: report }).then(aQuotaReleased()));
  it('is released by the appliance', () => specOf(releaseQuota).given(aQuotaReserved(1_000)).when({ account: alice, fileId: report }, bySystem).then(aQuotaReleased()));
  it('is not released after the file was shared', () => specOf(releaseQuota).given(aQuotaReserved(1_000), aQuotaSettled(1_000)).when({ account: alice, fileId: report }).thenRefused('nothing-to-record'));
  const asked = { account: alice, bytes: 1_000, fileId: report };
  it('stands from when it was reserved', () => specOf(checkReservation).given(aQuotaReserved(1_000)).when(asked, bySystem).thenRefused('nothing-to-record'));
  it('does not stand for a file that has another size', () => specOf(checkReservation).given(aQuotaReserved(999)).when(asked, bySystem).thenRefused('file-id-taken'));
  it.each([['was never reserved', []], ['was given back', [aQuotaReserved(1_000), aQuotaReleased()]], ['is a shared file\'s', [aQuotaReserved(1_000), aQuotaSettled(1_000)]]])('does not stand where it %s', (_, events) => specOf(checkReservation).given(...events).when(asked, bySystem).thenRefused('file-id-taken'));
  it('is nobody else\'s to ask about', () => specOf(checkReservation).given(aQuotaReserved(1_000)).when(asked, by(bob)).thenRefused('not-allowed'));
});

describe('sharing a file', () => {
  const { given } = specOf(shareFile);
  const stored = { blob: 'blob', hash: 'hash', key: 'key', size: 1_000, type: 'application/pdf' };
  const aShare = (input: Partial<ShareFile> = {}): ShareFile => ({ conversationId: group, fileId: report, name: 'report.pdf', stored, ...input });

  it('records whose it is, what it is and where its bytes are', () => given(aConversation()).when(aShare()).then(aFileShared()));
  it('counts on after messages', () => given(aConversation(), aMessagePosted({ ordinal: 7 })).when(aShare()).then(aFileShared({ ordinal: 8 })));
  it('says how large a picture is', () => given(aConversation()).when(aShare({ stored: { ...stored, type: 'image/png', width: 640, height: 480 } })).then(aFileShared({ type: 'image/png', width: 640, height: 480 })));
  it('names the message it was written with', () => given(aConversation(), aMessagePosted()).when(aShare({ messageId: hello })).then(aFileShared({ messageId: hello, ordinal: 2 })));
  it('names a message that is still to come', () => given(aConversation()).when(aShare({ messageId: hello })).then(aFileShared({ messageId: hello })));
  it('refuses the message of somebody else', () => given(aConversation(), aMessagePosted({ author: bob })).when(aShare({ messageId: hello })).thenRefused('not-the-author'));
  it('refuses bytes that are not all here', () => given(aConversation()).when(aShare({ stored: undefined })).thenRefused('upload-incomplete'));
  it('adds nothing the second time', () => given(aConversation(), aFileShared()).when(aShare({ stored: undefined })).thenRefused('nothing-to-record'));
  it('refuses the id of somebody else\'s file', () => given(aConversation(), aFileShared({ author: bob })).when(aShare()).thenRefused('file-id-taken'));
  it('refuses who is no member', () => given(aConversation()).when(aShare(), by(mallory)).thenRefused('not-a-member'));
  it('refuses a closed conversation', () => given(aConversation(), aClosing()).when(aShare()).thenRefused('conversation-closed'));
});

describe('a file with a virus', () => {
  const { given } = specOf(refuseInfectedFile);
  const infected = { account: alice, conversationId: group, fileId: report, hash: 'hash', name: 'report.pdf', signature: 'Eicar', size: 1_000 };
  it('is on record as refused, in the sender\'s own stream', () => given(aQuotaReserved(1_000)).when(infected, bySystem).then(anInfectedFile()));
  it('is on record once', () => given(aQuotaReserved(1_000), anInfectedFile()).when(infected, bySystem).thenRefused('nothing-to-record'));
  it('is recorded by the appliance alone', () => given(aQuotaReserved(1_000)).when(infected, by(alice)).thenRefused('not-allowed'));
  it('leaves its room free', () => specOf(reserveUpload).given(aQuotaReserved(10 * gigabyte), anInfectedFile()).when({ conversationId: group, fileId: other, name: 'x', size: gigabyte, membership }).then(aQuotaReserved(gigabyte, other)));
});

describe('types that are not shared', () => {
  const words = forbiddenTypes('.EXE, tar.gz; video/ *.js application/pdf,,exe');
  it('are read from the setting in whatever way people write them', () => expect(words).toEqual(['exe', 'tar.gz', 'video/', 'js', 'application/pdf']));
  it('are none by default', () => expect(forbiddenTypes('')).toEqual([]));
  it.each([['setup.exe', 'exe'], ['SETUP.EXE', 'exe'], ['setup.exe. .', 'exe'], ['a.tar.gz', 'tar.gz'], ['exe', undefined], ['exe.txt', undefined], ['x.gz', undefined]])('are known by the name: %s', (name, word) => expect(forbiddenIn(words, { name })).toBe(word));
  it.each([['video/mp4', 'mp4', 'video/'], ['application/x-msdownload', 'exe', 'exe'], ['application/pdf', 'pdf', 'application/pdf'], ['image/png', 'png', undefined]])('are known by the bytes, whatever the name: %s', (type, ending, word) => expect(forbiddenIn(words, { name: 'holiday.txt', type, ending })).toBe(word));
});

describe('withdrawing a file', () => {
  const { given } = specOf(withdrawFile);
  const withdraw = { conversationId: group, fileId: report };
  it('records that it is gone from view', () => given(aConversation(), aFileShared()).when(withdraw).then(aFileWithdrawn()));
  it('refuses somebody else\'s', () => given(aConversation(), aFileShared()).when(withdraw, by(bob)).thenRefused('not-the-author'));
  it('refuses what is not there', () => given(aConversation()).when(withdraw).thenRefused('file-not-found'));
  it('refuses the second time', () => given(aConversation(), aFileShared(), aFileWithdrawn()).when(withdraw).thenRefused('file-withdrawn'));
  it('refuses who is no member', () => given(aConversation(), aFileShared()).when(withdraw, by(mallory)).thenRefused('not-a-member'));
});

describe('the name of a file', () => {
  it.each(['report.pdf', '报告 上海.docx', 'תמונה.png', ' two  spaces .txt', '...', "it's \"quoted\" %41.csv", 'x'.repeat(255)])('is recorded as it is: %s', (name) => expect(fileName.parse(name)).toBe(name));
  it.each(['', '   ', '.', '..', '../../etc/passwd', 'C:\\temp\\x', 'a\u0000b', 'a\nb', 'photo\u202egpj.exe', 'a\u2066b', '\ud800', 'x'.repeat(10_000)])('is refused where it is none: %j', (name) => expect(fileName.safeParse(name).success).toBe(false));
});

it('says bytes as the web client does', () => expect([0, 1, 999, 1_000, 1_536, 1_000_000, 1.25e9].map(bytesInWords)).toEqual(['0 bytes', '1 bytes', '999 bytes', '1 kB', '1.5 kB', '1 MB', '1.3 GB']));

import { describe, expect, it } from 'vitest';
import { importLine, type ImportLine } from '#src/import/import-line.ts';
import { importNickname } from '#src/import/import-nickname.ts';
import { importRoom } from '#src/import/import-room.ts';
import { importSpace } from '#src/import/import-space.ts';
import { letIntoSpace } from '#src/import/let-into-space.ts';
import type { Acting } from '#src/kernel/use-case.ts';
import { specOf } from '../given-when-then.ts';
import { aSpace } from '../makers.ts';
import { alice, bob, by, byOperator, idOf, nick, noon } from '../people.ts';

const batch = idOf(70);
const byImport: Acting = { actor: { id: batch, kind: 'import' }, at: noon, door: 'import' };
const room = idOf(71);
const space = idOf(72);
const imported = { batch, line: 4, saidAt: 1_112_000_000_000 };
const stream = `conversation-${room}`;

const aRoom = { stream, type: 'ConversationOpened', data: { at: noon, by: nick, conversation: room, founders: [], historyVisibility: 'all', imported, kind: 'channel', space }, content: { title: { title: '#ubuntu', topic: '' } } };
const aJoin = (assumed = false) => ({ stream, type: 'MemberJoined', data: { account: nick, ...(assumed && { assumed: true }), at: noon, by: nick, imported } });
const aPost = (text: string, ordinal = 1, form = 'text') => ({ stream, type: 'MessagePosted', data: { at: noon, author: nick, form, imported, mentions: [], messageId: idOf(73), ordinal }, content: { text: { mentions: [], text } } });
const aLeave = { stream, type: 'MemberLeft', data: { account: nick, at: noon, by: nick, cause: 'self', imported } };
const aClosing = { stream, type: 'ConversationClosed', data: { at: noon, by: nick, cause: 'deleted' } };
const aLine = (own: Partial<ImportLine> = {}): ImportLine => ({ conversationId: room, kind: 'message', author: nick, text: 'hi', messageId: idOf(73), imported, ...own });

describe('a line of an import', () => {
  const { given } = specOf(importLine);
  it('is recorded as it was said by somebody who has joined', () => given(aRoom, aJoin()).when(aLine(), byImport).then(aPost('hi')));
  it('is recorded after an assumed join of somebody who was not seen joining', () => given(aRoom).when(aLine(), byImport).then(aJoin(true), aPost('hi')));
  it('may be empty, and is never trimmed', () => {
    given(aRoom, aJoin()).when(aLine({ text: '' }), byImport).then(aPost(''));
    given(aRoom, aJoin()).when(aLine({ text: ' \u0002 x \n' }), byImport).then(aPost(' \u0002 x \n'));
  });
  it('can be an action', () => given(aRoom, aJoin()).when(aLine({ kind: 'action' }), byImport).then(aPost('hi', 1, 'action')));
  it('counts on from the line before', () => given(aRoom, aJoin(), aPost('one')).when(aLine(), byImport).then(aPost('hi', 2)));
  it('can be a join, a second one too', () => {
    given(aRoom).when(aLine({ kind: 'joined', text: '' }), byImport).then(aJoin());
    given(aRoom, aJoin()).when(aLine({ kind: 'joined', text: '' }), byImport).then(aJoin());
  });
  it('can be a leaving, after an assumed join where none was seen', () => {
    given(aRoom, aJoin()).when(aLine({ kind: 'left', text: '' }), byImport).then(aLeave);
    given(aRoom).when(aLine({ kind: 'left', text: '' }), byImport).then(aJoin(true), aLeave);
  });
  it('is refused where the import founded no room', () => given().when(aLine(), byImport).thenRefused('not-a-member'));
  it('is refused in a room that is closed', () => given(aRoom, aClosing).when(aLine(), byImport).thenRefused('conversation-closed'));
  it('is refused to everybody but an import', () => {
    given(aRoom, aJoin()).when(aLine(), by(alice)).thenRefused('not-allowed');
    given(aRoom, aJoin()).when(aLine(), byOperator).thenRefused('not-allowed');
  });
  it('is not the same intent with other words', () => {
    expect(importLine.isSameIntent(aLine({ text: 'other' }), [{ ...aPost('hi'), position: 0, revision: 0, id: '', leafHash: '', metadata: {} as never }])).toBe(false);
  });
});

describe('what an import founds', () => {
  it('is an account for every nickname, once', () => {
    const { given } = specOf(importNickname);
    const opened = { type: 'AccountOpened', data: { account: idOf(74), at: noon, imported, kind: 'nickname', roles: [], signInName: null }, content: { profile: { displayName: 'crimsun', email: null } } };
    given().when({ account: idOf(74), nickname: 'crimsun', imported }, byImport).then(opened);
    given({ ...opened, stream: `account-${idOf(74)}` }).when({ account: idOf(74), nickname: 'crimsun', imported }, byImport).thenRefused('nothing-to-record');
    given().when({ account: idOf(74), nickname: 'crimsun', imported }, by(alice)).thenRefused('not-allowed');
  });
  it('is one channel for a room, once', () => {
    const { given } = specOf(importRoom);
    const wish = { conversationId: room, space, founder: nick, title: '#ubuntu', topic: '', imported };
    given().when(wish, byImport).then(aRoom);
    given(aRoom).when(wish, byImport).thenRefused('conversation-id-taken');
    given().when(wish, by(alice)).thenRefused('not-allowed');
  });
  it('is one space, in which nobody of ours is', () => {
    const { given } = specOf(importSpace);
    const wish = { space, general: idOf(75), founder: nick, name: 'name-x', title: 'Ubuntu', topic: '' };
    const founded = { type: 'SpaceFounded', data: { at: noon, by: nick, general: idOf(75), name: 'name-x', space }, content: { title: { title: 'Ubuntu', topic: '' } } };
    given().when(wish, byImport).then(founded);
    given({ ...founded, stream: `space-${space}` }).when(wish, byImport).thenRefused('nothing-to-record');
    given({ stream: `space-${space}`, type: 'Abandoned', data: { at: noon, name: 'name-x', reservation: 0 } }).when(wish, byImport).thenRefused('name-taken');
    given().when(wish, byOperator).thenRefused('not-allowed');
  });
});

describe('letting somebody into an imported space', () => {
  const { given } = specOf(letIntoSpace);
  const founded = { stream: `space-${space}`, type: 'SpaceFounded', data: { at: noon, by: nick, general: idOf(75), name: 'name-x', space }, content: { title: { title: 'Ubuntu', topic: '' } } };
  const joined = { type: 'SpaceJoined', data: { account: bob, at: noon, by: 'operator' } };
  const appointed = { type: 'AdministratorAppointed', data: { account: bob, at: noon, by: 'operator' } };
  it('makes them a member and an administrator of it', () => given(founded).when({ space, account: bob }, byOperator).then(joined, appointed));
  it('appoints who is a member already', () => given(founded, { ...joined, stream: `space-${space}` }).when({ space, account: bob }, byOperator).then(appointed));
  it('records nothing when they are both', () => given(founded, { ...joined, stream: `space-${space}` }, { ...appointed, stream: `space-${space}` }).when({ space, account: bob }, byOperator).thenRefused('nothing-to-record'));
  it('is refused for a space that people founded', () => given(aSpace()).when({ space: String(aSpace().data['space']), account: bob }, byOperator).thenRefused('not-allowed'));
  it('is refused to people', () => given(founded).when({ space, account: bob }, by(alice)).thenRefused('not-allowed'));
  it('is refused for a nickname', () => given(founded).when({ space, account: nick }, byOperator).thenRefused('person-not-found'));
});

import fc from 'fast-check';
import { partyOf } from '#src/calls/call.ts';
import { leaving } from '#src/calls/facts.ts';
import type { Opened } from '#src/every-event.ts';
import { aConversationMuted, aConversationOpened, aConversationTitled, aFileShared, aFileWithdrawn, aLinkPreviewed, aLinkPreviewWithdrawn, aMarkedUnread, aQuotaReserved, aQuotaSettled, aMemberJoined, aMemberLeft, aMessageEdited, aMessagePosted, aMessageRetracted, anAccountOpened, aReactionAdded, aReactionWithdrawn, aReadUpTo, aViewed, History, idFor } from '../support/makers.ts';
import { callDeed, latestCall } from './random-calls.ts';
import { arranging, guestDeed, meetingDeed, meetingOf } from './random-meetings.ts';

/** What somebody does: a choice and three numbers, made into something possible by what is there already. */
export type Deed = { readonly what: number; readonly who: number; readonly where: number; readonly one: number; readonly other: number };
// Long ones are wanted: what is short rarely has a cursor behind a retraction behind a leaving.
export const deeds = (maxLength: number): fc.Arbitrary<Deed[]> =>
  fc.array(fc.noBias(fc.record({ what: fc.nat(99), who: fc.nat(4), where: fc.nat(1), one: fc.nat(1000), other: fc.nat(1000) })), { minLength: 1, maxLength, size: 'max' });

export const people = [0, 1, 2, 3, 4].map((n) => idFor(0x100 + n));
export const rooms = [idFor(0x200), idFor(0x201)];
const words = ['ledger', 'clause', '上海', '北京', 'draft', 'Ünïcode', 'report', 'the', 'to'];

type Message = { readonly id: string; readonly author: string; readonly ordinal: number; readonly revision: number; retracted: boolean; readonly reactions: { readonly id: string; readonly author: string }[]; /** Address to whether its preview was withdrawn. */ readonly previews: Map<string, boolean> };
type Room = { readonly id: string; readonly stream: string; readonly members: Set<string>; readonly messages: Message[]; readonly files: { readonly id: string; readonly author: string; readonly ordinal: number; withdrawn: boolean }[] };

/** A believable record of two rooms, of which one is a meeting, and five people. */
export const historyOf = (list: readonly Deed[]): History => {
  const history = new History();
  for (const [n, account] of people.entries()) history.add(`account-${account}`, anAccountOpened({ account, displayName: `Person ${n}`, signInName: `person${n}` }));
  const all = rooms.map((id): Room => {
    const founders = people.slice(0, 3);
    const isMeeting = id === rooms[1];
    history.add(`conversation-${id}`, aConversationOpened({ conversation: id, founders, by: founders[0]!, title: 'Room', ...(isMeeting && { kind: 'meeting', historyVisibility: 'sinceJoined' }) }));
    if (isMeeting) history.add(`conversation-${id}`, arranging(founders[0]!));
    return { id, stream: `conversation-${id}`, members: new Set(founders), messages: [], files: [] };
  });
  for (const deed of list) act(history, all[deed.where]!, deed);
  return history;
};

const act = (history: History, room: Room, deed: Deed): void => {
  const account = people[deed.who]!;
  const actor = { kind: 'account', id: account } as const;
  if (!room.members.has(account)) {
    if (deed.what < 30) {
      history.add(room.stream, aMemberJoined({ account, by: account }), actor);
      room.members.add(account);
    } else if (deed.what < 55) atTheDoor(history, room, account, deed);
    return;
  }
  if (deed.what < 4) share(history, room, account, deed);
  else if (deed.what < 6) withdrawFile(history, room, account, deed);
  else if (deed.what < 28) post(history, room, account, deed);
  else if (deed.what < 42) read(history, room, account, deed);
  else if (deed.what < 65) view(history, room, account, deed);
  else if (deed.what < 70) aboutCall(history, room, account, deed);
  else if (deed.what < 85) change(history, room, account, deed);
  else if (deed.what < 87 && room.id === rooms[1]) aboutMeeting(history, room, account, deed);
  else if (deed.what < 87) history.add(room.stream, aConversationTitled({ by: account, title: words[deed.one % words.length]! }), actor);
  else if (deed.what < 89) history.add(`reading-${account}`, aConversationMuted({ account, conversation: room.id }), actor);
  else if (room.members.size > 1) {
    const call = latestCall(history.events, room.stream);
    const party = call && !call.over ? partyOf(call, account) : undefined;
    if (call && party) for (const fact of leaving(call, party, { at: 0, cause: 'not-a-member' })) history.add(room.stream, fact, actor);
    history.add(room.stream, aMemberLeft({ account, by: account }), actor);
    room.members.delete(account);
  }
};

const aboutCall = (history: History, room: Room, account: string, deed: Deed): void => {
  const others = [...room.members].filter((other) => other !== account);
  for (const fact of callDeed(latestCall(history.events, room.stream), account, others, deed, history.events.length)) history.add(room.stream, fact, { kind: 'account', id: account });
};

const aboutMeeting = (history: History, room: Room, account: string, deed: Deed): void => {
  const fact = meetingDeed(meetingOf(history.events, room.stream)!, account, deed, history.events.length);
  if (fact) history.add(room.stream, fact, { kind: 'account', id: account });
};

const atTheDoor = (history: History, room: Room, account: string, deed: Deed): void => {
  const meeting = meetingOf(history.events, room.stream);
  const fact = meeting && guestDeed(meeting, latestCall(history.events, room.stream), account, deed, history.events.length);
  if (fact) history.add(room.stream, fact, { kind: 'guest', id: account });
};

/** Messages and files count alike. */
const nextOrdinal = (room: Room): number => room.messages.length + room.files.length + 1;

const share = (history: History, room: Room, author: string, { one, other }: Deed): void => {
  const id = idFor(0x30000 + history.events.length);
  const ordinal = nextOrdinal(room);
  const actor = { kind: 'account', id: author } as const;
  history.add(`account-${author}`, aQuotaReserved({ bytes: other, fileId: id }), actor);
  history.add(room.stream, aFileShared({ author, fileId: id, ordinal, size: other, name: `${words[one % words.length]} ${words[other % words.length]}.pdf` }), actor);
  if (one % 3 > 0) history.add(`account-${author}`, aQuotaSettled({ bytes: other, fileId: id }), actor);
  room.files.push({ id, author, ordinal, withdrawn: false });
};

const withdrawFile = (history: History, room: Room, account: string, { one }: Deed): void => {
  const file = room.files[one % Math.max(1, room.files.length)];
  if (!file || file.withdrawn || file.author !== account) return;
  file.withdrawn = true;
  history.add(room.stream, aFileWithdrawn({ author: account, by: account, fileId: file.id, ordinal: file.ordinal }), { kind: 'account', id: account });
};

const linkOf = (n: number): string => `https://x.example/${n % 3}`;

const post = (history: History, room: Room, author: string, { one, other }: Deed): void => {
  const ordinal = nextOrdinal(room);
  const id = idFor(0x10000 + history.events.length);
  const mentions = one % 4 === 0 ? [people[other % people.length]!] : one % 9 === 1 ? ['everyone'] : [];
  const { revision } = history.add(room.stream, aMessagePosted({ author, ordinal, messageId: id, mentions, text: `${words[one % words.length]} ${words[other % words.length]}${one % 3 === 0 ? ` ${linkOf(other)}` : ''}` }), { kind: 'account', id: author });
  room.messages.push({ id, author, ordinal, revision, retracted: false, reactions: [], previews: new Map() });
};

const read = (history: History, room: Room, account: string, { what, one }: Deed): void => {
  const message = room.messages[one % Math.max(1, room.messages.length)];
  if (!message) return;
  const place = { account, conversation: room.id };
  const stream = `reading-${account}`;
  if (what < 36) history.add(stream, aReadUpTo({ ...place, ordinal: message.ordinal, revision: message.revision }), { kind: 'account', id: account });
  else history.add(stream, aMarkedUnread({ ...place, ordinal: message.ordinal - 1, revision: message.revision }), { kind: 'account', id: account });
};

const view = (history: History, room: Room, account: string, { one, other }: Deed): void => {
  const head = history.revisionOf(room.stream);
  const from = one % (head + 1);
  const to = Math.min(head, from + (other % 12));
  history.add(`reading-${account}`, aViewed({ account, ranges: [{ at: history.events.length, conversation: room.id, from, to }] }), { kind: 'account', id: account });
};

const change = (history: History, room: Room, account: string, { what, one, other }: Deed): void => {
  const actor = { kind: 'account', id: account } as const;
  const message = room.messages[one % Math.max(1, room.messages.length)];
  if (!message || message.retracted) return;
  if (what < 73) return preview(history, room, message, other);
  if (what < 76) {
    const reaction = message.reactions.find((made) => made.author === account);
    if (reaction) {
      message.reactions.splice(message.reactions.indexOf(reaction), 1);
      history.add(room.stream, aReactionWithdrawn({ author: account, messageId: message.id, reactionId: reaction.id }), actor);
    } else {
      const id = idFor(0x20000 + history.events.length);
      message.reactions.push({ id, author: account });
      history.add(room.stream, aReactionAdded({ author: account, messageId: message.id, reactionId: id }), actor);
    }
  } else if (message.author === account && what < 78) history.add(room.stream, aMessageEdited({ author: account, messageId: message.id, text: `edited ${words[other % words.length]} ${linkOf(other + one)}` }), actor);
  else if (message.author === account) {
    message.retracted = true;
    history.add(room.stream, aMessageRetracted({ author: account, by: account, messageId: message.id, ordinal: message.ordinal }), actor);
  }
};

/** Of a link that stands in the message, or did, or never did: what is shown must be right whatever came when. */
const preview = (history: History, room: Room, { id, author, previews }: Message, n: number): void => {
  const url = linkOf(n);
  const link = [...previews.keys()].indexOf(url);
  if (link < 0) history.add(room.stream, aLinkPreviewed({ author, messageId: id, link: previews.size, url }), { kind: 'system', id: 'appliance' });
  else if (previews.get(url) === false) history.add(room.stream, aLinkPreviewWithdrawn({ author, by: author, messageId: id, link }), { kind: 'account', id: author });
  previews.set(url, link >= 0);
};

/** Cuts a record into batches of the sizes given, over and over. */
export const batchesOf = (events: readonly Opened[], sizes: readonly number[]): Opened[][] => {
  const batches: Opened[][] = [];
  for (let at = 0, n = 0; at < events.length; n += 1) {
    const size = sizes[n % sizes.length] ?? 1;
    batches.push(events.slice(at, at + size));
    at += size;
  }
  return batches;
};

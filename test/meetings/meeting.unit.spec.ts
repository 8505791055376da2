import { describe, expect, it } from 'vitest';
import type { Call } from '#src/calls/call.ts';
import { dueOf, guestsLeftAlone, isSomebodySignedInThere, type Meeting } from '#src/meetings/meeting.ts';
import { whyNoGuest } from '#src/meetings/enter-meeting.ts';
import { limits } from '#src/contract/limits.ts';

const minuteMs = 60_000;
const patience = { minutesAfterHost: 10, minutesUnbegun: 720 };
const host = 'host';
const aMeeting = (rest: Partial<Meeting> = {}): Meeting => ({ host, admit: false, guestsAllowed: true, room: null, link: { link: 'one', keyHash: 'hash' }, begun: true, awaySince: null, expired: false, over: false, guests: [], unsent: [], invitations: 0, ...rest });
const aCall = (...people: readonly string[]): Call => ({
  callId: 'call', revision: 1, startedAt: 0, startedBy: host, audioOnly: false, answered: true, over: people.length === 0, ringing: [], knocking: [], people: [...people], removed: [],
  parties: people.map((account) => ({ account, device: account, joined: 1, joinedAt: 0, sharing: false, guest: false })),
});
const due = (meeting: Meeting, call: Call | null, minutes: number) => dueOf(meeting, call, minutes * minuteMs, patience);
const leftAlone = (meeting: Meeting, minutes: number) => guestsLeftAlone(meeting, minutes * minuteMs, patience).map(({ account }) => account);

describe('what the clock asks of a meeting', () => {
  it('lets the link die ten minutes after the host left, not before, and later where nobody came yet', () => {
    expect([9.99, 10].map((minutes) => due(aMeeting({ awaySince: 0 }), aCall('bob'), minutes))).toEqual([null, 'expire']);
    expect(due(aMeeting(), aCall(host), 1_000_000)).toBeNull();
    expect([719, 720].map((minutes) => due(aMeeting({ awaySince: 0, begun: false }), null, minutes))).toEqual([null, 'expire']);
  });

  it('ends it when its link is dead and its call is over, once', () => {
    expect(due(aMeeting({ awaySince: 0, expired: true }), aCall('bob'), 99)).toBeNull();
    expect(due(aMeeting({ awaySince: 0, expired: true }), aCall(), 99)).toBe('close');
    expect(due(aMeeting({ awaySince: 0, expired: true, over: true }), null, 99)).toBeNull();
  });

  it('never ends a room, and sends its guests off', () => {
    const guests = [{ account: 'gita', place: 'in', at: 0 }] as const;
    expect(due(aMeeting({ awaySince: 0, room: 'public', link: null }), null, 99)).toBeNull();
    expect(due(aMeeting({ awaySince: 0, room: 'public', link: null, guests }), null, 10)).toBeNull();
    expect([9.99, 10].map((minutes) => leftAlone(aMeeting({ awaySince: 0, room: 'public', link: null, guests }), minutes))).toEqual([[], ['gita']]);
    expect(leftAlone(aMeeting({ awaySince: 0, guests }), 99)).toEqual([]);
    expect(leftAlone(aMeeting({ room: 'public', guests }), 99)).toEqual([]);
    expect(isSomebodySignedInThere(aMeeting({ guests }), aCall('gita'))).toBe(false);
    expect(isSomebodySignedInThere(aMeeting({ guests }), aCall('gita', 'bob'))).toBe(true);
  });
});

describe('a room that everybody else left long ago', () => {
  it('sends no guest off before they have been there alone for ten minutes themselves', () => {
    const guests = [{ account: 'gita', place: 'in', at: 60 * minuteMs }, { account: 'hugo', place: 'in', at: 65 * minuteMs }, { account: 'ines', place: 'gone', at: 1 }] as const;
    const room = aMeeting({ awaySince: 0, room: 'public', link: null, guests });
    expect([60, 69.99, 70, 75].map((minutes) => leftAlone(room, minutes))).toEqual([[], [], ['gita'], ['gita', 'hugo']]);
    expect(leftAlone({ ...room, awaySince: 70 * minuteMs }, 79.99)).toEqual([]);
  });

  it('lets who waits at its door for somebody of the house wait as long as for a meeting that has not begun', () => {
    const guests = [{ account: 'gita', place: 'waiting', at: 60 * minuteMs }] as const;
    const room = aMeeting({ awaySince: 0, room: 'public', link: null, guests });
    expect([71, 60 + 719.99, 60 + 720].map((minutes) => leftAlone(room, minutes))).toEqual([[], [], ['gita']]);
    expect([719.99, 720].map((minutes) => leftAlone({ ...room, begun: false, guests: [{ ...guests[0], place: 'in', at: 0 }] }, minutes))).toEqual([[], ['gita']]);
  });
});

describe('who may come to the door', () => {
  const codeOf = (meeting: Meeting | null, keyHash: string | null = 'hash', guestsOn = true) => whyNoGuest(meeting, keyHash, guestsOn)?.code;

  it('is whoever has the key, while it is good', () => {
    expect(codeOf(aMeeting())).toBeUndefined();
    expect(codeOf(aMeeting({ expired: true }))).toBe('meeting-over');
    expect(codeOf(aMeeting({ guestsAllowed: false }))).toBe('guests-off');
    expect(codeOf(aMeeting(), 'hash', false)).toBe('guests-off');
    const full = Array.from({ length: limits.meetingGuestsMax }, (_, n) => ({ account: String(n), place: 'in', at: 0 }) as const);
    expect(codeOf(aMeeting({ guests: full }))).toBe('meeting-full');
    expect(codeOf(aMeeting({ guests: full.map((guest, n) => (n === 0 ? { ...guest, place: 'gone' } : guest)) }))).toBeUndefined();
  });

  it('is told nothing of any meeting without the key, over or full or not', () => {
    const meetings = [null, aMeeting(), aMeeting({ link: null }), aMeeting({ expired: true }), aMeeting({ over: true }), aMeeting({ guestsAllowed: false })];
    expect(new Set(meetings.map((meeting) => JSON.stringify(whyNoGuest(meeting, 'other', true)))).size).toBe(1);
    expect(codeOf(aMeeting({ link: null }), null)).toBe('meeting-not-found');
    expect(codeOf(aMeeting({ room: 'private', link: null }), null)).toBe('meeting-not-found');
    expect(codeOf(aMeeting({ room: 'public', link: null }), null)).toBeUndefined();
  });
});

import { createHmac, type KeyObject } from 'node:crypto';
import { tokenHash } from '#appliance/house/sessions.ts';
import type { House } from '#appliance/house/house.ts';
import type { Meeting } from '#src/meetings/meeting.ts';

/** 256 bits that nobody makes without the log secret; the record has their hash alone. The same for one link at every time, so that its people can be shown it again. */
export const linkKey = (logSecret: KeyObject, conversationId: string, link: string): string =>
  createHmac('sha256', logSecret).update(JSON.stringify(['meeting-link', conversationId, link])).digest('base64url');

export const linkKeyHash = (logSecret: KeyObject, conversationId: string, link: string): string => tokenHash(linkKey(logSecret, conversationId, link));

/** What stands after the address of the house. The key is in the fragment, which no server is told. */
export const meetingPath = (conversationId: string, guests: boolean, key: string): string => `/meet/${conversationId}#guest=${guests ? 1 : 0}&key=${key}`;

/** What links are made with. */
export type LinkMaker = Pick<House, 'config' | 'keyring'>;

/** Null where there is none that works. Without HANSARD_URL it has no host, and the browser knows better. */
export const linkOf = ({ keyring, config }: LinkMaker, conversationId: string, meeting: Meeting): string | null =>
  meeting.link === null || meeting.expired || meeting.over ? null : `${config.publicUrl ?? ''}${meetingPath(conversationId, meeting.guestsAllowed, linkKey(keyring.logSecret, conversationId, meeting.link.link))}`;

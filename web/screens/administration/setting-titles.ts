import type { SettingName } from '#src/contract/administration.ts';
import { count } from '../../elements/times.ts';

/** What the settings are called on screen; a setting without a title does not compile. */
export const settingTitles: Readonly<Record<SettingName, string>> = {
  organisation: 'Organisation',
  archiveNotice: 'Archive notice',
  groupMembersMax: 'Members of a group',
  receiptsMembersMax: 'Receipts',
  'files.maxBytes': 'Size of a file',
  'files.quotaBytes': 'Files of one person',
  linkPreviews: 'Previews of links',
  'files.forbiddenTypes': 'Types of files not shared',
  callsEnabled: 'Calls',
  callBitsPerSecond: 'Sound and picture of a call',
  screenBitsPerSecond: 'Shared screen',
  meetingsBy: 'Who opens meetings',
  meetingGuests: 'Guests in meetings',
  guestsOnlyAfterMember: 'Guests come after somebody of the house',
  meetingMinutesAfterHost: 'Link of a meeting after its host',
  sessionHours: 'Length of a session',
};
export const bytesAtMost = 'bytes at most';
/** What a number counts. */
export const settingUnits: Readonly<Partial<Record<SettingName, string>>> = { groupMembersMax: 'members at most', receiptsMembersMax: 'members at most', 'files.maxBytes': bytesAtMost, 'files.quotaBytes': bytesAtMost, callBitsPerSecond: 'bits a second at most', screenBitsPerSecond: 'bits a second at most', meetingMinutesAfterHost: 'minutes', sessionHours: 'hours' };

type Issue = { readonly code?: string | undefined; readonly origin?: string | undefined; readonly minimum?: unknown; readonly maximum?: unknown };
/** Why a value does not fit, from what the contract's schema complains about. */
export const faultWords = (issue: Issue | undefined): string => {
  const characters = issue?.origin === 'string' ? ' characters' : '';
  if (issue?.code === 'too_big') return `At most ${count(Number(issue.maximum))}${characters}.`;
  if (issue?.code === 'too_small') return characters !== '' && Number(issue.minimum) === 1 ? 'At least one character.' : `At least ${count(Number(issue.minimum))}${characters}.`;
  return 'A whole number.';
};

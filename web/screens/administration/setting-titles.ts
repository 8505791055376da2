import type { SettingName } from '#src/contract/administration.ts';

/** What the settings are called on screen; a setting without a title does not compile. */
export const settingTitles: Readonly<Record<SettingName, string>> = {
  organisation: 'Organisation',
  archiveNotice: 'Archive notice',
  groupMembersMax: 'Members of a group',
  receiptsMembersMax: 'Receipts',
  sessionHours: 'Length of a session',
};
/** What a number counts. */
export const settingUnits: Readonly<Partial<Record<SettingName, string>>> = { groupMembersMax: 'members at most', receiptsMembersMax: 'members at most', sessionHours: 'hours' };

import { z } from 'zod';
import { endpoint, nothing, recorded } from './endpoint.ts';
import { limits } from './limits.ts';
import { at } from './shapes.ts';

/** What can be set, with the default. `docs/configuration.md` is made from this list. */
export const settingsCatalogue = {
  organisation: { schema: z.string().min(1).max(limits.titleMax), default: 'This organisation', says: 'The name on the sign-in page and in notices.' },
  archiveNotice: { schema: z.string().min(1).max(500), default: 'Everything here is kept in the record of this organisation.', says: 'The standing notice that this workspace is archived.' },
  groupMembersMax: { schema: z.int().min(2).max(1_000), default: 5, says: 'How many members a group may have.' },
  receiptsMembersMax: { schema: z.int().min(0).max(1_000), default: 200, says: 'Receipts and second check marks exist up to this many members.' },
  'files.maxBytes': { schema: z.int().min(0).max(2 ** 40), default: 1_000_000_000, says: 'How many bytes a shared file may have.' },
  'files.quotaBytes': { schema: z.int().min(0).max(2 ** 50), default: 10_000_000_000, says: 'How many bytes of files each sender may have in the record, uploads under way among them.' },
  linkPreviews: { schema: z.boolean(), default: true, says: 'Links in messages are shown with title, description and picture. The appliance then asks the page that a link leads to, once, without telling who wrote it.' },
  'files.forbiddenTypes': { schema: z.string().min(0).max(2_000), default: '', says: 'Types of files that nobody may share: endings of names (exe), media types (application/x-msdownload) or families (video/), with commas between. Judged by the name before a byte flows, and by the bytes themselves before the file is shared.' },
  callsEnabled: { schema: z.boolean(), default: true, says: 'People can call each other. Switched off, no call starts; one in progress goes on.' },
  callBitsPerSecond: { schema: z.int().min(64_000).max(20_000_000), default: 1_000_000, says: 'How many bits a second each person in a call sends at most to each other one, without their screen.' },
  screenBitsPerSecond: { schema: z.int().min(64_000).max(20_000_000), default: 2_500_000, says: 'How many bits a second a shared screen takes at most.' },
  meetingsBy: { schema: z.string().min(1).max(2_000), default: 'everybody', says: 'Who may open meetings and rooms: everybody, or those who may, with commas between: sign-in names, and classes of service as class:NAME.' },
  meetingGuests: { schema: z.boolean(), default: true, says: 'Guests may come to meetings whose link they have, and to rooms under public/. Switched off, nobody new comes in.' },
  guestsOnlyAfterMember: { schema: z.boolean(), default: false, says: 'Guests come into a room under public/ only once somebody of the house is in its call.' },
  meetingMinutesAfterHost: { schema: z.int().min(1).max(24 * 60), default: limits.meetingMinutesAfterHost, says: 'How many minutes the link of a meeting outlives its host.' },
  sessionHours: { schema: z.int().min(1).max(24 * 90), default: 12 * 14, says: 'How long a session lasts.' },
} as const;
export type SettingName = keyof typeof settingsCatalogue;
export const settingName = z.enum(Object.keys(settingsCatalogue) as [SettingName, ...SettingName[]]);

const settingRow = z.strictObject({ name: settingName, says: z.string(), value: z.json(), default: z.json(), set: z.boolean(), changedAt: at.nullable(), changedBy: z.string().nullable() });
export const listSettings = endpoint({ name: 'listSettings', kind: 'query', method: 'GET', path: '/settings', policy: ['administrator', 'officer'], says: 'Every setting at global scope: value, default, who changed it and when.', input: nothing, output: z.strictObject({ settings: z.array(settingRow) }), refusals: [] });
export const putSetting = endpoint({ name: 'putSetting', kind: 'command', method: 'PUT', path: '/settings/:name', policy: ['administrator'], says: 'Sets a value at global scope.', input: z.strictObject({ name: settingName, value: z.json() }), output: recorded, refusals: ['value-unfit'] });
export const clearSetting = endpoint({ name: 'clearSetting', kind: 'command', method: 'DELETE', path: '/settings/:name', policy: ['administrator'], says: 'Back to the default.', input: z.strictObject({ name: settingName }), output: recorded, refusals: ['not-set'] });

/** `fine`: all is well. `says` is what is wrong and what to do, a sentence each. */
export const health = z.strictObject({
  fine: z.boolean(), checkedAt: at, version: z.string(), says: z.array(z.string()),
  log: z.strictObject({ events: z.int(), flushMedianMs: z.number().nullable(), stopped: z.string().nullable(), flushesMs: z.array(z.number()) }),
  views: z.array(z.strictObject({ view: z.string(), position: z.int(), behind: z.int(), stopped: z.string().nullable() })),
  record: z.strictObject({ foreign: z.int(), root: z.string() }),
  disk: z.strictObject({ freeBytes: z.int(), totalBytes: z.int(), reserveBytes: z.int() }),
  people: z.strictObject({ accounts: z.int(), signedIn: z.int(), sockets: z.int() }),
});
export type Health = z.infer<typeof health>;
export const readHealth = endpoint({ name: 'readHealth', kind: 'query', method: 'GET', path: '/health', policy: ['administrator', 'officer'], says: 'Is everything in order, and if not, what to do.', input: nothing, output: health, refusals: [] });

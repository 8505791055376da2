import { permitAdministrator, type AdministratorPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import type { putSetting as endpoint } from '../contract/administration.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { isRefusal, nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { SettingPut } from './events.ts';
import { settingText } from './setting-text.ts';
import { globalScope } from './scopes.ts';
import { settingKey, settingsFold, type SettingsState } from './settings.ts';

export type PutSetting = ParsedInputOf<typeof endpoint>;

/** Sets a value at global scope. A value that equals the default is set all the same: the default may change one day. */
export const putSetting: UseCase<PutSetting, SettingsState, AdministratorPermit, World> = {
  name: 'putSetting',
  stream: () => streams.settings,
  fold: settingsFold,
  permit: (world, acting) => permitAdministrator(world, acting),
  decide: ({ by }, { name, value }, state, { at }) => {
    const text = settingText(name, value);
    if (isRefusal(text)) return text;
    const before = state.values.get(settingKey(globalScope, name)) ?? null;
    if (text === before) return nothingToRecord;
    const put: SettingPut = { type: 'SettingPut', data: { at, before, by, name, scope: globalScope, value: text } };
    return [put];
  },
  isSameIntent: ({ name, value }, recorded) => {
    const text = settingText(name, value);
    return !isRefusal(text) && recordsIntent(recorded, 'SettingPut', { name, scope: globalScope, value: text });
  },
};

import { permitAdministrator, type AdministratorPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import type { clearSetting as endpoint } from '../contract/administration.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { refuse } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { SettingCleared } from './events.ts';
import { globalScope } from './scopes.ts';
import { settingKey, settingsFold, type SettingsState } from './settings.ts';

export type ClearSetting = ParsedInputOf<typeof endpoint>;

const notSet = refuse('not-set', 'This setting has its default already. Nothing was changed.');

export const clearSetting: UseCase<ClearSetting, SettingsState, AdministratorPermit, World> = {
  name: 'clearSetting',
  stream: () => streams.settings,
  fold: settingsFold,
  permit: (world, acting) => permitAdministrator(world, acting),
  decide: ({ by }, { name }, state, { at }) => {
    const before = state.values.get(settingKey(globalScope, name));
    if (before === undefined) return notSet;
    const cleared: SettingCleared = { type: 'SettingCleared', data: { at, before, by, name, scope: globalScope } };
    return [cleared];
  },
  isSameIntent: ({ name }, recorded) => recordsIntent(recorded, 'SettingCleared', { name, scope: globalScope }),
};

import { permitAdministrator, type AdministratorPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { settingsCatalogue, type putSetting as endpoint } from '../contract/administration.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { nothingToRecord, refuse } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { SettingPut } from './events.ts';
import { globalScope, settingKey, settingsFold, type SettingsState } from './settings.ts';

export type PutSetting = ParsedInputOf<typeof endpoint>;

const valueUnfit = refuse('value-unfit', 'This setting cannot have this value. It stays as it was.');

/** What was before is kept beside what is now. */
export const putSetting: UseCase<PutSetting, SettingsState, AdministratorPermit, World> = {
  name: 'putSetting',
  stream: () => streams.settings,
  fold: settingsFold,
  permit: (world, acting) => permitAdministrator(world, acting),
  decide: ({ by }, { name, value: wanted }, state, { at }) => {
    const fit = settingsCatalogue[name].schema.safeParse(wanted);
    if (!fit.success || (typeof fit.data === 'string' && !fit.data.isWellFormed())) return valueUnfit;
    // Every setting is a text or an integer, and for those this is the canonical writing.
    const value = JSON.stringify(fit.data);
    const before = state.values.get(settingKey(globalScope, name)) ?? null;
    if (before === value) return nothingToRecord;
    const put: SettingPut = { type: 'SettingPut', data: { at, before, by, name, scope: globalScope, value } };
    return [put];
  },
  isSameIntent: ({ name, value }, recorded) => recordsIntent(recorded, 'SettingPut', { name, scope: globalScope, value: JSON.stringify(value) }),
};

import { healthOf } from '#appliance/house/health.ts';
import type { House } from '#appliance/house/house.ts';
import { clearSetting, listSettings, putSetting, readHealth, settingsCatalogue, type SettingName } from '#src/contract/administration.ts';
import { serve, type Served } from '#src/doors/door.ts';
import type { Json } from '#src/kernel/event.ts';
import { clearSetting as clearing } from '#src/settings/clear-setting.ts';
import { putSetting as putting } from '#src/settings/put-setting.ts';
import { recordedOf } from './recorded.ts';

/** Settings at global scope, and health. */
export const administrationEndpoints = (house: House): readonly Served[] => [
  serve(readHealth, () => healthOf(house)),
  serve(listSettings, async () => {
    const { value: rows } = await house.views.ask('desk.settings', {}, house.hub.position);
    const names = new Map((await house.views.ask('directory.names', { accounts: [...new Set(rows.map(({ by }) => by))] })).value);
    const set = new Map(rows.filter(({ scope }) => scope === 'global').map((row) => [row.name, row]));
    return {
      settings: (Object.keys(settingsCatalogue) as SettingName[]).map((name) => {
        const { says, default: fallback } = settingsCatalogue[name];
        const row = set.get(name);
        return { name, says, value: row ? (JSON.parse(row.value) as Json) : fallback, default: fallback, set: row !== undefined, changedAt: row?.at ?? null, changedBy: row ? (names.get(row.by) ?? row.by) : null } as never;
      }),
    };
  }),
  serve(putSetting, async (input, call) => recordedOf(await house.command(putting, input, call))),
  serve(clearSetting, async (input, call) => recordedOf(await house.command(clearing, input, call))),
];

import { permitAdministrator, type AdministratorPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { SettingScope } from '../settings/events.ts';
import { settingsFold, type SettingsState } from '../settings/settings.ts';
import type { IceServerRemoved } from './events.ts';
import { iceServerKey } from './ice-servers.ts';
import { noSuchIceServer } from './refusals.ts';

export type RemoveIceServer = { readonly url: string; readonly scope: SettingScope };

export const removeIceServer: UseCase<RemoveIceServer, SettingsState, AdministratorPermit, World> = {
  name: 'removeIceServer',
  stream: () => streams.settings,
  fold: settingsFold,
  permit: (world, acting) => permitAdministrator(world, acting),
  decide: ({ by }, { url, scope }, { iceServers }, { at }) => {
    if (!iceServers.has(iceServerKey(scope, url))) return noSuchIceServer;
    const removed: IceServerRemoved = { type: 'IceServerRemoved', data: { at, by, scope, url } };
    return [removed];
  },
  isSameIntent: ({ url, scope }, recorded) => recordsIntent(recorded, 'IceServerRemoved', { scope, url }),
};

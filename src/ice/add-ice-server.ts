import { permitAdministrator, type AdministratorPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { SettingScope } from '../settings/events.ts';
import { settingsFold, type SettingsState } from '../settings/settings.ts';
import type { IceAuthorisation, IceServerAdded } from './events.ts';
import { iceServerKey, iceServersIn, iceServersPerScopeMax } from './ice-servers.ts';
import { iceUrl } from './ice-url.ts';
import { credentialMissing, credentialUnwanted, iceServerExists, notAnIceUrl, tooManyIceServers } from './refusals.ts';

/** `secret`: the password that goes with `username`, or the shared secret, which has no username. */
export type AddIceServer = { readonly url: string; readonly scope: SettingScope; readonly authorisation: IceAuthorisation; readonly username: string | null; readonly secret: string | null };

export const addIceServer: UseCase<AddIceServer, SettingsState, AdministratorPermit, World> = {
  name: 'addIceServer',
  stream: () => streams.settings,
  fold: settingsFold,
  permit: (world, acting) => permitAdministrator(world, acting),
  decide: ({ by }, { url, scope, authorisation, username, secret }, { iceServers }, { at }) => {
    const parsed = iceUrl(url);
    if (!parsed) return notAnIceUrl;
    if (parsed.scheme === 'stun' && authorisation !== 'none') return credentialUnwanted;
    if (parsed.scheme !== 'stun' && (authorisation === 'none' || !secret || (authorisation === 'credential' && !username))) return credentialMissing;
    const standing = iceServers.get(iceServerKey(scope, url));
    if (standing) return standing.authorisation === authorisation && standing.username === username && standing.secret === secret ? nothingToRecord : iceServerExists;
    if (iceServersIn(iceServers, scope).length >= iceServersPerScopeMax) return tooManyIceServers;
    const added: IceServerAdded = { type: 'IceServerAdded', data: { at, authorisation, by, scope, url, username }, content: secret === null ? {} : { credential: { secret } } };
    return [added];
  },
  isSameIntent: ({ url, scope, authorisation, username, secret }, recorded) => recordsIntent(recorded, 'IceServerAdded', { authorisation, scope, url, username }, secret === null ? {} : { credential: { secret } }),
};

import type { Opened } from '../every-event.ts';
import type { SettingScope } from '../settings/events.ts';
import { classScope, globalScope } from '../settings/scopes.ts';
import type { IceAuthorisation, IceEvent } from './events.ts';
import { turnCredential } from './turn-credential.ts';

/** A server as it stands. `secret`: password or shared secret; null where there is none, or where it can no longer be opened. */
export type IceServer = { readonly url: string; readonly scope: SettingScope; readonly authorisation: IceAuthorisation; readonly username: string | null; readonly secret: string | null };

/** W3C RTCIceServer. */
export type IceServerForBrowser = { readonly urls: string; readonly username?: string; readonly credential?: string };

/** How long a credential from a shared secret counts: longer than a working day, in which a page may stay open. */
export const credentialLivesS = 12 * 3_600;
export const iceServersPerScopeMax = 10;

export const iceServerKey = ({ kind, id }: SettingScope, url: string): string => `${kind}/${id ?? ''}/${url}`;

/** Changes the map in place. */
export const evolveIceServers = (servers: Map<string, IceServer>, event: Opened<IceEvent['type']>): void => {
  const { scope, url } = event.data;
  if (event.type === 'IceServerRemoved') servers.delete(iceServerKey(scope, url));
  else servers.set(iceServerKey(scope, url), { url, scope, authorisation: event.data.authorisation, username: event.data.username, secret: event.content.credential?.secret ?? null });
};

const isIn = (scope: SettingScope, { kind, id }: SettingScope): boolean => scope.kind === kind && scope.id === id;
export const iceServersIn = (servers: ReadonlyMap<string, IceServer>, scope: SettingScope): readonly IceServer[] => [...servers.values()].filter((server) => isIn(server.scope, scope));

/** Whose they are: those of the account where it has any, else of its class of service, else everybody's. */
export const iceServersOf = (servers: ReadonlyMap<string, IceServer>, account: string, classOfService: string | null): readonly IceServer[] => {
  const scopes: readonly SettingScope[] = [{ kind: 'account', id: account }, ...(classOfService === null ? [] : [classScope(classOfService)]), globalScope];
  return scopes.map((scope) => iceServersIn(servers, scope)).find((own) => own.length > 0) ?? [];
};

/** As a browser takes it, with a credential for this person and time; undefined where the secret can no longer be opened. `now`: ms. */
export const iceServerFor = ({ url, authorisation, username, secret }: IceServer, account: string, now: number): IceServerForBrowser | undefined => {
  if (authorisation === 'none') return { urls: url };
  if (secret === null) return undefined;
  if (authorisation === 'credential') return { urls: url, username: username ?? '', credential: secret };
  return { urls: url, ...turnCredential(secret, { account, session: null, expiresAt: Math.ceil(now / 1_000) + credentialLivesS }) };
};

import { z } from 'zod';
import type { House } from '#appliance/house/house.ts';
import { sealerOf } from '#appliance/house/sealer.ts';
import { probe } from '#appliance/turn/probe.ts';
import { readIceServers, relayUrls, turnSecretOf } from '#appliance/turn/turn.ts';
import { classOfServiceName } from '#src/contract/classes.ts';
import { limits } from '#src/contract/limits.ts';
import { nameKey } from '#src/contract/names.ts';
import { line } from '#src/contract/shapes.ts';
import { addIceServer } from '#src/ice/add-ice-server.ts';
import { credentialLivesS, iceServerFor, type IceServer, type IceServerForBrowser } from '#src/ice/ice-servers.ts';
import { removeIceServer } from '#src/ice/remove-ice-server.ts';
import { turnCredential } from '#src/ice/turn-credential.ts';
import { isRefusal, refuse, type Refusal } from '#src/kernel/refusal.ts';
import type { SettingScope } from '#src/settings/events.ts';
import { classScope, globalScope } from '#src/settings/scopes.ts';
import { accountNamed } from './account-named.ts';
import { exitCodes, operator, verb } from './verb.ts';

const urlMax = 300;
const secretMax = 500;
const server = { url: z.string().min(1).max(urlMax), account: z.string().max(limits.signInNameMax).optional(), class: classOfServiceName.optional() };
/** For whom: at most one of them. */
type Whom = { readonly account?: string | undefined; readonly class?: string | undefined };

const oneScope = refuse('one-scope', 'A server is for one account, for one class of service or for everybody. Name one of them. Nothing was changed.');
const scopeNamed = async (house: House, { account, class: classOfService }: Whom): Promise<SettingScope | Refusal> => {
  if (account !== undefined && classOfService !== undefined) return oneScope;
  if (classOfService !== undefined) return classScope(classOfService);
  if (account === undefined) return globalScope;
  const id = await accountNamed(house, account);
  return isRefusal(id) ? id : { id, kind: 'account' };
};
const forWhom = ({ account, class: classOfService }: Pick<Listed, 'account' | 'class'>): string => account ?? (classOfService === null ? 'everybody' : `the class ${classOfService}`);
const named = (whom: Whom) => ({ account: whom.account ?? null, class: whom.class ?? null });
/** A name with a slip of the pen is a class of its own, which nobody has. */
const nobodyHas = ({ standing }: House, { kind, id }: SettingScope): readonly string[] =>
  kind === 'class' && !standing.classesOfService().some((one) => nameKey(one) === id) ? [`No account has the class ${id} yet: "hansard account class NAME ${id}" gives it.`] : [];

export const iceAdd = verb({
  name: 'ice.add',
  input: z.strictObject({ ...server, username: line(secretMax).optional(), credential: line(secretMax).optional(), sharedSecret: line(secretMax).optional() }),
  async run(house, { url, username, credential, sharedSecret, ...whom }) {
    const scope = await scopeNamed(house, whom);
    if (isRefusal(scope)) return scope;
    const authorisation = sharedSecret !== undefined ? 'shared-secret' : credential !== undefined || username !== undefined ? 'credential' : 'none';
    const added = await house.commandAs(operator, addIceServer, { url, scope, authorisation, username: username ?? null, secret: sharedSecret ?? credential ?? null });
    return isRefusal(added) ? added : { output: { url, ...named(whom), authorisation }, says: [`${url} is an ICE server of ${forWhom(named(whom))} now. "hansard ice test" tries it.`, ...nobodyHas(house, scope)] };
  },
});

export const iceRemove = verb({
  name: 'ice.remove',
  input: z.strictObject(server),
  async run(house, { url, ...whom }) {
    const scope = await scopeNamed(house, whom);
    if (isRefusal(scope)) return scope;
    const removed = await house.commandAs(operator, removeIceServer, { url, scope });
    return isRefusal(removed) ? removed : { output: { url, ...named(whom) }, says: [`${url} is no longer an ICE server of ${forWhom(named(whom))}. Calls that use it go on.`] };
  },
});

type Listed = { readonly url: string; readonly account: string | null; readonly class: string | null; readonly authorisation: string; readonly username: string | null };

const configured = async ({ log, logId, keyring, clock, foreign }: House): Promise<readonly IceServer[]> => [...(await readIceServers({ log, open: sealerOf(logId, keyring, clock, log.isShared ? new Set(foreign) : undefined).open })).values()];
const ownUrls = ({ config: { turn } }: House): readonly string[] => (turn ? relayUrls(turn.hosts, turn.port, true) : []);

/** As it signs in; its id where nobody does. */
const nameOf = async ({ views, hub, clock }: House, account: string): Promise<string> => {
  const { value } = await views.ask('directory.account', { account, now: clock() }, hub.position);
  return value?.signInName ?? account;
};

/** Credentials are never shown. */
export const iceGet = verb({
  name: 'ice.get',
  input: z.strictObject({}),
  async run(house) {
    const servers: Listed[] = ownUrls(house).map((url) => ({ url, account: null, class: null, authorisation: 'built-in', username: null }));
    for (const { url, scope, authorisation, username } of await configured(house)) servers.push({ url, account: scope.kind === 'account' ? await nameOf(house, scope.id!) : null, class: scope.kind === 'class' ? scope.id : null, authorisation, username });
    return {
      output: { servers },
      says: servers.length === 0 ? ['There is no ICE server: calls work within one network only.'] : servers.map(({ url, authorisation, username, ...whom }) => `${url}  ${forWhom(whom)}  ${authorisation}${username === null ? '' : ` as ${username}`}`),
    };
  },
});

export const iceTest = verb({
  name: 'ice.test',
  input: z.strictObject({ url: z.string().max(urlMax).optional() }),
  async run(house, { url }) {
    const now = house.clock();
    const own = ownUrls(house).map((urls): IceServerForBrowser => ({ urls, ...turnCredential(turnSecretOf(house.keyring.logSecret), { account: 'operator', session: null, expiresAt: Math.ceil(now / 1_000) + credentialLivesS }) }));
    const added = (await configured(house)).map((one) => iceServerFor(one, 'operator', now) ?? { urls: one.url, username: '', credential: '' });
    const tried = [...own, ...added].filter(({ urls }) => url === undefined || urls === url);
    const results = await Promise.all(tried.map(probe));
    const fine = results.length > 0 && results.every((one) => one.fine);
    return { output: { fine, results }, exit: fine ? exitCodes.fine : exitCodes.unhealthy, says: results.length === 0 ? ['There is no such ICE server to test. "hansard ice get" shows which there are.'] : results.map((one) => `${one.fine ? 'ok  ' : 'FAIL'}  ${one.says}`) };
  },
});

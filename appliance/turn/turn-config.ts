import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { canonicalAddress, familyOf, hostOf } from './addresses.ts';
import { relayLimits, type RelayPlace, type RelaySettings } from './relay-settings.ts';

/** How the built-in relay is run. `hosts`: what browsers are told, IPv6 in brackets. */
export type TurnConfig = Omit<RelaySettings, 'realm' | 'secret' | 'credentialLivesS' | 'notBeforeS'> & { readonly hosts: readonly string[] };

/** As the variables say it. `addresses`: at most one of each family; `peers`: addresses of relays, and `public`. */
export type TurnVariables = {
  readonly port: number; readonly relayPorts: string; readonly addresses: readonly string[]; readonly peers: readonly string[]; readonly bytesPerSecond: number; readonly allocations: number;
  /** Of the web: the relay is for those who reach that. */
  readonly host: string; readonly publicUrl: string | undefined;
};
export type OwnAddress = { readonly address: string; readonly internal: boolean };

/** As many allocations of one account may send all they may at once: a call of eight has fourteen, and sends over seven, one for each of the others. */
const allocationsFullMax = 8;
const portRange = /^(\d{1,5})-(\d{1,5})$/;
const wildcard = { 4: '0.0.0.0', 6: '::' } as const;

/** Undefined for what is no range of unprivileged ports. */
export const relayPortsOf = (text: string): RelaySettings['relayPorts'] | undefined => {
  const found = portRange.exec(text);
  const [from, to] = [Number(found?.[1]), Number(found?.[2])];
  return found && from >= 1_024 && from <= to && to <= 65_535 ? { from, to } : undefined;
};

export const areTurnAddresses = (addresses: readonly string[]): boolean => addresses.every((one) => isIP(one) > 0) && new Set(addresses.map(familyOf)).size === addresses.length;
export const areTurnPeers = (peers: readonly string[]): boolean => peers.every((one) => one === 'public' || isIP(one) > 0);

const ownAddresses = (): readonly OwnAddress[] => Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address, internal }) => ({ address, internal })));

export const turnConfig = (variables: TurnVariables, own: readonly OwnAddress[] = ownAddresses()): TurnConfig => {
  const { port, relayPorts, addresses, peers, bytesPerSecond, allocations, publicUrl } = variables;
  const places = addresses.length > 0 ? addresses.map((address) => namedPlace(address, own)) : [placeOf(variables, own)];
  const named = addresses.length > 0 || publicUrl === undefined ? undefined : new URL(publicUrl).hostname;
  return {
    places, port, relayPorts: relayPortsOf(relayPorts)!, peers: { relays: peers.filter((peer) => peer !== 'public'), any: peers.includes('public') },
    hosts: named === undefined ? places.map(({ announced }) => hostOf(announced)) : [named],
    limits: { ...relayLimits, bytesPerSecond, accountBytesPerSecond: bytesPerSecond * allocationsFullMax, allocationsMax: allocations },
  };
};

/** An address that is not this machine's is that of a NAT in front of it. */
const namedPlace = (address: string, own: readonly OwnAddress[]): RelayPlace =>
  ({ announced: address, bind: own.some((one) => canonicalAddress(one.address) === canonicalAddress(address)) ? address : wildcard[familyOf(address)] });

/** Where the web is for this machine alone, the relay is too. */
const placeOf = ({ host, publicUrl }: TurnVariables, own: readonly OwnAddress[]): RelayPlace => {
  const isLoopback = host === 'localhost' || host === '::1' || host.startsWith('127.');
  if (isLoopback && publicUrl === undefined) return { bind: '127.0.0.1', announced: '127.0.0.1' };
  if (isIP(host) > 0 && !isLoopback && host !== wildcard[4] && host !== wildcard[6]) return { bind: host, announced: host };
  return { bind: wildcard[4], announced: own.find(({ address, internal }) => !internal && isIP(address) === 4)?.address ?? '127.0.0.1' };
};

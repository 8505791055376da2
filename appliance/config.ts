import { readFileSync } from 'node:fs';
import type { NetConnectOpts } from 'node:net';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { limits } from '#src/contract/limits.ts';
import { Fault } from '#src/kernel/fault.ts';
import { busAddress, type BusAddress } from './bus/bus-address.ts';
import { clamdAddress } from './clamd/clamd-address.ts';
import { storePlace, type StorePlace } from './files/store-place.ts';
import type { KeyPlaces } from './keys/places.ts';
import { isNetwork, type Reach } from './links/addresses.ts';
import { mailConfig, smtpPattern, type MailConfig } from './mail/mail-config.ts';
import { areTurnAddresses, areTurnPeers, relayPortsOf, turnConfig, type TurnConfig } from './turn/turn-config.ts';
import type { Credentials } from '#src/log/eventstoredb/server-address.ts';

const listOf = (text: string): readonly string[] => text.split(',').map((one) => one.trim()).filter((one) => one !== '');
const port = z.coerce.number().int().min(0).max(65_535);

/** Every variable the appliance reads; `docs/configuration.md` is made from this list. `NAME_FILE` reads the value from a file. */
export const configCatalogue = {
  HANSARD_DATA: { schema: z.string().min(1), default: './data', says: 'The one folder in which everything lives: log, keys, views.' },
  HANSARD_LOG: { schema: z.string().regex(/^(esdb|esdb\+discover):\/\/./, 'esdb://HOST:PORT or esdb+discover://HOST:PORT is expected'), default: null, says: 'An EventStoreDB or KurrentDB that keeps the log, esdb://HOST:2113. Without it the log is in the data folder. Several appliances may share one. An authority of your own: ?tlsCAFile=/path.' },
  HANSARD_LOG_CREDENTIALS: { schema: z.string().regex(/^[^:]+:./, 'USER:PASSWORD is expected'), default: null, secret: true, says: 'USER:PASSWORD for HANSARD_LOG. Give it in a file, by HANSARD_LOG_CREDENTIALS_FILE.' },
  HANSARD_KEYS: { schema: z.string().min(1), default: null, says: 'Folder of the keys, on storage that every appliance on one log mounts. Default: the folder keys in the data folder.' },
  HANSARD_FILES: { schema: z.string().min(1), default: null, says: 'Where what people share is kept, sealed: a folder on storage that every appliance on one log mounts, or a bucket of an S3-compatible store, s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION (without endpoint: AWS; http:// on this machine alone). Default: the folder files in the data folder; with HANSARD_LOG there is no default, and nothing starts without it.' },
  HANSARD_FILES_CREDENTIALS: { schema: z.string().regex(/^[^:]+:./, 'KEY_ID:SECRET is expected'), default: null, secret: true, says: 'KEY_ID:SECRET for a bucket in HANSARD_FILES, allowed to list, read, write and delete there and to end multipart uploads. Give it in a file, by HANSARD_FILES_CREDENTIALS_FILE.' },
  HANSARD_CLAMD: { schema: z.string().min(1), default: null, says: 'The clamd of a ClamAV that checks files for viruses before they are shared: HOST:PORT, or unix:/PATH of its socket. Where it cannot be asked, files wait. Its StreamMaxLength is the size that can be shared then: set it, MaxFileSize and MaxScanSize to at least files.maxBytes, and AlertExceedsMax to yes, so that nothing passes that it did not look into.' },
  HANSARD_MEILI_URL: { schema: z.url({ protocol: /^https?$/ }), default: null, says: 'A Meilisearch (1.15 or newer) for find-as-you-type, for instance http://127.0.0.1:7700. Without it people have the exact search, which answers everything else anyway.' },
  HANSARD_MEILI_KEY: { schema: z.string().min(1), default: null, secret: true, says: 'Key for HANSARD_MEILI_URL, with the actions search, documents.*, indexes.*, settings.* and tasks.get. It never leaves the appliance. Give it in a file.' },
  HANSARD_BUS: { schema: z.string().regex(/^(nats|tls):\/\/./, 'nats://HOST:PORT or tls://HOST:PORT is expected'), default: null, says: 'A NATS (2.9 or newer) over which the appliances of one log tell each other who is here and who types, nats://HOST:4222 or tls://HOST:4222; several servers of one cluster with commas between. Without it each appliance shows its own people only; messages never go over it. tls:// insists on TLS, nats:// takes it where the server offers it. An authority of your own is named to Node in NODE_EXTRA_CA_CERTS.' },
  HANSARD_BUS_CREDENTIALS: { schema: z.string().min(1), default: null, says: 'Path of a file with what HANSARD_BUS asks for: a NATS credentials file, USER:PASSWORD or a token. Read at each connection, so that it can be renewed without a restart. It need not allow more than to publish and subscribe to hansard.LOG-ID.>' },
  HANSARD_LINK_NETWORKS: { schema: z.string().refine((text) => listOf(text).every(isNetwork), 'networks such as 10.20.0.0/16 are expected, with commas between'), default: null, says: 'Networks of yours whose pages the appliance may ask for the previews of links, 10.20.0.0/16 or fd12::/16, several with commas between. Without them it asks nothing but the open internet: no private, local or otherwise special address, whatever name leads there.' },
  HANSARD_LINK_PORTS: { schema: z.string().regex(/^[\d, ]*$/, 'ports such as 8080, 8443 are expected'), default: null, says: 'Ports that may be asked for the previews of links beside 80 and 443, with commas between.' },
  HANSARD_SMTP: { schema: z.string().regex(smtpPattern, 'smtp://HOST:PORT or smtps://HOST:PORT is expected'), default: null, says: 'A mail server that takes invitations to meetings, smtps://HOST:465, or smtp://HOST:587 with STARTTLS, which is insisted on unless the server is on this machine. Needs HANSARD_MAIL_FROM and HANSARD_URL. Without it people are handed over to their own mail program.' },
  HANSARD_SMTP_CREDENTIALS: { schema: z.string().regex(/^[^:]+:./, 'USER:PASSWORD is expected'), default: null, secret: true, says: 'USER:PASSWORD for HANSARD_SMTP. Give it in a file, by HANSARD_SMTP_CREDENTIALS_FILE.' },
  HANSARD_MAIL_FROM: { schema: z.email(), default: null, says: 'The address that mail of the appliance comes from.' },
  HANSARD_HOST: { schema: z.string().min(1), default: '127.0.0.1', says: 'Address to listen on. Anything but loopback needs HANSARD_URL with https, or a certificate.' },
  HANSARD_PORT: { schema: port, default: '8080', says: 'Port to listen on.' },
  HANSARD_URL: { schema: z.url({ protocol: /^https?$/ }), default: null, says: 'The address people use, for instance https://chat.example.org. Cookies are Secure when it is https.' },
  HANSARD_TLS_CERT: { schema: z.string().min(1), default: null, says: 'Certificate file (PEM). Without one, TLS is the business of a proxy.' },
  HANSARD_TLS_KEY: { schema: z.string().min(1), default: null, says: 'Key file (PEM) for HANSARD_TLS_CERT.' },
  HANSARD_PROXY: { schema: z.string().min(1), default: null, says: 'Address of the proxy whose X-Forwarded-For is believed. Nobody else\'s is.' },
  HANSARD_METRICS_PORT: { schema: port, default: null, says: 'Port on loopback for Prometheus metrics at /metrics. Off unless set.' },
  HANSARD_TURN: { schema: z.enum(['on', 'off']), default: 'on', says: 'Whether the appliance relays calls that cannot go from browser to browser (TURN, over UDP and TCP, docs/calls.md). Off: only servers of "hansard ice add" do.' },
  HANSARD_TURN_PORT: { schema: port, default: '3478', says: 'Port of the relay, for UDP and TCP. By default it is all that has to be open, and TCP only for networks that let no UDP out: two people who are relayed meet inside.' },
  HANSARD_TURN_ADDRESS: { schema: z.string().refine((text) => areTurnAddresses(listOf(text)), 'one IPv4 address, one IPv6 address, or both with a comma between, are expected'), default: '', says: 'Address at which people reach the relay, one of each family at most. One that is not of this machine is that of a NAT in front. Default: HANSARD_HOST where that is an address, the first address of this machine where HANSARD_URL is set or HANSARD_HOST is 0.0.0.0, else loopback.' },
  HANSARD_TURN_RELAY_PORTS: { schema: z.string().refine((text) => relayPortsOf(text) !== undefined, 'FROM-TO within 1024-65535 is expected'), default: '49152-65535', says: 'UDP ports of relayed addresses. They have to be open only with HANSARD_TURN_PEERS.' },
  HANSARD_TURN_PEERS: { schema: z.string().refine((text) => areTurnPeers(listOf(text)), 'addresses, or the word public, are expected, with commas between'), default: '', says: 'With whom relayed people may talk beside each other: addresses of the relays of other appliances (on HANSARD_TURN_RELAY_PORTS), or public for any public address. Private, local and otherwise special addresses are denied always.' },
  HANSARD_TURN_BYTES_PER_SECOND: { schema: z.coerce.number().int().min(10_000), default: '1000000', says: 'Bytes that one allocation of the relay may carry in a second, each way, lasting; all allocations of one person may send eight times as much together.' },
  HANSARD_TURN_ALLOCATIONS: { schema: z.coerce.number().int().min(1).max(16_384), default: '4000', says: 'Allocations that the relay has at once: somebody in a call of eight needs fourteen, one over UDP and one over TCP for each of the others. Each is an open file of the relay, and each connection one more.' },
  HANSARD_CALLS_PER_SECOND: { schema: z.coerce.number().int().min(1), default: String(limits.httpCallsPerSecond), says: 'Calls one session may make over HTTP in a second, lasting.' },
  HANSARD_FRAMES_PER_SECOND: { schema: z.coerce.number().int().min(1), default: String(limits.socketFramesPerSecond), says: 'Frames one socket may send in a second, lasting.' },
  HANSARD_SIGN_INS_PER_MINUTE: { schema: z.coerce.number().int().min(1), default: '30', says: 'Sign-ins that one address may try in a minute.' },
  HANSARD_RESERVE_BYTES: { schema: z.coerce.number().int().min(0), default: null, says: 'Free disk below which posts are refused. Default: 5 % of the disk, 512 MiB at least.' },
} as const;
export type ConfigName = keyof typeof configCatalogue;

export type Config = {
  readonly dataFolder: string; readonly host: string; readonly port: number; readonly publicUrl: string | undefined;
  readonly tls: { readonly cert: string; readonly key: string } | undefined; readonly proxy: string | undefined; readonly metricsPort: number | undefined;
  /** Undefined: the embedded log. */
  readonly log: { readonly url: string; readonly credentials: Credentials | undefined } | undefined;
  /** Undefined: `keys` in the data folder. */
  readonly keysFolder: string | undefined;
  /** Undefined: `files` in the data folder, or, where the log is elsewhere, none. */
  readonly files: StorePlace | undefined;
  /** Undefined: no find-as-you-type. */
  readonly meili: { readonly url: string; readonly key: string | undefined } | undefined;
  /** Undefined: files are not checked for viruses. */
  readonly clamd: NetConnectOpts | undefined;
  readonly bus: BusAddress | undefined;
  /** Undefined: no mail is sent. */
  readonly mail: MailConfig | undefined;
  /** Undefined: nothing in the box relays calls. */
  readonly turn: TurnConfig | undefined;
  /** What the previews of links may ask beside the open network. */
  readonly linkReach: Reach;
  readonly callsPerSecond: number; readonly framesPerSecond: number; readonly signInsPerMinute: number; readonly reserveBytes: number | undefined;
  /** How often sessions that ran out are let go. */
  readonly forgetExpiredEveryMs: number;
};
export type ConfigRow = { readonly name: ConfigName; readonly value: string | null; readonly source: 'default' | 'environment' | 'file'; readonly says: string };

/** Never printed: shown as set, and where it comes from. */
export const isSecret = (name: ConfigName): boolean => 'secret' in configCatalogue[name];

/** Each variable with its value and where it comes from. Throws `Fault` for an unknown or unfit one, with what was probably meant. */
export const configRows = (env: NodeJS.ProcessEnv): readonly ConfigRow[] => {
  const names = Object.keys(configCatalogue) as ConfigName[];
  for (const name of Object.keys(env)) {
    if (!name.startsWith('HANSARD_')) continue;
    if (name.startsWith('HANSARD_TEST_') || names.some((known) => name === known || name === `${known}_FILE`)) continue;
    const meant = names.find((known) => known.startsWith(name.slice(0, 'HANSARD_'.length + 3)));
    throw new Fault(`${name} is no setting of Hansard${meant ? `; ${meant} is` : ''}. "hansard config print" lists all.`);
  }
  return names.map((name) => rowOf(name, env));
};

const rowOf = (name: ConfigName, env: NodeJS.ProcessEnv): ConfigRow => {
  const { schema, default: fallback, says } = configCatalogue[name];
  const file = env[`${name}_FILE`];
  const value = env[name] ?? (file === undefined ? undefined : readFileSync(file, 'utf8').trim());
  if (value === undefined) return { name, value: fallback, source: 'default', says };
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Fault(`${name} cannot be ${isSecret(name) ? 'what it is' : `"${value}"`}: ${parsed.error.issues[0]!.message}.`);
  return { name, value, source: env[name] === undefined ? 'file' : 'environment', says };
};

/** The name and password for the log. The first colon parts them. */
export const credentialsOf = (rows: readonly ConfigRow[]): Credentials | undefined => {
  const value = rows.find(({ name }) => name === 'HANSARD_LOG_CREDENTIALS')?.value;
  if (!value) return undefined;
  const colon = value.indexOf(':');
  return { username: value.slice(0, colon), password: value.slice(colon + 1) };
};

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/** Throws `Fault` with the sentence a person needs. */
export const readConfig = (env: NodeJS.ProcessEnv): Config => {
  const read = configRows(env);
  const rows = new Map(read.map(({ name, value }) => [name, value]));
  const text = (name: ConfigName): string | undefined => rows.get(name) ?? undefined;
  const number = (name: ConfigName): number | undefined => (text(name) === undefined ? undefined : Number(text(name)));
  const [cert, key] = [text('HANSARD_TLS_CERT'), text('HANSARD_TLS_KEY')];
  if ((cert === undefined) !== (key === undefined)) throw new Fault('HANSARD_TLS_CERT and HANSARD_TLS_KEY go together.');
  const [logUrl, keys] = [text('HANSARD_LOG'), text('HANSARD_KEYS')];
  const [meiliUrl, meiliKey] = [text('HANSARD_MEILI_URL'), text('HANSARD_MEILI_KEY')];
  if (meiliUrl === undefined && meiliKey !== undefined) throw new Fault('HANSARD_MEILI_KEY goes with HANSARD_MEILI_URL.');
  const [bus, busCredentials] = [text('HANSARD_BUS'), text('HANSARD_BUS_CREDENTIALS')];
  if (bus === undefined && busCredentials !== undefined) throw new Fault('HANSARD_BUS_CREDENTIALS goes with HANSARD_BUS.');
  const [filesPlace, filesCredentials] = [text('HANSARD_FILES'), text('HANSARD_FILES_CREDENTIALS')];
  if (filesPlace === undefined && filesCredentials !== undefined) throw new Fault('HANSARD_FILES_CREDENTIALS goes with HANSARD_FILES.');
  const host = text('HANSARD_HOST')!;
  const publicUrl = text('HANSARD_URL');
  if (!loopback.has(host) && !cert && !publicUrl?.startsWith('https:')) {
    throw new Fault(`Listening on ${host} needs TLS: set HANSARD_TLS_CERT and HANSARD_TLS_KEY, or HANSARD_URL to the https address of the proxy in front.`);
  }
  return {
    dataFolder: resolve(text('HANSARD_DATA')!), host, port: number('HANSARD_PORT')!, publicUrl: publicUrl?.replace(/\/+$/, ''),
    tls: cert && key ? { cert: resolve(cert), key: resolve(key) } : undefined, proxy: text('HANSARD_PROXY'), metricsPort: number('HANSARD_METRICS_PORT'),
    log: logUrl === undefined ? undefined : { url: logUrl, credentials: credentialsOf(read) },
    keysFolder: keys === undefined ? undefined : resolve(keys),
    files: filesPlace === undefined ? undefined : storePlace(filesPlace, filesCredentials),
    clamd: text('HANSARD_CLAMD') === undefined ? undefined : clamdAddress(text('HANSARD_CLAMD')!),
    turn: text('HANSARD_TURN') === 'off' ? undefined : turnConfig({
      host, publicUrl, port: number('HANSARD_TURN_PORT')!, relayPorts: text('HANSARD_TURN_RELAY_PORTS')!, addresses: listOf(text('HANSARD_TURN_ADDRESS')!), peers: listOf(text('HANSARD_TURN_PEERS')!),
      bytesPerSecond: number('HANSARD_TURN_BYTES_PER_SECOND')!, allocations: number('HANSARD_TURN_ALLOCATIONS')!,
    }),
    mail: mailConfig(text('HANSARD_SMTP'), text('HANSARD_SMTP_CREDENTIALS'), text('HANSARD_MAIL_FROM'), publicUrl?.replace(/\/+$/, '')),
    bus: bus === undefined ? undefined : busAddress(bus, busCredentials && resolve(busCredentials)),
    meili: meiliUrl === undefined ? undefined : { url: meiliUrl, key: meiliKey },
    linkReach: { networks: listOf(text('HANSARD_LINK_NETWORKS') ?? ''), ports: listOf(text('HANSARD_LINK_PORTS') ?? '').map(Number) },
    callsPerSecond: number('HANSARD_CALLS_PER_SECOND')!, framesPerSecond: number('HANSARD_FRAMES_PER_SECOND')!, signInsPerMinute: number('HANSARD_SIGN_INS_PER_MINUTE')!, reserveBytes: number('HANSARD_RESERVE_BYTES'),
    forgetExpiredEveryMs: 60_000,
  };
};

/** Where the keys are. */
export const keyPlacesOf = ({ dataFolder, keysFolder }: Config): KeyPlaces => ({ dataFolder, keysFolder });

/** Where things lie in the data folder. */
export const placesIn = (dataFolder: string) => ({
  log: join(dataFolder, 'log.sqlite'), /** What this node has read of a log that is elsewhere. */ logCopy: join(dataFolder, 'log-copy.sqlite'), views: join(dataFolder, 'views'), downloads: join(dataFolder, 'downloads'), files: join(dataFolder, 'files'), /** Small pictures, which are made again when they are gone. */ previews: join(dataFolder, 'previews'), operatorSocket: join(dataFolder, 'operator.sock'), checkpoint: join(dataFolder, 'process-managers.json'), instant: join(dataFolder, 'instant.json'), linkPreviews: join(dataFolder, 'link-previews.json'), firstLink: join(dataFolder, 'first-link.json'),
});

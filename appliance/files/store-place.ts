import { resolve } from 'node:path';
import { Fault } from '#src/kernel/fault.ts';

export type S3Place = {
  readonly kind: 's3'; readonly bucket: string;
  /** Before every key: empty, or ending in a slash. */
  readonly prefix: string;
  /** Undefined: AWS. */
  readonly endpoint: string | undefined;
  readonly region: string; readonly accessKeyId: string; readonly secretAccessKey: string;
};

/** Where the sealed bytes of files are kept. */
export type StorePlace = { readonly kind: 'folder'; readonly folder: string } | S3Place;

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;
const looksLike = 'It looks like s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION.';

/**
 * HANSARD_FILES: a folder, or `s3://bucket/prefix?endpoint=...&region=...` with `KEY_ID:SECRET` beside it. Throws `Fault` with a sentence
 * that repeats neither: for an address that cannot be read, for credentials in it, and for plain http to any host but this machine.
 */
export const storePlace = (address: string, credentials: string | undefined): StorePlace => {
  if (!/^s3:/i.test(address)) {
    if (credentials !== undefined) throw new Fault('HANSARD_FILES_CREDENTIALS goes with a bucket in HANSARD_FILES. A folder needs none.');
    return { kind: 'folder', folder: resolve(address) };
  }
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(url.hostname) || url.port !== '' || url.hash !== '') throw new Fault(`HANSARD_FILES is not understood. ${looksLike}`);
  const unknown = [...url.searchParams.keys()].find((name) => name !== 'endpoint' && name !== 'region');
  if (url.username !== '' || url.password !== '' || /key|secret|token/i.test(unknown ?? '')) throw new Fault('HANSARD_FILES holds credentials. Take them out and put them into a file, KEY_ID:SECRET, named in HANSARD_FILES_CREDENTIALS_FILE; the address is shown in places where a secret must not be.');
  if (unknown !== undefined) throw new Fault(`HANSARD_FILES has "${unknown}" in it, which is not understood. ${looksLike}`);
  if (credentials === undefined) throw new Fault('HANSARD_FILES names a bucket, and its credentials are missing. Put KEY_ID:SECRET into a file and name it in HANSARD_FILES_CREDENTIALS_FILE.');
  const endpoint = endpointOf(url.searchParams.get('endpoint'));
  const region = url.searchParams.get('region') ?? (endpoint === undefined ? undefined : 'us-east-1');
  if (region === undefined || region === '') throw new Fault(`HANSARD_FILES says neither region nor endpoint. ${looksLike}`);
  const prefix = decodeURIComponent(url.pathname).split('/').filter((part) => part !== '').map((part) => `${part}/`).join('');
  const colon = credentials.indexOf(':');
  return { kind: 's3', bucket: url.hostname, prefix, endpoint, region, accessKeyId: credentials.slice(0, colon), secretAccessKey: credentials.slice(colon + 1) };
};

const endpointOf = (text: string | null): string | undefined => {
  if (text === null) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.search !== '' || url.hash !== '') throw new Fault(`The endpoint in HANSARD_FILES is not understood. ${looksLike}`);
  if (url.username !== '' || url.password !== '') throw new Fault('The endpoint in HANSARD_FILES holds credentials. Take them out and put them into the file named in HANSARD_FILES_CREDENTIALS_FILE.');
  if (url.protocol === 'http:' && !loopback.test(url.hostname)) throw new Fault(`HANSARD_FILES speaks plain http to ${url.host}, which is allowed on this machine alone. Use https.`);
  return url.href.replace(/\/+$/, '');
};

/** As people read it in a sentence. */
export const placeText = (place: StorePlace): string => (place.kind === 'folder' ? place.folder : `s3://${place.bucket}/${place.prefix}${place.endpoint === undefined ? '' : ` at ${place.endpoint}`}`);

import { accessSync, constants } from 'node:fs';
import { Fault } from '#src/kernel/fault.ts';

export type BusAddress = { readonly servers: readonly string[]; readonly tls: boolean; readonly credentialsFile: string | undefined };

/**
 * HANSARD_BUS: one `nats://host:port` or `tls://host:port`, or several of one cluster with commas between, all of one kind.
 * Throws `Fault` with the sentence a person needs.
 */
export const busAddress = (servers: string, credentialsFile: string | undefined): BusAddress => {
  const urls = servers.split(',').map((server) => urlOf(server.trim()));
  const tls = urls[0]!.protocol === 'tls:';
  if (urls.some(({ protocol }) => (protocol === 'tls:') !== tls)) throw new Fault('HANSARD_BUS mixes nats:// and tls://. Give all servers as tls://, or none.');
  if (credentialsFile !== undefined) mustBeReadable(credentialsFile);
  return { servers: urls.map(({ host, hostname, port }) => (port === '' ? `${hostname}:4222` : host)), tls, credentialsFile };
};

const urlOf = (server: string): URL => {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (!url || !['nats:', 'tls:'].includes(url.protocol) || url.hostname === '') throw new Fault('HANSARD_BUS is not understood: it is nats://host:port or tls://host:port.');
  if (url.username !== '' || url.password !== '') throw new Fault('HANSARD_BUS holds credentials. Put them into a file, user:password, and name it in HANSARD_BUS_CREDENTIALS.');
  return url;
};

const mustBeReadable = (file: string): void => {
  try {
    accessSync(file, constants.R_OK);
  } catch (cause) {
    throw new Fault(`HANSARD_BUS_CREDENTIALS names ${file}, which cannot be read.`, { cause });
  }
};

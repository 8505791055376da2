import { readFileSync } from 'node:fs';
import { parseConnectionString } from '@eventstore/db-client/dist/Client/parseConnectionString.js';

import { Fault } from '../../kernel/fault.ts';

export type Credentials = { readonly username: string; readonly password: string };
export type EndPoint = { readonly address: string; readonly port: number };

/** Where the database is, from its connection string. */
export type ServerAddress = {
  readonly hosts: readonly EndPoint[];
  /** The one host is a name under which the whole cluster is found. */
  readonly discover: boolean;
  readonly tls: boolean;
  readonly caFile: string | undefined;
  readonly userCertFile: string | undefined;
  readonly userKeyFile: string | undefined;
};

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i;

/**
 * Reads `esdb://host:port,...` or `esdb+discover://name:port`. Throws `Fault` with a sentence that repeats neither name nor
 * password: for an address that cannot be read, for credentials in it (they belong in a file), and for `tls=false` on any
 * host but this machine.
 */
export const serverAddress = (url: string): ServerAddress => {
  if (/^[^:]*:\/\/[^/?]*@/.test(url)) throw new Fault('The address of the database carries a name and a password. Take them out and put them into the credentials file; the address is shown in places where a password must not be.');
  const parsed = parse(url);
  const tls = parsed.tls ?? true;
  const strangers = parsed.hosts.filter(({ address }) => !loopback.test(address)).map(({ address }) => address);
  if (!tls && strangers.length > 0) throw new Fault(`The address of the database says tls=false, which is allowed on this machine alone: ${strangers.join(', ')} would be spoken to in the clear. Take tls=false out.`);
  return { hosts: parsed.hosts, discover: parsed.dnsDiscover, tls, caFile: parsed.tlsCAFile, userCertFile: parsed.userCertFile, userKeyFile: parsed.userKeyFile };
};

const parse = (url: string): ReturnType<typeof parseConnectionString> => {
  try {
    return parseConnectionString(url);
  } catch (error) {
    throw new Fault(`The address of the database cannot be read: ${(error as Error).message} It looks like esdb://host:2113 or esdb+discover://cluster.example:2113.`, { cause: error });
  }
};

/** Throws `Fault` where a cluster that is spoken to in the clear names a member on another machine. `uri` is host:port. */
export const assertSpeakable = ({ tls }: Pick<ServerAddress, 'tls'>, uri: string): void => {
  const host = uri.slice(0, uri.lastIndexOf(':'));
  if (!tls && !loopback.test(host)) throw new Fault(`The database names ${uri} as its leader, and its address says tls=false, which is allowed on this machine alone. Take tls=false out.`);
};

/** As people read it in a sentence. */
export const hostsText = ({ hosts }: ServerAddress): string => hosts.map(({ address, port }) => `${address}:${port}`).join(', ');

/** The certificates that the address names. Throws `Fault` for a file that cannot be read. */
export const certificatesOf = ({ caFile, userCertFile, userKeyFile }: ServerAddress) => ({
  ...(caFile === undefined ? {} : { rootCertificate: contentOf(caFile) }),
  ...(userCertFile === undefined || userKeyFile === undefined ? {} : { userCertFile: contentOf(userCertFile), userKeyFile: contentOf(userKeyFile) }),
});

const contentOf = (file: string): Buffer => {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Fault(`The certificate file ${file}, which the address of the database names, cannot be read: ${(error as Error).message}.`, { cause: error });
  }
};

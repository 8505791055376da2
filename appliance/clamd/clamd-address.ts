import type { NetConnectOpts } from 'node:net';
import { Fault } from '#src/kernel/fault.ts';

/** HANSARD_CLAMD: `host:port` or `unix:/path`. Throws `Fault` with the sentence a person needs. */
export const clamdAddress = (address: string): NetConnectOpts => {
  if (address.startsWith('unix:/')) return { path: address.slice('unix:'.length) };
  const url = URL.canParse(`tcp://${address}`) ? new URL(`tcp://${address}`) : undefined;
  if (!url || url.hostname === '' || url.port === '' || url.username !== '' || url.pathname !== '') throw new Fault(`HANSARD_CLAMD cannot be "${address}": HOST:PORT or unix:/PATH is expected.`);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) };
};

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * A certificate for 127.0.0.1 that vouches for itself, and the file that a client trusts. Node makes keys but no certificates, so
 * this needs the program `openssl`.
 */
export const aCertificate = async (): Promise<{ readonly key: string; readonly certificate: string; readonly authorityFile: string; readonly remove: () => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'hansard-certificate-'));
  const [keyFile, authorityFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const words = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=stand-in', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  await promisify(execFile)('openssl', [...words, '-keyout', keyFile, '-out', authorityFile]);
  return { key: await readFile(keyFile, 'utf8'), certificate: await readFile(authorityFile, 'utf8'), authorityFile, remove: () => rm(folder, { recursive: true }) };
};

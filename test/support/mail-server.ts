// The npm package smtp-server on a port of its own: it speaks SMTP (RFC 5321) and takes what it is told to take. It does not prove that mail reaches anybody, nor what a real server's filters say.
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export type TakenMail = { readonly from: string; readonly to: readonly string[]; readonly raw: string };
export type MailServer = {
  readonly port: number;
  readonly taken: readonly TakenMail[];
  /** How many were turned down so far. */
  readonly turnedDown: () => number;
  /** What it answers to a recipient from now on; undefined takes everybody. */
  answers: (code: 450 | 550 | undefined) => void;
  readonly close: () => Promise<void>;
};

/** On loopback without TLS. `user` and `password` are asked for where they are given. */
export const aMailServer = async ({ user, password }: { readonly user?: string; readonly password?: string } = {}): Promise<MailServer> => {
  const taken: TakenMail[] = [];
  let code: 450 | 550 | undefined;
  let turnedDown = 0;
  const server = new SMTPServer({
    authOptional: user === undefined, disabledCommands: ['STARTTLS', ...(user === undefined ? ['AUTH'] : [])], allowInsecureAuth: true,
    onAuth: (auth, _session, done) => (auth.username === user && auth.password === password ? done(null, { user: auth.username }) : done(new Error('wrong password'))),
    onRcptTo: (_address, _session, done) => {
      if (code === undefined) return done();
      turnedDown += 1;
      return done(Object.assign(new Error('not now, or never'), { responseCode: code }));
    },
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        taken.push({ from: envelope.mailFrom === false ? '' : envelope.mailFrom.address, to: envelope.rcptTo.map(({ address }) => address), raw: Buffer.concat(chunks).toString('utf8') });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    port: (server.server.address() as AddressInfo).port, taken, turnedDown: () => turnedDown,
    answers: (next) => void (code = next),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};

/** A text body as it was meant, of quoted-printable or base64. */
export const textOfMail = ({ raw }: TakenMail): string => {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  if (/base64/i.test(head)) return Buffer.from(body, 'base64').toString('utf8');
  const bytes = body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
};

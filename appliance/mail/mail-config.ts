import { Fault } from '#src/kernel/fault.ts';

export const smtpPattern = /^smtps?:\/\/[^/@\s]+$/;

/** Where mail is handed over. `secure`: TLS from the first byte; else STARTTLS, which is insisted on unless the server is on this machine. */
export type MailConfig = {
  readonly host: string; readonly port: number; readonly secure: boolean; readonly from: string;
  readonly credentials: { readonly user: string; readonly pass: string } | undefined;
};

const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);
export const isOnThisMachine = (host: string): boolean => loopback.has(host);

/** Undefined where no mail is sent. Throws `Fault` where something that goes with it is missing. */
export const mailConfig = (smtp: string | undefined, credentials: string | undefined, from: string | undefined, publicUrl: string | undefined): MailConfig | undefined => {
  if (smtp === undefined) {
    if (credentials !== undefined || from !== undefined) throw new Fault('HANSARD_SMTP_CREDENTIALS and HANSARD_MAIL_FROM go with HANSARD_SMTP.');
    return undefined;
  }
  if (from === undefined) throw new Fault('HANSARD_SMTP needs HANSARD_MAIL_FROM, the address that mail comes from.');
  if (publicUrl === undefined) throw new Fault('HANSARD_SMTP needs HANSARD_URL: what is mailed leads there.');
  const { protocol, hostname, port } = new URL(smtp);
  const secure = protocol === 'smtps:';
  const colon = credentials?.indexOf(':') ?? 0;
  return { host: hostname, port: Number(port) || (secure ? 465 : 587), secure, from, credentials: credentials === undefined ? undefined : { user: credentials.slice(0, colon), pass: credentials.slice(colon + 1) } };
};

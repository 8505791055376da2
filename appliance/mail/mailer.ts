import { createTransport } from 'nodemailer';
import { isOnThisMachine, type MailConfig } from './mail-config.ts';

/** `messageId`: the same at every try, so that mail programs show one where a server took it twice. */
export type Mail = { readonly to: string; readonly subject: string; readonly text: string; readonly messageId: string };
/** `refused`: for good (RFC 5321, 5yz, or an address that no server takes). `later`: nobody could be reached, or the server asked to come back. */
export type MailOutcome = 'taken' | 'refused' | 'later';

const connectMs = 10_000;
const silenceMs = 30_000;

export type Mailer = { readonly send: (mail: Mail) => Promise<MailOutcome>; readonly close: () => void };

/** Hands mail to one server. Nothing but addresses and texts is read from what it is given: no files, no URLs. */
export const openMailer = ({ host, port, secure, from, credentials }: MailConfig): Mailer => {
  const transport = createTransport({
    host: host.replace(/^\[|\]$/g, ''), port, secure, requireTLS: !secure && !isOnThisMachine(host), ...(credentials ? { auth: credentials } : {}),
    connectionTimeout: connectMs, greetingTimeout: connectMs, socketTimeout: silenceMs, disableFileAccess: true, disableUrlAccess: true,
  });
  return {
    async send({ to, subject, text, messageId }) {
      try {
        await transport.sendMail({
          from: { name: '', address: from }, to: { name: '', address: to }, subject, text, messageId,
          // RFC 3834: nobody's absence note answers.
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return 'taken';
      } catch (cause) {
        const { responseCode, code } = cause as { readonly responseCode?: number; readonly code?: string };
        // A wrong password or sender is mended by whoever runs the appliance; a wrong recipient by nobody here.
        const isOfRecipient = code === 'EENVELOPE' || code === 'EMESSAGE';
        return isOfRecipient && (responseCode === undefined || responseCode >= 500) ? 'refused' : 'later';
      }
    },
    close: () => transport.close(),
  };
};

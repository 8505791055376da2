import { readFile } from 'node:fs/promises';
import type { ConnectionOptions, NatsConnection, credsAuthenticator } from '@nats-io/transport-node';
import type { BusAddress } from './bus-address.ts';
import { withOwnSockets } from './own-sockets.ts';

/** One connection to NATS, from its opening to its end. It never comes back: whoever wants another one opens it. */
export type Link = {
  readonly publish: (subject: string, bytes: Uint8Array) => void;
  /** Rejects when the server has not answered within `answerWithinMs`. What was published before has arrived there. */
  readonly flush: () => Promise<void>;
  /** Why it ended: a phrase. */
  readonly ended: Promise<string>;
  /** At once, whatever the server does. */
  readonly abandon: (why: string) => void;
};

const answerWithinMs = 4_000;
const openWithinMs = 4_000;
/** A server that stopped reading is found out also when nothing is published. The client's own pings cannot end such a connection. */
const askEveryMs = 5_000;

export type LinkOptions = {
  readonly address: BusAddress;
  readonly name: string;
  /** Everything below it is heard. Nothing that this connection published itself. */
  readonly subject: string;
  readonly hear: (subject: string, bytes: Uint8Array) => void;
};

/** Resolves when the server has confirmed the subscription. Rejects with a `NatsError` or what the system said. */
export const openLink = async ({ address, name, subject, hear }: LinkOptions): Promise<Link> => {
  const nats = await import('@nats-io/transport-node');
  const options: ConnectionOptions = {
    servers: [...address.servers], name, noEcho: true, reconnect: false, timeout: openWithinMs, ignoreClusterUpdates: true,
    // Left out, the client takes TLS where the server offers it.
    ...(address.tls && { tls: {} }),
    ...(await authentication(address.credentialsFile, nats.credsAuthenticator)),
  };
  const { opened, destroyAll } = withOwnSockets(() => within(openWithinMs + 1_000, nats.connect(options)));
  const end = Promise.withResolvers<string>();
  let connection: NatsConnection | undefined;
  let asking: NodeJS.Timeout | undefined;
  const abandon = (why: string): void => {
    end.resolve(why);
    clearInterval(asking);
    destroyAll();
    // Its sockets are gone; this lets go of its timers. It may wait for something that does not come any more.
    connection?.close().catch(() => undefined);
  };
  try {
    connection = await opened;
    const { closed, flush, publish } = methodsOf(connection);
    void closed().then((error) => abandon(error instanceof Error ? error.message : 'the connection was closed'));
    void refusals(connection, abandon);
    connection.subscribe(subject, { callback: (error, message) => (error ? abandon(error.message) : hear(message.subject, message.data)) });
    const link: Link = {
      publish,
      flush: () => within(answerWithinMs, flush()).catch((cause: unknown) => {
        abandon(sentenceOf(cause));
        throw cause;
      }),
      ended: end.promise,
      abandon,
    };
    await link.flush();
    asking = setInterval(() => void link.flush().catch(() => undefined), askEveryMs).unref();
    return link;
  } catch (cause) {
    abandon(sentenceOf(cause));
    throw cause;
  }
};

const methodsOf = (connection: NatsConnection) => ({
  closed: () => connection.closed(),
  flush: () => connection.flush(),
  publish: (subject: string, bytes: Uint8Array) => connection.publish(subject, bytes),
});

/** A server says later, and in passing, that something is not allowed. Then the bus does not work, however connected it is. */
const refusals = async (connection: NatsConnection, abandon: (why: string) => void): Promise<void> => {
  for await (const status of connection.status()) if (status.type === 'error') abandon(status.error.message);
};

export const sentenceOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

const within = async <T>(ms: number, promise: Promise<T>): Promise<T> => {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${ms / 1_000} seconds`)), ms).unref();
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
};

/** Read at each attempt, so that credentials can be renewed without a restart: a NATS credentials file, `user:password`, or a token. */
const authentication = async (file: string | undefined, ofCredentials: typeof credsAuthenticator): Promise<ConnectionOptions> => {
  if (file === undefined) return {};
  const text = (await readFile(file, 'utf8')).trim();
  if (text.includes('BEGIN NATS USER JWT')) return { authenticator: ofCredentials(Buffer.from(text)) };
  const colon = text.indexOf(':');
  return colon < 0 ? { token: text } : { user: text.slice(0, colon), pass: text.slice(colon + 1) };
};

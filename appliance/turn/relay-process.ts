import { Guard } from './guard.ts';
import type { PortRefused, RelayOrder, RelayWord } from './relay-words.ts';

/** The process of the relay. It ends with the appliance that started it. */

const countsEveryMs = 1_000;
const faultsEveryMs = 1_000;
const connectionsAgainAfterMs = 2_000;

const say = (word: RelayWord): void => void (process.connected && process.send!(word));
let guard: Guard | undefined;
let saidFaultAt = 0;

/** What it was about is said once a second at most: whoever finds a fault could otherwise write the appliance's log. */
const onFault = (cause: unknown): void => {
  if (Date.now() - saidFaultAt < faultsEveryMs) return;
  saidFaultAt = Date.now();
  say({ is: 'fault', says: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) });
};

const refusalOf = (cause: unknown): PortRefused => {
  const { code, message } = cause as NodeJS.ErrnoException;
  return { code: code ?? null, says: message };
};

/** Whoever has the port for connections may give it back: datagrams are relayed meanwhile. */
const listen = async (own: Guard, port: number): Promise<void> => {
  const refused = await own.takeConnections().then(() => null, refusalOf);
  say({ is: 'listening', port, refused });
  if (refused) setTimeout(() => void listen(own, port), connectionsAgainAfterMs).unref();
};

const start = async (order: Extract<RelayOrder, { is: 'start' }>): Promise<void> => {
  guard = new Guard(order.settings, { onFault });
  try {
    const port = await guard.start();
    for (const { account, session, cutS } of order.revoked) guard.revoke(account, session, cutS);
    await listen(guard, port);
    setInterval(() => say({ is: 'counts', counts: guard!.counts() }), countsEveryMs).unref();
  } catch (cause) {
    say({ is: 'failed', ...refusalOf(cause) });
    process.disconnect();
  }
};

process.on('message', (order: RelayOrder) => {
  if (order.is === 'start') void start(order);
  else if (order.is === 'revoke') guard?.revoke(order.account, order.session, order.cutS);
  else say({ is: 'counts', counts: guard!.counts() });
});
process.on('disconnect', () => process.exit());
// Signals of a terminal go to the whole group; the appliance closes the channel when it is done.
process.on('SIGINT', () => undefined).on('SIGTERM', () => undefined);

import { CallKeeper } from '#appliance/calls/call-keeper.ts';
import type { Views } from '#projections/views.ts';
import type { World } from '#src/accounts/standing.ts';
import type { Opened } from '#src/every-event.ts';
import type { Bus } from '#src/doors/socket/bus.ts';
import type { Hub } from '#src/doors/socket/hub.ts';
import type { Clock } from '#src/kernel/clock.ts';
import type { EventLog } from '#src/log/event-log.ts';
import type { Config } from '../config.ts';
import { Turn, type TurnOptions } from '../turn/turn.ts';
import type { Foundation } from './foundation.ts';
import type { House } from './house.ts';
import { mayReadIn } from './hub-ports.ts';

export type CallsOptions = Pick<TurnOptions, 'open'> & {
  readonly config: Config; readonly keyring: Foundation['keyring']; readonly log: EventLog; readonly hub: Hub; readonly views: Views; readonly world: World;
  readonly commandAs: House['commandAs']; readonly clock: Clock; readonly bus: Bus | undefined; readonly onFault: (cause: unknown) => void;
};

/** What calls need of the house: who keeps them, and what relays them. */
export type Calls = { readonly turn: Turn; readonly follow: (events: readonly Opened[]) => void; readonly close: () => Promise<void> };

/** Takes over the calls that were in progress, before the log is followed, and begins to keep them. */
export const openCalls = async ({ config, keyring, log, open, hub, views, world, ...ports }: CallsOptions): Promise<Calls> => {
  const { value } = await views.ask('desk.calls', {});
  hub.calls.restore(value);
  const mayRead = mayReadIn(views, world);
  const turn = await Turn.open({ config: config.turn, classOf: (account) => world.standing.account(account)?.classOfService ?? null, logSecret: keyring.logSecret, log, open, clock: ports.clock, onFault: ports.onFault });
  const keeper = new CallKeeper({ ...ports, shared: log.isShared, calls: hub.calls, mayBeIn: (account, conversationId) => mayRead(account, conversationId, hub.position) });
  const every = [keeper, turn];
  return {
    turn,
    follow: (events) => every.forEach((one) => one.follow(events)),
    close: async () => void (await Promise.all(every.map((one) => one.close()))),
  };
};

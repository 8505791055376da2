import { CallKeeper } from '#appliance/calls/call-keeper.ts';
import type { Views } from '#projections/views.ts';
import type { World } from '#src/accounts/standing.ts';
import type { IceServer } from '#src/contract/calls.ts';
import type { Bus } from '#src/doors/socket/bus.ts';
import type { Hub } from '#src/doors/socket/hub.ts';
import type { Clock } from '#src/kernel/clock.ts';
import type { House } from './house.ts';
import { mayReadIn } from './hub-ports.ts';

/** Servers for one account's connections, with credentials that end at `expiresAt`, ms UTC, or with this session (hash of its token). */
export type IceServersFor = (account: string, now: number, session: string) => { readonly servers: IceServer[]; readonly expiresAt: number };

const hourMs = 3_600_000;
/** Where nothing relays: browsers then connect within one network, and where addresses allow. */
export const noIceServers: IceServersFor = (_account, now) => ({ servers: [], expiresAt: now + hourMs });

export type CallsOptions = { readonly hub: Hub; readonly views: Views; readonly world: World; readonly commandAs: House['commandAs']; readonly clock: Clock; readonly shared: boolean; readonly bus: Bus | undefined; readonly onFault: (cause: unknown) => void };

/** Takes over the calls that were in progress, before the log is followed, and begins to keep them. */
export const openCalls = async ({ hub, views, world, ...ports }: CallsOptions): Promise<CallKeeper> => {
  const { value } = await views.ask('desk.calls', {});
  hub.calls.restore(value);
  const mayRead = mayReadIn(views, world);
  return new CallKeeper({ ...ports, calls: hub.calls, mayBeIn: (account, conversationId) => mayRead(account, conversationId, hub.position) });
};

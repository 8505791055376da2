import { activityOf } from '#projections/conversations/activity.ts';
import { projectTimeline } from '#projections/timeline/projector.ts';
import type { Views } from '#projections/views.ts';
import type { World } from '#src/accounts/standing.ts';
import { holdsStill, type Membership } from '#src/conversations/permits.ts';
import type { HubPorts } from '#src/doors/socket/hub.ts';
import type { Clock } from '#src/kernel/clock.ts';

/** What the hub asks of the views. */
export const hubPorts = (views: Views, world: World, clock: Clock, behind: () => boolean, onFault: (cause: unknown) => void): HubPorts => ({
  timelineChanges: projectTimeline, activityOf, clock, behind, onFault,
  activityStanding: async (conversationId, atLeast) => (await views.ask('conversations.standing', { conversationId }, atLeast)).value,
  conversationsOf: async (account, atLeast) => (await views.ask('desk.readableBy', { account }, atLeast)).value.filter((row) => mayRead(world, row, account)).map(({ conversation }) => conversation),
  mayRead: mayReadIn(views, world),
});

export const mayReadIn = (views: Views, world: World): HubPorts['mayRead'] => async (account, conversationId, atLeast) =>
  mayRead(world, (await views.ask('desk.membership', { account, conversationId }, atLeast)).value, account);

/** What a channel's membership stands under must still hold. */
const mayRead = (world: World, membership: Pick<Membership, 'kind' | 'space' | 'under'> | null, account: string): boolean =>
  membership !== null && world.standing.account(account)?.suspended === false && holdsStill(world, account, membership);

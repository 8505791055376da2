import type { ConversationState } from '#src/conversations/conversation.ts';
import { conversationFold } from '#src/conversations/conversation.ts';
import type { StandingFold } from '#src/accounts/standing-fold.ts';
import { refuse, type Refusal } from '#src/kernel/refusal.ts';
import { idOf, kindOf } from '#src/kernel/streams.ts';
import type { Fold, Wanted } from '#src/kernel/use-case.ts';
import type { DeskAnswer, DeskPorts, DeskQuestion, Loaded } from '#src/log/desk/ports.ts';
import { readOnly } from '#src/log/desk/nothing-recorded.ts';
import type { EventLog } from '#src/log/event-log.ts';
import type { Views } from '#projections/views.ts';
import { lostTouch, type Currency } from './currency.ts';
import type { DeskLookup } from '#projections/desk/queries.ts';

/** Beyond this many events behind, the desk view is no basis for decisions. */
const behindMax = 50_000;
const notYet = refuse('read-only', 'The appliance is catching up with its record and does not write yet. Try again in a moment; nothing was lost.');

const outOfTouch = refuse('unavailable', `${lostTouch} Nothing was recorded.`);
const withoutKeys = refuse('unavailable', 'The appliance cannot make keys now, and records nothing that it could not seal. Nothing was lost; try again in a moment.');

/** How far this node has followed its log; `ended`: why it no longer does. */
export type Follower = { readonly position: number; readonly ended: string | undefined };

export const deskPorts = (log: EventLog, views: Views, standing: StandingFold, sealer: Pick<DeskPorts, 'seal' | 'open' | 'keysOpen'>, foreign: ReadonlySet<number>, follower: () => Follower, { keysStopped, currency }: { readonly keysStopped: () => string | undefined; readonly currency: Pick<Currency, 'behind' | 'caughtUp'> }): DeskPorts => ({
  log,
  ...sealer,
  async lookUp(questions) {
    const { position: watermark, value } = await views.ask('desk.lookup', questions.map(lookupOf));
    return { watermark, answers: value.map((answer): DeskAnswer => ({ command: firstOf(answer.commands[0] ?? null), messages: answer.messages, reactions: [...answer.reactions, ...answer.reactionsOf], files: answer.files, previews: answer.previewsOf })) };
  },
  async load<State>(stream: string, fold: Fold<State>): Promise<Loaded<State>> {
    if (kindOf(stream) !== 'conversation') return { state: fold.initial(), revision: -1, leafHash: null, watermark: views.watermark('desk') };
    const { position: watermark, value } = await views.ask('desk.conversation', { conversationId: idOf(stream) });
    if (!value) return { state: fold.initial(), revision: -1, leafHash: null, watermark };
    const state: ConversationState = {
      ...conversationFold.initial(), conversation: value.conversationId, kind: value.kind, space: value.space, general: value.general, closed: value.closed, historyVisibility: value.historyVisibility,
      lastOrdinal: value.lastOrdinal, revision: value.revision, call: value.call, meeting: value.meeting, members: new Map(value.members.map(([account, joined, under]) => [account, { joined, under }])),
    };
    // The header is of a conversation's stream, so the fold is the conversation's.
    return { state: state as unknown as State, revision: value.revision, leafHash: value.leafHash, watermark };
  },
  isForeign: (at) => foreign.has(at),
  observe: (events) => standing.observe(events),
  revocations: () => standing.revocations,
  caughtUp: () => currency.caughtUp(),
  mayWrite(): Refusal | undefined {
    if (log.stopped()) return readOnly;
    if (keysStopped() !== undefined) return withoutKeys;
    if (currency.behind() !== undefined) return outOfTouch;
    const { position, ended } = follower();
    // Without a follower nobody is told, no view moves, and what was decided is not overtaken by what others wrote.
    if (ended !== undefined) return readOnly;
    const desk = views.states().find(({ view }) => view === 'desk');
    return !desk || desk.stopped !== null || desk.rebuilding !== null || position - desk.position > behindMax ? notYet : undefined;
  },
});

const lookupOf = ({ stream, actor, commandId, wanted }: DeskQuestion): DeskLookup => {
  const colon = actor.indexOf(':');
  return { stream, commands: [{ actorKind: actor.slice(0, colon), actorId: actor.slice(colon + 1), commandId }], ...keysOf(wanted) };
};

const keysOf = ({ messages, reactions, reactionsOf, files, previewsOf }: Wanted): Wanted => ({ ...(files && { files }), ...(previewsOf && { previewsOf }), ...(messages && { messages }), ...(reactions && { reactions }), ...(reactionsOf && { reactionsOf }) });

/** The view keeps a command's last revision and how many events it recorded. */
const firstOf = (known: { readonly revision: number; readonly count: number } | null): DeskAnswer['command'] => known && { revision: known.revision - known.count + 1, count: known.count };

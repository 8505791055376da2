import type { World } from '../accounts/standing.ts';
import type { Membership } from '../conversations/permits.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { streams } from '../kernel/streams.ts';
import type { OpenedEvent } from '../kernel/event.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { Viewed, ViewedRange } from './events.ts';
import { permitToWitness, type WitnessPermit } from './permits.ts';
import { subtract, unite, type Ranges } from './ranges.ts';
import { readingFold, type ReadingState } from './reading.ts';

/** `at`: when this range arrived at the server, ms UTC. `memberships`: the reporter's own, of the conversations named; those missing are not theirs. */
export type ReportViewed = {
  readonly ranges: readonly { readonly conversationId: string; readonly from: number; readonly to: number; readonly at: number }[];
  readonly rule: number;
  readonly memberships: readonly Membership[];
};

/** Only what is new is recorded, in the order reported: who reports a range again adds nothing, and nothing beyond the head is believed. */
export const reportViewed: UseCase<ReportViewed, ReadingState, WitnessPermit, World> = {
  name: 'reportViewed',
  stream: (_input, { actor }) => streams.reading(actor.id),
  fold: readingFold,
  permit: (world, acting, { memberships }) => permitToWitness(world, acting, memberships),
  decide: ({ account, heads }, { ranges, rule }, state, { at }) => {
    const seen = new Map<string, Ranges>();
    const fresh: ViewedRange[] = [];
    for (const { conversationId: conversation, from, to, at: arrived } of ranges) {
      const known = seen.get(conversation) ?? state.viewed.get(conversation) ?? [];
      const added = subtract([from, Math.min(to, heads.get(conversation) ?? -1)], known);
      for (const [first, last] of added) fresh.push({ at: arrived, conversation, from: first, to: last });
      seen.set(conversation, unite(known, added));
    }
    if (fresh.length === 0) return nothingToRecord;
    const viewed: Viewed = { type: 'Viewed', data: { account, at, ranges: fresh, rule } };
    return [viewed];
  },
  isSameIntent: ({ ranges, rule }, recorded) => recorded.length > 0 && recorded.every((event) => event.type === 'Viewed' && event.data['rule'] === rule && within(event, ranges)),
};

/** What was recorded is a part of what is reported. */
const within = (event: OpenedEvent, reported: ReportViewed['ranges']): boolean =>
  (event.data['ranges'] as readonly ViewedRange[]).every(({ conversation, from, to }) =>
    subtract([from, to], unite([], reported.filter((range) => range.conversationId === conversation).map((range) => [range.from, range.to] as const))).length === 0);

import { join } from 'node:path';
import { openInstant, type Instant, type InstantOptions, type InstantState } from '#appliance/instant/instant.ts';
import { findInstantly } from '#src/contract/instant.ts';
import type { OutputOf } from '#src/contract/endpoint.ts';
import type { Opened } from '#src/every-event.ts';
import type { Appliance } from './appliance.ts';
import type { Person } from './people.ts';
import { eventually } from './waiting.ts';

export type Found = OutputOf<typeof findInstantly>;
export const textsOf = ({ messages }: Found): readonly string[] => messages.map(({ text }) => text);

/** A machine with much to do is no reason for the exact search to answer, where a test is not about that. */
const patientMs = 5_000;

/** What the house opens where HANSARD_MEILI_URL is set, with options of the test's own, on a house that was opened without. */
export const withInstant = async (appliance: Appliance, server: { readonly url: string; readonly key: string }, options: Partial<InstantOptions> = {}): Promise<{ readonly close: () => Promise<void> }> => {
  const { house, folder } = appliance;
  const { size } = await house.log.head();
  const instant = await openInstant({ server, views: house.views, log: house.log, logId: house.logId, head: size - 1, checkpointFile: join(folder, 'instant.json'), answerWithinMs: patientMs, ...options });
  const following = house.log.follow(size, (recorded) => instant.follow(recorded.map((event) => ({ ...event, data: JSON.parse(event.data), content: {} }) as unknown as Opened)));
  Object.assign(house, { instant });
  return {
    close: async () => {
      await following.stop();
      await instant.close();
      Object.assign(house, { instant: undefined });
    },
  };
};

export const instantOf = ({ house }: Appliance): Instant => house.instant!;
export const indexOf = ({ house }: Appliance): string => `hansard-${house.logId}`;

/** Waits until the index holds everything that was recorded. */
export const indexed = (appliance: Appliance): Promise<InstantState> =>
  eventually('the index holds everything', async () => {
    const state = instantOf(appliance).state();
    return state.status === 'fine' && state.behind === 0 && state.position >= (await appliance.logSize()) - 1 ? state : undefined;
  }, () => instantOf(appliance).state(), 10_000);

export const types = (person: Person, text: string, conversationId?: string): Promise<Found> => person.call(findInstantly, { text, ...(conversationId !== undefined && { conversationId }) });

/** Waits until the index answers again: after a failure it is left alone for a moment. */
export const answering = (person: Person): Promise<Found> =>
  eventually('the index answers', async () => {
    const found = await types(person, 'zz');
    return found.answeredBy === 'instant' ? found : undefined;
  }, () => 'the exact search answers', 15_000);

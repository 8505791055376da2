import { randomBytes } from 'node:crypto';
import { tokensOf } from '#projections/search/tokens.ts';
import type { Views } from '#projections/views.ts';
import type { WhyExact } from '#src/contract/instant.ts';
import type { Opened } from '#src/every-event.ts';
import type { Refusal } from '#src/kernel/refusal.ts';
import { isPlainWords } from '#src/instant/plain-words.ts';
import type { EventLog } from '#src/log/event-log.ts';
import { confirmed, foundIn, questionsOf, type InstantHits } from './asking.ts';
import { Backlog } from './backlog.ts';
import { Indexer, type Rebuilding } from './indexer.ts';
import { IndexServer, type Server } from './index-server.ts';
import { answerWithinMs as usuallyWithinMs, settingsMark } from './settings.ts';
import { Unwell } from './unwell.ts';

export type InstantOptions = {
  readonly server: Server;
  readonly views: Pick<Views, 'ask' | 'watermark'>;
  readonly log: Pick<EventLog, 'readAll' | 'isShared'>;
  readonly logId: string;
  /** Position of the last event before the first that `follow` brings. */
  readonly head: number;
  /** Where this appliance keeps how far the index is. */
  readonly checkpointFile: string;
  /** Whether this appliance is the one that writes the index now. Where there is only one, always. */
  readonly active?: () => boolean;
  /** Which other one is, where that is known. */
  readonly writer?: () => string | undefined;
  /** How long Meilisearch has for an answer before the exact search gives it. */
  readonly answerWithinMs?: number;
};

export type InstantQuestion = {
  readonly account: string;
  readonly text: string;
  /** Only here. */
  readonly conversationId?: string;
  /** Ids of the conversations that the account may read at the moment it is called: for the question, and again for the answer. */
  readonly readable: () => Promise<readonly string[]>;
};
export type InstantAnswer = InstantHits & { readonly position: number; readonly behind: number };
export type NotAnswered = { readonly because: Exclude<WhyExact, 'not-set-up'> };

/** `says`: what is wrong, what was not lost and what to do; null while all is well. */
export type InstantState = { readonly status: 'fine' | 'behind' | 'being-made' | 'down' | 'wrong'; readonly position: number; readonly behind: number; readonly rebuilding: Rebuilding | null; readonly says: string | null };

/**
 * Find-as-you-type over Meilisearch. It is a convenience beside the exact search, never the record: it may be behind, away or
 * wrong at any time, and then says so instead of answering.
 *
 * - `follow`: every event, in log order, from `head + 1`. Never throws, never waits.
 * - `ask`: never rejects for anything that Meilisearch does. What leaves was read from our own views after the answer came.
 * - `rebuild`: beside the index that answers, then swapped; resolves with the position it is complete to, or with a refusal where another
 *   appliance writes it.
 * - `close`: what was begun is left to the next start.
 */
export type Instant = {
  readonly follow: (events: readonly Opened[]) => void;
  readonly ask: (question: InstantQuestion) => Promise<InstantAnswer | NotAnswered>;
  readonly state: () => InstantState;
  readonly rebuild: () => Promise<number | Refusal>;
  readonly close: () => Promise<void>;
};

/** The index answers while what it lacks is less, and less old, than this. */
const behindMost = { events: 2_000, ms: 5_000 } as const;
/** Meilisearch reads ten words and leaves out the rest without a word about it. */
const wordsMost = 10;
/** After a question that was not answered the next ones do not wait for the same. */
const restMs = { first: 500, most: 10_000 } as const;
/** So many failures in a row before a person is told: one can be a restart. */
const triesBeforeWrong = 3;

export const openInstant = async (options: InstantOptions): Promise<Instant> => new RunningInstant(await IndexServer.open(options.server), options).face;

class RunningInstant {
  readonly #options: InstantOptions;
  readonly #server: IndexServer;
  readonly #uid: string;
  readonly #backlog: Backlog;
  readonly #indexer: Indexer;
  /** New with each start, so that nobody can have written them. */
  readonly #sentinels = { before: `\u{e000}${randomBytes(9).toString('base64url')}\u{e001}`, after: `\u{e002}${randomBytes(9).toString('base64url')}\u{e003}` };
  #rest: { readonly until: number; readonly tries: number; readonly because: NotAnswered['because'] } | undefined;

  constructor(server: IndexServer, options: InstantOptions) {
    this.#options = options;
    this.#server = server;
    this.#uid = `hansard-${options.logId}`;
    this.#backlog = new Backlog(options.head);
    const { views, log, checkpointFile, active = () => true, writer = () => undefined } = options;
    this.#indexer = new Indexer({ server, backlog: this.#backlog, views, log, uid: this.#uid, checkpointFile, active, writer });
    this.#indexer.start();
  }

  readonly face: Instant = {
    follow: (events) => {
      this.#backlog.follow(events);
      // Most events change no document; for those nobody needs to be woken.
      if (this.#backlog.next(1)) this.#indexer.nudge();
    },
    ask: (question) => this.#ask(question),
    state: () => this.#state(),
    rebuild: () => this.#indexer.rebuild(),
    close: async () => {
      this.#server.close();
      await this.#indexer.close();
    },
  };

  /** Events that the index lacks, of those that there are. */
  get #behind(): number {
    return Math.max(0, this.#backlog.head - this.#backlog.position);
  }
  get #isBehind(): boolean {
    return this.#behind > behindMost.events || this.#backlog.waitedMs() > behindMost.ms;
  }

  #state(): InstantState {
    const { trouble, rebuilding = null, isSound } = this.#indexer;
    const [position, behind] = [this.#backlog.position, this.#behind];
    const exact = 'Nothing was lost; the exact search answers meanwhile.';
    const state = (status: InstantState['status'], says: string | null): InstantState => ({ status, position, behind, rebuilding, says });
    if (trouble?.kind === 'wrong' && trouble.tries >= triesBeforeWrong) return state('wrong', `Instant search is not usable: ${trouble.says} ${exact} It is tried again all the time. Look at Meilisearch, its key and its disk, and make the index anew with "hansard rebuild instant".`);
    if (trouble?.kind === 'down') return state('down', `Instant search cannot reach Meilisearch: ${trouble.says} ${exact} Look at HANSARD_MEILI_URL and whether it runs; it is tried again all the time.`);
    if (rebuilding && !isSound) return state('being-made', `The instant index is being made: ${rebuilding.done} of ${rebuilding.of}. ${exact}`);
    if (!isSound) return state('behind', null);
    if (this.#rest?.because === 'wrong' && this.#rest.tries >= triesBeforeWrong && performance.now() < this.#rest.until + restMs.most) return state('wrong', `Instant search gave an answer that cannot be used. ${exact} Make it anew with "hansard rebuild instant".`);
    return this.#isBehind ? state('behind', `The instant index is ${behind} events behind. ${exact} It catches up by itself.`) : state('fine', null);
  }

  /** Why not to ask Meilisearch at all; undefined where it can be asked. */
  #whyNot({ text }: InstantQuestion): NotAnswered['because'] | undefined {
    if (!isPlainWords(text) || tokensOf(text).length > wordsMost) return 'asked-exactly';
    const { trouble, rebuilding, isSound } = this.#indexer;
    if (trouble) return trouble.kind;
    if (!isSound) return rebuilding ? 'being-made' : 'behind';
    if (this.#rest && performance.now() < this.#rest.until) return this.#rest.because;
    return this.#isBehind ? 'behind' : undefined;
  }

  async #ask(question: InstantQuestion): Promise<InstantAnswer | NotAnswered> {
    const because = this.#whyNot(question);
    if (because) return { because };
    const { account, text, conversationId, readable } = question;
    const within = async (): Promise<readonly string[]> => (await readable()).filter((id) => conversationId === undefined || id === conversationId);
    const { value: sights } = await this.#options.views.ask('instant.sight', { account, conversations: await within() });
    const { answerWithinMs = usuallyWithinMs } = this.#options;
    const began = performance.now();
    const { indexed } = this.#indexer;
    try {
      const results = await this.#server.search(questionsOf(this.#uid, text, sights, this.#sentinels, conversationId !== undefined), answerWithinMs);
      const found = foundIn(results, sights, this.#sentinels);
      if (found.checkpoint?.settings !== settingsMark || found.checkpoint.position < indexed) throw new Unwell('wrong', 'The index is not as it was left.');
      this.#rest = undefined;
      const { value: now } = await this.#options.views.ask('instant.hits', {
        account, conversations: await within(), messages: found.messages.map(({ conversation, message }) => ({ conversation, message })), people: found.people.map((one) => one.account), places: found.places.map(({ conversation }) => conversation),
      });
      return { ...confirmed(found, now), position: this.#backlog.position, behind: this.#behind };
    } catch (cause) {
      if (!(cause instanceof Unwell)) throw cause;
      return { because: this.#failed(cause.kind === 'down' && performance.now() - began >= answerWithinMs ? 'slow' : cause.kind) };
    }
  }

  /** The next questions do not wait for the same; the index is looked at before it is used again. */
  #failed(because: 'slow' | 'down' | 'wrong'): NotAnswered['because'] {
    const tries = (this.#rest?.tries ?? 0) + 1;
    this.#rest = { because, tries, until: performance.now() + Math.min(restMs.most, restMs.first * 2 ** (tries - 1)) };
    if (because === 'wrong') this.#indexer.doubt();
    return because;
  }
}

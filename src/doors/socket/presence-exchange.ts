import type { PresenceState } from '../../contract/shapes.ts';
import type { Bus } from './bus.ts';
import { presenceFrame, type Choice, type PresenceFrame, type Shown } from './bus-frames.ts';
import { bucketsCount, DigestedMap } from './digested-map.ts';

/** What this node's own presence is told of the others. */
export type PresenceSide = {
  /** Sockets elsewhere show these people differently now. */
  readonly shownElsewhere: (accounts: readonly string[]) => void;
  /** These people chose on another node. */
  readonly chosenElsewhere: (choices: readonly (readonly [account: string, state: PresenceState | null])[]) => void;
};

type OtherNode = { readonly shown: DigestedMap<Shown>; heartbeatsMissed: number };

const subject = 'presence';
/** One frame for a crowd that comes or goes at once. */
const gatherMs = 100;
const heartbeatEveryMs = 3_000;
/** 15 s of silence. Counted in our own heartbeats: a clock that jumps and a process that was suspended silence nobody. */
const heartbeatsMissedMax = 5;
/** One is enough to be unsure of everybody. Each crash leaves one. */
const silentNodesMax = 1_000;
/** 64 KiB hold about 1,300 people or 500 choices; less keeps each turn of the event loop short. */
const peoplePerFrame = 400;
const choicesPerFrame = 200;

const newer = (one: Choice, other: Choice | undefined): boolean => !other || one.at > other.at || (one.at === other.at && one.node > other.node);

/**
 * Presence over several nodes: every node tells what its own sockets show, and everybody's choices. Changes go out as they come,
 * digests every few seconds; where two differ, only what differs is sent again. The cost of a change does not depend on how many people there are.
 */
export class PresenceExchange {
  readonly #bus: Bus;
  readonly #clock: () => number;
  readonly #side: PresenceSide;
  readonly #own = new DigestedMap<Shown>((shown) => shown);
  readonly #choices = new DigestedMap<Choice>(({ state, at, node }) => `${state} ${at} ${node}`);
  readonly #nodes = new Map<string, OtherNode>();
  /** Nodes that took no leave. However long ago that is: one that is cut off goes on taking people in, and people go over to it. */
  readonly #silent = new Set<string>();
  #changedPeople = new Set<string>();
  #changedChoices = new Set<string>();
  #gathering: NodeJS.Timeout | undefined;
  readonly #heartbeat: NodeJS.Timeout;
  readonly #ends: readonly (() => void)[];
  #closed = false;

  constructor(bus: Bus, clock: () => number, side: PresenceSide) {
    this.#bus = bus;
    this.#clock = clock;
    this.#side = side;
    const hear = (body: unknown, from: string): void => {
      const frame = presenceFrame.safeParse(body);
      if (frame.success && !this.#closed) this.#hear(frame.data, from);
    };
    this.#ends = [bus.subscribe(subject, hear), bus.subscribe(`${subject}.${bus.node}`, hear)];
    bus.onConnected(() => this.#tellDigests(true));
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatEveryMs).unref();
  }

  /** Nodes heard of lately, this one aside. */
  get nodes(): number {
    return this.#nodes.size;
  }

  /** Whether a node fell silent without a word: it may have died, or serve people of whom nobody here hears any more. */
  get missesANode(): boolean {
    return this.#silent.size > 0;
  }

  /** What sockets on other nodes show; undefined where nobody has one. */
  shown(account: string): Shown | undefined {
    let found: Shown | undefined;
    for (const { shown } of this.#nodes.values()) {
      const here = shown.get(account);
      if (here === 'available') return here;
      found ??= here;
    }
    return found;
  }

  /** This node's own sockets show this now. */
  show(account: string, shown: Shown | undefined): void {
    if (this.#own.get(account) === shown) return;
    this.#own.set(account, shown);
    this.#changedPeople.add(account);
    this.#gather();
  }

  /** Chosen here. Later than every choice known here, also when another node's clock is ahead. */
  choose(account: string, state: PresenceState | null): void {
    this.#choices.set(account, { state, at: Math.max(this.#clock(), (this.#choices.get(account)?.at ?? -1) + 1), node: this.#bus.node });
    this.#changedChoices.add(account);
    this.#gather();
  }

  /** Others let go of this node's people at once, and wait their grace. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#gathering);
    for (const end of this.#ends) end();
    this.#publish({ is: 'bye' });
  }

  #publish(frame: PresenceFrame, to: string = subject): void {
    this.#bus.publish(to, frame);
  }

  #gather(): void {
    if (!this.#closed) this.#gathering ??= setTimeout(() => this.#tellChanges(), gatherMs).unref();
  }

  #tellChanges(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    const [people, choices] = [[...this.#changedPeople], [...this.#changedChoices]];
    this.#changedPeople = new Set();
    this.#changedChoices = new Set();
    for (const some of inPieces(people, peoplePerFrame)) this.#publish({ is: 'shown', people: some.map((account) => [account, this.#own.get(account) ?? null]) });
    for (const some of inPieces(choices, choicesPerFrame)) this.#publish({ is: 'chosen', choices: some.map((account) => this.#choiceOf(account)) });
  }

  #choiceOf(account: string): Extract<PresenceFrame, { is: 'chosen' }>['choices'][number] {
    const { state, at, node } = this.#choices.get(account)!;
    return [account, state, at, node];
  }

  #tellDigests(answer: boolean): void {
    if (this.#closed) return;
    // The digests are of what was told, or everybody would ask for what is on its way.
    this.#tellChanges();
    this.#publish({ is: 'heartbeat', shown: this.#own.digest(), choices: this.#choices.digest(), answer });
  }

  #beat(): void {
    for (const [id, node] of this.#nodes) {
      node.heartbeatsMissed += 1;
      if (node.heartbeatsMissed <= heartbeatsMissedMax) continue;
      this.#letGo(id);
      if (this.#silent.size < silentNodesMax) this.#silent.add(id);
    }
    this.#tellDigests(false);
  }

  #letGo(id: string): void {
    const node = this.#nodes.get(id);
    if (this.#nodes.delete(id)) this.#side.shownElsewhere([...node!.shown.accounts()]);
  }

  #hear(frame: PresenceFrame, from: string): void {
    this.#silent.delete(from);
    if (frame.is === 'bye') return this.#letGo(from);
    let node = this.#nodes.get(from);
    if (!node) this.#nodes.set(from, (node = { shown: new DigestedMap<Shown>((shown) => shown), heartbeatsMissed: 0 }));
    node.heartbeatsMissed = 0;
    switch (frame.is) {
      case 'heartbeat':
        if (frame.answer) this.#tellDigests(false);
        if (frame.shown !== node.shown.digest() || frame.choices !== this.#choices.digest()) this.#publish({ is: 'ask', shown: node.shown.digests(), choices: this.#choices.digests() }, `${subject}.${from}`);
        return;
      case 'shown':
        return this.#take(node, frame.people);
      case 'chosen':
        return this.#takeChoices(frame.choices);
      case 'buckets':
        return this.#takeBuckets(node, frame.buckets);
      case 'ask':
        return this.#answer(frame, `${subject}.${from}`);
    }
  }

  #take(node: OtherNode, people: readonly (readonly [account: string, shown: Shown | null])[]): void {
    const changed = people.filter(([account, shown]) => node.shown.get(account) !== (shown ?? undefined));
    for (const [account, shown] of changed) node.shown.set(account, shown ?? undefined);
    if (changed.length > 0) this.#side.shownElsewhere(changed.map(([account]) => account));
  }

  #takeBuckets(node: OtherNode, buckets: Extract<PresenceFrame, { is: 'buckets' }>['buckets']): void {
    for (const [index, people] of buckets) {
      const here = new Set(people.map(([account]) => account));
      const gone = [...node.shown.bucket(index).keys()].filter((account) => !here.has(account));
      this.#take(node, [...people, ...gone.map((account) => [account, null] as const)]);
    }
  }

  #takeChoices(choices: Extract<PresenceFrame, { is: 'chosen' }>['choices']): void {
    const taken: (readonly [string, PresenceState | null])[] = [];
    for (const [account, state, at, node] of choices) {
      const choice = { state, at, node };
      if (!newer(choice, this.#choices.get(account))) continue;
      this.#choices.set(account, choice);
      taken.push([account, state]);
    }
    if (taken.length > 0) this.#side.chosenElsewhere(taken);
  }

  /** A frame a turn: a big answer keeps nobody waiting. Each is true as of when it is made, so that changes may come between. */
  #answer(asked: Extract<PresenceFrame, { is: 'ask' }>, to: string): void {
    const buckets = [...this.#own.differing(asked.shown)];
    const choices = this.#choices.differing(asked.choices).flatMap((index) => [...this.#choices.bucket(index).keys()]);
    const next = (): void => {
      if (this.#closed) return;
      if (buckets.length > 0) this.#publish({ is: 'buckets', buckets: this.#fewBuckets(buckets) }, to);
      else if (choices.length > 0) this.#publish({ is: 'chosen', choices: choices.splice(0, choicesPerFrame).map((account) => this.#choiceOf(account)) }, to);
      else return;
      setImmediate(next);
    };
    next();
  }

  /** Takes off `buckets` what goes into one frame: one bucket at least. */
  #fewBuckets(buckets: number[]): Extract<PresenceFrame, { is: 'buckets' }>['buckets'] {
    const few: Extract<PresenceFrame, { is: 'buckets' }>['buckets'] = [];
    for (let people = 0; buckets.length > 0 && few.length < bucketsCount; ) {
      people += this.#own.bucket(buckets[0]!).size;
      if (few.length > 0 && people > peoplePerFrame) break;
      const index = buckets.shift()!;
      few.push([index, [...this.#own.bucket(index)]]);
    }
    return few;
  }
}

function* inPieces<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += size) yield all.slice(from, from + size);
}

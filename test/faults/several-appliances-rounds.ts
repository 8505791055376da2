import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { restoreAccount, suspendAccount } from '#src/contract/accounts.ts';
import type { Endpoint, InputOf } from '#src/contract/endpoint.ts';
import { editMessage, postMessage } from '#src/contract/timeline.ts';
import type { RecordedEvent } from '#src/kernel/event.ts';
import { streams } from '#src/kernel/streams.ts';
import { at, severalAppliances, type Nodes } from '#test/support/nodes.ts';
import { aGroup, isIn, people, type Person } from '#test/support/people.ts';
import { isRefused } from '#test/support/person-socket.ts';
import { eventually } from '#test/support/waiting.ts';
import { chance } from './event-store-rounds.ts';

/** One sending of a command; times by `performance.now()`. `answer`: `ok`, the code of the refusal, or undefined where none came. */
export type Attempt = { readonly node: number; readonly sentAtMs: number; readonly answer: string | undefined };
export type Sent = { readonly by: string; readonly account: string; readonly commandId: string; readonly attempts: readonly Attempt[] };
export type Suspended = { readonly account: string; readonly node: number; readonly askedAtMs: number; readonly acknowledgedAtMs: number };
export type Story = { readonly sent: readonly Sent[]; readonly suspended: readonly Suspended[] };
type Speaker = { readonly name: string; readonly account: string; /** The same session at each appliance. */ readonly at: readonly Person[] };

/** With these the same command is sent again, to whichever appliance. */
const passing = new Set(['unavailable', 'read-only', 'not-confirmed']);
/** What an appliance says that does not know whether it recorded: no "no". */
const notKnown = 'not-confirmed';
/** In which a revocation comes to hold on the other appliances. */
const revokedWithinMs = 1_000;
const storyWithinMs = 30_000;

/** Two appliances over one log that has faults, and people who say everything again until they have an answer. */
export class TroubledHouse {
  readonly nodes: Nodes;
  /** At each appliance, in their order. */
  readonly adam: readonly Person[];
  /** Alice, Bob and Mallory; Alice is never suspended. */
  readonly speakers: readonly Speaker[];
  readonly #conversation: string;

  private constructor(nodes: Nodes, adam: readonly Person[], speakers: readonly Speaker[], conversation: string) {
    [this.nodes, this.adam, this.speakers, this.#conversation] = [nodes, adam, speakers, conversation];
  }

  static async open(): Promise<TroubledHouse> {
    const nodes = await severalAppliances();
    const everywhere = (person: Person): Person[] => nodes.appliances.map((appliance) => at(appliance, person));
    const { adam, ...others } = await people(nodes.appliances[0]!, 'alice', 'bob', 'mallory');
    const speakers = Object.values(others).map((person): Speaker => ({ name: person.name, account: person.account, at: everywhere(person) }));
    const conversation = await aGroup(others.alice, [others.bob, others.mallory]);
    await Promise.all(speakers.flatMap((speaker) => speaker.at.map((person) => isIn(person, conversation))));
    return new TroubledHouse(nodes, everywhere(adam), speakers, conversation);
  }

  /** Everybody speaks and edits through both appliances while the log has its faults; one or two are suspended in the middle. */
  async round(seed: number): Promise<Story> {
    const random = chance(seed);
    const story = { sent: [] as Sent[], suspended: [] as Suspended[] };
    const victims = this.speakers.slice(1).filter((_, n) => n === seed % 2 || random() < 0.3);
    await this.nodes.log.faults('seeded', seed, ratesOf(random));
    await Promise.all([
      ...this.speakers.map((speaker) => this.#speak(speaker, victims.includes(speaker), story, random)),
      ...victims.map((victim) => this.#suspend(victim, story, random)),
      this.#disturb(random),
    ]);
    await this.nodes.log.faults('none');
    return story;
  }

  async #speak(speaker: Speaker, isVictim: boolean, story: { readonly sent: Sent[] }, random: () => number): Promise<void> {
    const open = new Set(this.nodes.appliances.keys());
    // Who is suspended speaks on until every appliance has said no.
    for (let line = 0; isVictim ? open.size > 0 : line < 8; line += 1) {
      const nodes = [...open];
      const [messageId, through] = [randomUUID(), nodes[Math.floor(random() * nodes.length)]!];
      const post = await this.#say(speaker, postMessage, { conversationId: this.#conversation, messageId, text: `${speaker.name} ${line}` }, through, nodes, random);
      story.sent.push(post);
      if (post.attempts.some(({ answer }) => answer === 'ok') && random() < 0.4) story.sent.push(await this.#say(speaker, editMessage, { conversationId: this.#conversation, messageId, text: `${speaker.name} ${line}, he meant` }, through, nodes, random));
      for (const { node, answer } of story.sent.at(-1)!.attempts) if (answer !== undefined && answer !== 'ok' && !passing.has(answer)) open.delete(node);
      await pause(random() * 40);
    }
  }

  /** The same command, sometimes through both at once, until it is answered for good. */
  async #say<E extends Endpoint>(speaker: Speaker, endpoint: E, input: InputOf<E>, first: number, nodes: readonly number[], random: () => number): Promise<Sent> {
    const [commandId, attempts] = [randomUUID(), [] as Attempt[]];
    const send = async (node: number): Promise<void> => {
      const sentAtMs = performance.now();
      const answer = await speaker.at[node]!.answer(endpoint, input, { commandId }).catch(() => undefined);
      attempts.push({ node, sentAtMs, answer: answer && (isRefused(answer) ? answer.code : 'ok') });
    };
    const isOver = (): boolean => attempts.some(({ answer }) => answer !== undefined && !passing.has(answer));
    for (const until = performance.now() + storyWithinMs; !isOver() && performance.now() < until; ) {
      if (attempts.length > 0) await pause(20 + random() * 60);
      const node = attempts.length === 0 ? first : nodes[Math.floor(random() * nodes.length)]!;
      await Promise.all(random() < 0.2 ? nodes.map(send) : [send(node)]);
    }
    return { by: speaker.name, account: speaker.account, commandId, attempts };
  }

  async #suspend({ account }: Speaker, story: { readonly suspended: Suspended[] }, random: () => number): Promise<void> {
    await pause(100 + random() * 400);
    const [commandId, askedAtMs] = [randomUUID(), performance.now()];
    for (const until = askedAtMs + storyWithinMs; performance.now() < until; await pause(30)) {
      const node = Math.floor(random() * this.adam.length);
      const answer = await this.adam[node]!.answer(suspendAccount, { account }, { commandId });
      if (!isRefused(answer)) return void story.suspended.push({ account, node, askedAtMs, acknowledgedAtMs: performance.now() });
      if (!passing.has(answer.code)) throw new Error(`Adam was refused: ${answer.code}: ${answer.sentence}`);
    }
    throw new Error('Nobody was suspended.');
  }

  async #disturb(random: () => number): Promise<void> {
    for (let times = 0; times < 2; times += 1) {
      await pause(random() * 300);
      const what = random();
      if (what < 0.35) await this.nodes.log.server('noLeader', 300);
      else if (what < 0.65) await this.nodes.log.server('breakConnections');
      else {
        const cable = this.nodes.cables[Math.floor(random() * this.nodes.cables.length)]!;
        cable.pull();
        await pause(100 + random() * 600);
        cable.plugIn();
      }
    }
  }

  /** Both have followed all that is recorded. */
  async settled(): Promise<void> {
    const { appliances } = this.nodes;
    for (const { house } of appliances) await eventually('the node is in touch', () => house.log.makeCurrent().then(() => true, () => false), () => house.log.cutOff(), storyWithinMs);
    const size = Math.max(...(await Promise.all(appliances.map((node) => node.logSize()))));
    await eventually('both have followed the same log', () => appliances.every(({ house }) => house.hub.position >= size - 1 && house.views.states().every(({ position }) => position >= size - 1)), () => size, storyWithinMs);
  }

  /** What is not as it must be after a round, by the record and by what both show. Empty when all is well. */
  async complaints(story: Story): Promise<string[]> {
    await this.settled();
    const [one, two] = this.nodes.appliances as [Nodes['appliances'][number], Nodes['appliances'][number]];
    const [here, there] = await Promise.all([one.recorded(), two.recorded()]);
    const complaints = [...complaintsAboutGaps(here), ...complaintsAboutStory(story, here)];
    if (JSON.stringify(here) !== JSON.stringify(there)) complaints.push('the nodes hold different logs');
    for (const { view } of one.house.views.states()) {
      if ((await one.house.views.digest(view)) !== (await two.house.views.digest(view))) complaints.push(`the view ${view} differs between the nodes`);
    }
    return complaints;
  }

  /** Who was suspended is back and signed in, for the next round. */
  async forgive({ suspended }: Story): Promise<void> {
    for (const { account } of suspended) {
      await this.adam[0]!.call(restoreAccount, { account });
      const everywhere = this.speakers.find((speaker) => speaker.account === account)!.at;
      await everywhere[0]!.signsIn();
      for (const person of everywhere) person.cookie = everywhere[0]!.cookie;
    }
    await this.settled();
  }

  close(): Promise<void> {
    return this.nodes.close();
  }
}

/** Answers that get lost, connections that break, subscriptions that fall silent. */
const ratesOf = (random: () => number) => ({
  'answer-lost': random() * 0.2, 'connection-lost-after-commit': random() * 0.08, 'connection-lost-before-commit': random() * 0.08, 'subscription-killed': random() * 0.02, 'subscription-stalled': random() < 0.4 ? 0.01 : 0,
});

const complaintsAboutGaps = (events: readonly RecordedEvent[]): string[] => {
  const heads = new Map<string, number>();
  return events.flatMap(({ position, stream, revision }, n) => {
    const next = (heads.get(stream) ?? -1) + 1;
    heads.set(stream, revision);
    return position === n && revision === next ? [] : [`position ${n} holds ${stream} ${revision}, where ${next} belongs`];
  });
};

/** Compares what people were told with the record. */
export const complaintsAboutStory = ({ sent, suspended }: Story, events: readonly RecordedEvent[]): string[] => {
  const found = new Map<string, RecordedEvent[]>();
  for (const event of events) {
    const { commandId } = JSON.parse(event.metadata) as { readonly commandId: string };
    found.set(commandId, [...(found.get(commandId) ?? []), event]);
  }
  return sent.flatMap((one) => {
    const [recorded, name] = [found.get(one.commandId) ?? [], `${one.by}'s command ${one.commandId}`];
    const complaints: string[] = [];
    const codes = one.attempts.map(({ answer }) => answer);
    const suspension = suspended.find(({ account }) => account === one.account);
    if (recorded.length > 1) complaints.push(`doubled: ${name} is recorded ${recorded.length} times`);
    if (codes.includes('ok') && recorded.length === 0) complaints.push(`lost: ${name} was acknowledged`);
    if (recorded.length > 0 && codes.every((code) => code !== undefined && code !== 'ok' && code !== notKnown)) complaints.push(`refused and recorded: ${name}: ${codes.join(', ')}`);
    const denied = codes.find((code) => code !== undefined && code !== 'ok' && !passing.has(code));
    if (denied !== undefined && !suspension) complaints.push(`refused for nothing: ${name}: ${denied}`);
    if (codes.every((code) => code === undefined || passing.has(code))) complaints.push(`never answered: ${name}: ${codes.length} times`);
    if (suspension && recorded[0] && isTooLate(one, suspension, recorded[0], events)) complaints.push(`recorded after the suspension: ${name}`);
    return complaints;
  });
};

/** It stands behind the suspension, and no sending of it was one that may still have been permitted. */
const isTooLate = ({ attempts }: Sent, { account, node, acknowledgedAtMs }: Suspended, { position }: RecordedEvent, events: readonly RecordedEvent[]): boolean => {
  const last = events.findLast(({ stream, type }) => stream === streams.account(account) && type === 'AccountSuspended');
  return last !== undefined && position > last.position && attempts.every((attempt) => attempt.sentAtMs >= acknowledgedAtMs + (attempt.node === node ? 0 : revokedWithinMs));
};

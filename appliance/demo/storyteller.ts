import type { House } from '#appliance/house/house.ts';
import { everyServed } from '#appliance/endpoints/every-served.ts';
import { noFiles } from '#appliance/files/shared-files.ts';
import { callerOfToken } from '#appliance/house/sessions.ts';
import { accountAdd, accountRole } from '#appliance/verbs/account.ts';
import { operator, type Verb } from '#appliance/verbs/verb.ts';
import { serveDownloads } from '#appliance/web/download-routes.ts';
import { openDoor, type Door } from '#src/doors/door.ts';
import { Fault } from '#src/kernel/fault.ts';
import { uuidv4 } from '#src/kernel/ids.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import { putSetting } from '#src/settings/put-setting.ts';
import { channels, group, people, space, story, type Person, type Said } from './story.ts';

/** Every sign-in of the demo has this password, and the demo says so. */
export const demoPassword = 'northmoor-demo';
const everybody = Object.keys(people) as Person[];
/** So long ago the newest line was said. */
const newestAgeMs = 20 * 60_000;

/** A clock that the story sets, line by line. Give it to the house that the story is told in. */
export const storyClock = (now: number): { readonly clock: () => number; readonly set: (to: number) => void; readonly timeOf: (said: Pick<Said, 'day' | 'at'>) => number } => {
  const minutes = ({ day, at }: Pick<Said, 'day' | 'at'>): number => -day * 1_440 + Number(at.slice(0, 2)) * 60 + Number(at.slice(3));
  const newest = Math.max(...story.map(minutes));
  const timeOf = (said: Pick<Said, 'day' | 'at'>): number => now - newestAgeMs + (minutes(said) - newest) * 60_000;
  let time = timeOf({ day: 3, at: '08:00' });
  return { clock: () => (time += 1), set: (to) => (time = Math.max(time, to)), timeOf };
};

/** Tells the story through the same doors that people use: every line is a command of the one who says it. */
export class Storyteller {
  readonly #house: House;
  readonly #door: Door;
  readonly #time: ReturnType<typeof storyClock>;
  readonly #accounts = new Map<Person, string>();
  readonly #tokens = new Map<Person, string>();
  readonly #places = new Map<string, string>();
  readonly #lines = new Map<string, { readonly messageId: string; readonly revision: number }>();
  readonly #downloads: ReturnType<typeof serveDownloads>;

  constructor(house: House, time: ReturnType<typeof storyClock>) {
    this.#house = house;
    this.#time = time;
    this.#downloads = serveDownloads(house);
    this.#door = openDoor(everyServed(house, this.#downloads, noFiles), () => {});
  }

  async tell(): Promise<void> {
    await this.#house.commandAs(operator, putSetting, { name: 'organisation', value: 'Northmoor Instruments' });
    await this.#house.commandAs(operator, putSetting, { name: 'archiveNotice', value: 'Everything here is kept in Northmoor\u2019s record.' });
    for (const person of everybody) await this.#hire(person);
    await this.#gather();
    for (const said of story) await this.#say(said);
    await this.#look();
    this.#downloads.close();
  }

  /** What the operator types, and then what the person does with the link. */
  async #hire(person: Person): Promise<void> {
    const { display, roles } = people[person];
    const { output } = await this.#asOperator(accountAdd, { name: person, display, email: `${person}@northmoor.example`, role: roles.filter((role) => role !== 'officer') });
    const { account, link } = output as { readonly account: string; readonly link: string };
    this.#accounts.set(person, account);
    await this.#do(null, 'usePasswordLink', { token: link.slice(link.indexOf('#') + 1), password: demoPassword });
    if (roles.includes('officer')) await this.#asOperator(accountRole, { name: person, role: 'officer' });
    await this.#do(person, 'signIn', { signInName: person, password: demoPassword });
  }

  async #asOperator(verb: Verb, input: Record<string, unknown>): Promise<{ readonly output: unknown }> {
    const result = await verb.run(this.#house, verb.input.parse(input), { onProgress: () => {}, signal: new AbortController().signal });
    if (isRefusal(result)) throw new Fault(`The demo met a refusal at ${verb.name}: ${result.sentence}`);
    return result;
  }

  async #gather(): Promise<void> {
    const accounts = (names: readonly Person[]): string[] => names.map((name) => this.#accounts.get(name)!);
    const [spaceId, general] = [uuidv4(), uuidv4()];
    await this.#do(space.founder, 'foundSpace', { spaceId, general, name: space.name, topic: space.topic });
    for (const account of accounts(space.members)) await this.#do(space.founder, 'inviteToSpace', { spaceId, account });
    this.#places.set('General', general);
    for (const { name, topic, members } of channels) {
      const conversationId = uuidv4();
      this.#places.set(name, conversationId);
      await this.#do(space.founder, 'openChannel', { spaceId, conversationId, name, topic });
      for (const member of members) await this.#do(member, 'joinChannel', { conversationId });
    }
    const conversationId = uuidv4();
    this.#places.set(group.title, conversationId);
    await this.#do(group.founder, 'openGroup', { conversationId, title: group.title, members: accounts(group.members) });
    // General is joined by what follows from an invitation; whoever speaks there waits for it.
    await this.#house.views.caughtUp(this.#house.hub.position);
  }

  async #say({ day, at, who, in: place, text, id, replyTo, action, editedTo, retracted, reactions }: Said): Promise<void> {
    this.#time.set(this.#time.timeOf({ day, at }));
    const conversationId = await this.#placeNamed(place, who);
    const messageId = uuidv4();
    const { revision } = (await this.#do(who, 'postMessage', { conversationId, messageId, ...this.#withMentions(text), ...(action && { form: 'action' }), ...(replyTo !== undefined && { replyTo: this.#lines.get(replyTo)!.messageId }) })) as { readonly revision: number };
    if (id !== undefined) this.#lines.set(id, { messageId, revision });
    const minute = 60_000;
    if (editedTo !== undefined) {
      this.#time.set(this.#time.clock() + minute);
      await this.#do(who, 'editMessage', { conversationId, messageId, ...this.#withMentions(editedTo) });
    }
    if (retracted) {
      this.#time.set(this.#time.clock() + minute);
      await this.#do(who, 'retractMessage', { conversationId, messageId });
    }
    for (const [person, emoji] of Object.entries(reactions ?? {})) await this.#do(person as Person, 'addReaction', { conversationId, messageId, reactionId: uuidv4(), emoji });
  }

  /** A direct chat is opened by whoever writes first. */
  async #placeNamed(place: string, who: Person): Promise<string> {
    const known = this.#places.get(place);
    if (known !== undefined) return known;
    const other = place.split('+').find((name) => name !== who) as Person;
    const { conversationId } = (await this.#do(who, 'openDirect', { with: this.#accounts.get(other)! })) as { readonly conversationId: string };
    this.#places.set(place, conversationId);
    return conversationId;
  }

  #withMentions(text: string): { readonly text: string; readonly mentions: readonly { readonly account: string; readonly from: number; readonly to: number }[] } {
    const mentions = [...text.matchAll(/@([a-z]+)/g)].map(({ 0: word, 1: name, index }) => ({ account: name === 'everyone' ? 'everyone' : this.#accounts.get(name as Person)!, from: index, to: index + word.length }));
    return { text, mentions };
  }

  /** Everybody has seen what was there yesterday; of today, what their own last line shows they have seen. */
  async #look(): Promise<void> {
    const today = this.#time.timeOf({ day: 0, at: '09:40' });
    const seen: Readonly<Record<string, readonly Person[]>> = { General: ['hanna', 'mara', 'tomasz', 'ines', 'olive'], 'Field trials': ['mara', 'tomasz', 'ines'], 'Supplier claims': ['hanna', 'mara'], 'Gateway images': ['mara', 'tomasz', 'ines'], Pricing: ['mara', 'tomasz'], 'mara+tomasz': ['mara', 'tomasz'], 'hanna+tomasz': ['hanna', 'tomasz'] };
    for (const [place, watchers] of Object.entries(seen)) {
      const conversationId = this.#places.get(place)!;
      for (const person of watchers) {
        const page = (await this.#do(person, 'readTimeline', { conversationId, where: 'latest', limit: 200 })) as { readonly lines: readonly { readonly revision: number; readonly at: number }[] };
        const to = Math.max(...page.lines.filter(({ at }) => place !== 'Field trials' || at < today || person !== 'ines').map(({ revision }) => revision));
        await this.#do(person, 'reportViewed', { ranges: [{ conversationId, from: 0, to }] });
        await this.#do(person, 'markReadUpTo', { conversationId, revision: to });
      }
    }
    const field = this.#places.get('Field trials')!;
    await this.#do('hanna', 'markUnread', { conversationId: field, revision: this.#lines.get('hold')!.revision + 5 });
  }

  async #do(person: Person | null, name: string, input: Record<string, unknown>): Promise<unknown> {
    const at = this.#time.clock();
    const endpoint = this.#door.endpoints.get(name)!;
    const caller = person === null || endpoint.policy === 'public' ? null : callerOfToken(this.#house.standing, this.#tokens.get(person), at);
    const output = await this.#door.call(name, input, {
      caller, commandId: uuidv4(), at, address: '127.0.0.1', agent: 'The demo', bytes: 1_000,
      setSession: (token) => void (person !== null && token !== null && this.#tokens.set(person, token)),
    });
    if (isRefusal(output) && output.code !== 'nothing-to-record') throw new Fault(`The demo met a refusal at ${name} of ${person ?? 'nobody'}: ${output.sentence}`);
    return output;
  }
}


import { randomUUID } from 'node:crypto';
import { firstToken } from '#appliance/house/first-link.ts';
import { grantRole as granting } from '#src/accounts/grant-role.ts';
import { approveOfficerRequest, grantRole, listOfficerRequests, openAccount, openFirstAccount, signIn, signOut, usePasswordLink } from '#src/contract/accounts.ts';
import { foundSpace, inviteToSpace, listConversations, openDirect, openGroup } from '#src/contract/conversations.ts';
import type { Endpoint, InputOf, OutputOf } from '#src/contract/endpoint.ts';
import { postMessage, type MessageLine } from '#src/contract/timeline.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import type { Appliance } from './appliance.ts';
import { isRefused, liveTimeline, messageWith, PersonSocket, type LiveTimeline, type Refused } from './person-socket.ts';
import { eventually } from './waiting.ts';

export type Name = 'alice' | 'bob' | 'olive' | 'oscar' | 'adam' | 'mallory';
export const passwordOf = (name: string): string => `${name} has a long password`;
const displayNames: { readonly [N in Name]: string } = { alice: 'Alice Abara', bob: 'Bob Bytner', olive: 'Olive Osei', oscar: 'Oscar Ortiz', adam: 'Adam Adler', mallory: 'Mallory Moss' };

/** How a command goes out. A commandId is made for each unless a test wants its own. */
export type How = { readonly commandId?: string; readonly headers?: Readonly<Record<string, string>> };

/** Somebody with a browser: cookies, sockets and open timelines of their own, over real HTTP and WebSocket. */
export class Person {
  readonly name: string;
  account = '';
  cookie: string | undefined;
  readonly #appliance: Appliance;
  #socket: Promise<PersonSocket> | undefined;
  readonly #timelines = new Map<string, Promise<LiveTimeline>>();

  constructor(appliance: Appliance, name: string) {
    this.#appliance = appliance;
    this.name = name;
  }

  /** One HTTP request with this person's cookies; takes the session that the answer sets. */
  async fetch(path: string, init: RequestInit & { readonly headers?: Readonly<Record<string, string>> } = {}): Promise<Response> {
    const response = await fetch(`${this.#appliance.url}${path}`, { ...init, headers: { ...(this.cookie !== undefined && { Cookie: this.cookie }), ...init.headers } });
    const set = response.headers.getSetCookie()[0]?.split(';')[0];
    if (set !== undefined) this.cookie = set.endsWith('=') ? undefined : set;
    return response;
  }

  /** What the door says over HTTP: an output that the contract allows, or a refusal. */
  async answer<E extends Endpoint>(endpoint: E, input: InputOf<E>, { commandId = randomUUID(), headers = {} }: How = {}): Promise<OutputOf<E> | Refused> {
    const { path, body } = addressOf(endpoint, input as Record<string, unknown>);
    const response = await this.fetch(path, {
      method: endpoint.method, ...(body !== undefined && { body }),
      headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...(endpoint.kind === 'command' && { 'Idempotency-Key': commandId }), ...headers },
    });
    const said = (await response.json()) as Record<string, unknown>;
    return response.ok ? (endpoint.output.parse(said) as OutputOf<E>) : ({ refused: true, status: response.status, ...said } as Refused);
  }

  /** @throws where it is refused. */
  async call<E extends Endpoint>(endpoint: E, input: InputOf<E>, how?: How): Promise<OutputOf<E>> {
    const answer = await this.answer(endpoint, input, how);
    if (isRefused(answer)) throw new Error(`${this.name} was refused ${endpoint.name}: ${answer.code}: ${answer.sentence}`);
    return answer;
  }

  /** @throws where it is not refused. */
  async refusal<E extends Endpoint>(endpoint: E, input: InputOf<E>, how?: How): Promise<Refused> {
    const answer = await this.answer(endpoint, input, how);
    if (!isRefused(answer)) throw new Error(`${this.name} was allowed ${endpoint.name}: ${JSON.stringify(answer)}`);
    return answer;
  }

  async signsIn(password = passwordOf(this.name)): Promise<void> {
    this.account = (await this.call(signIn, { signInName: this.name, password })).account;
  }

  signsOut(): Promise<unknown> {
    return this.call(signOut, {});
  }

  /** A new tab. @throws SocketRefused */
  opensSocket(headers: Readonly<Record<string, string>> = {}): Promise<PersonSocket> {
    return PersonSocket.open(this.#appliance.url, { Origin: this.#appliance.url, ...(this.cookie !== undefined && { Cookie: this.cookie }), ...headers });
  }

  /** The tab that this person has open all the time. */
  get socket(): Promise<PersonSocket> {
    return (this.#socket ??= this.opensSocket());
  }

  /** Lets go of every tab, as a restart of the appliance does. */
  async forgetsSocket(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#timelines.clear();
    (await socket)?.close();
  }

  /** The conversation as this person has it on screen. */
  timeline(conversationId: string): Promise<LiveTimeline> {
    let timeline = this.#timelines.get(conversationId);
    if (!timeline) this.#timelines.set(conversationId, (timeline = this.socket.then((socket) => liveTimeline(socket, conversationId))));
    return timeline;
  }

  async sees(text: string, { in: conversationId }: { readonly in: string }): Promise<MessageLine> {
    return (await this.timeline(conversationId)).until(`${this.name} sees "${text}"`, messageWith(text));
  }

  async says(text: string, { in: conversationId, ...rest }: { readonly in: string } & Partial<InputOf<typeof postMessage>>, how?: How): Promise<{ readonly messageId: string; readonly revision: number }> {
    const messageId = rest.messageId ?? randomUUID();
    const { revision } = await this.call(postMessage, { conversationId, messageId, text, ...rest }, how);
    return { messageId, revision };
  }
}

const addressOf = (endpoint: Endpoint, input: Record<string, unknown>): { readonly path: string; readonly body: string | undefined } => {
  const rest = { ...input };
  const path = endpoint.path.replace(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = String(rest[name]);
    delete rest[name];
    return encodeURIComponent(value);
  });
  if (endpoint.method !== 'GET') return { path: `/api${path}`, body: Object.keys(rest).length === 0 ? undefined : JSON.stringify(rest) };
  const query = new URLSearchParams(Object.entries(rest).filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)]));
  return { path: `/api${path}${query.size > 0 ? `?${query}` : ''}`, body: undefined };
};

/** Somebody without a session. */
export const nobody = (appliance: Appliance): Person => new Person(appliance, 'nobody');

/** Adam, by the one-time link of the first start. */
const firstAdministrator = async (appliance: Appliance): Promise<Person> => {
  const adam = new Person(appliance, 'adam');
  adam.account = (await adam.call(openFirstAccount, { token: firstToken(appliance.house)!, signInName: 'adam', displayName: displayNames.adam, password: passwordOf('adam') })).account;
  return adam;
};

/** Opened by an administrator, with a password set by the link, and signed in. */
export const anEmployee = async (appliance: Appliance, adam: Person, name: string, displayName = name, roles: InputOf<typeof openAccount>['roles'] = ['employee']): Promise<Person> => {
  const person = new Person(appliance, name);
  const { link } = await adam.call(openAccount, { account: randomUUID(), signInName: name, displayName, roles });
  await person.call(usePasswordLink, { token: link.slice(link.indexOf('#') + 1), password: passwordOf(name) });
  await person.signsIn();
  return person;
};

/** By the same use case as the command line. */
const firstOfficer = async ({ house }: Appliance, account: string): Promise<void> => {
  const granted = await house.commandAs({ kind: 'operator', id: 'operator' }, granting, { account, role: 'officer', request: randomUUID() });
  if (isRefusal(granted)) throw new Error(granted.sentence);
};

const secondOfficer = async (adam: Person, olive: Person, account: string): Promise<void> => {
  await adam.call(grantRole, { account, role: 'officer' });
  const { requests } = await olive.call(listOfficerRequests, {});
  await olive.call(approveOfficerRequest, { account, request: requests.find((one) => one.account === account)!.request });
};

/** The people a story is about, signed in, with the roles they have for ever: alice, bob and mallory employees, olive and oscar officers, adam administrator. */
export const people = async <const N extends readonly Name[]>(appliance: Appliance, ..._names: N): Promise<{ readonly [K in N[number] | 'adam']: Person }> => {
  const adam = await firstAdministrator(appliance);
  const wanted = new Set<Name>(_names);
  if (wanted.has('oscar')) wanted.add('olive');
  wanted.delete('adam');
  const others = await Promise.all([...wanted].map(async (name) => [name, await anEmployee(appliance, adam, name, displayNames[name])] as const));
  const found = { ...Object.fromEntries(others), adam } as { readonly [K in Name]: Person };
  if (wanted.has('olive')) await firstOfficer(appliance, found.olive.account);
  if (wanted.has('oscar')) await secondOfficer(adam, found.olive, found.oscar.account);
  return found;
};

export const aDirectChat = async (one: Person, other: Person): Promise<string> => (await one.call(openDirect, { with: other.account })).conversationId;

export const aGroup = async (by: Person, members: readonly Pick<Person, 'account'>[], title = 'Lunch'): Promise<string> => {
  const conversationId = randomUUID();
  await by.call(openGroup, { conversationId, title, members: members.map(({ account }) => account) });
  return conversationId;
};

/** A space with its General channel, and everybody in both. */
export const aSpace = async (by: Person, members: readonly Person[], name = `Space ${randomUUID()}`): Promise<{ readonly spaceId: string; readonly general: string }> => {
  const [spaceId, general] = [randomUUID(), randomUUID()];
  await by.call(foundSpace, { spaceId, general, name });
  for (const { account } of members) await by.call(inviteToSpace, { spaceId, account });
  await Promise.all(members.map((member) => isIn(member, general)));
  return { spaceId, general };
};

/** Joining General follows joining the space. */
export const isIn = (person: Person, conversationId: string): Promise<true> =>
  eventually(`${person.name} is in ${conversationId}`, async () => (await person.call(listConversations, {})).conversations.some((row) => row.conversationId === conversationId) || undefined);

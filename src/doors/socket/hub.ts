import { closeCodes, type Push } from '../../contract/socket.ts';
import type { TimelineChange } from '../../contract/timeline.ts';
import type { Opened } from '../../every-event.ts';
import { idOf, kindOf } from '../../kernel/streams.ts';
import { ActivityFrames, type ActivityPorts } from './activity-frames.ts';
import type { Bus } from './bus.ts';
import { CallExchange } from './call-exchange.ts';
import { ClientIndex } from './client-index.ts';
import { frameOf, type Client } from './client.ts';
import { Presence } from './presence.ts';
import { TypingExchange } from './typing-exchange.ts';

/** What the hub asks of the views; pushes themselves come from the log's follower alone. */
export type HubPorts = ActivityPorts & {
  readonly timelineChanges: (event: Opened) => readonly TimelineChange[];
  /** Ids of the conversations this person is in, as of a position not before `atLeast`. */
  readonly conversationsOf: (account: string, atLeast: number) => Promise<readonly string[]>;
  readonly mayRead: (account: string, conversationId: string, atLeast: number) => Promise<boolean>;
  /** True while this node may have missed who lost their access. */
  readonly behind: () => boolean;
};

const directoryEveryMs = 5_000;
const recentMax = 4_096;
const recentBytesMax = 16 * 1024 * 1024;

const writeTo = (clients: ReadonlySet<Client>, frame: Buffer): void => clients.forEach((client) => client.write(frame));

/** Who has what on screen, and who is told of what. One frame is made for all. */
export class Hub {
  readonly presence: Presence;
  readonly calls: CallExchange;
  readonly #typingElsewhere: TypingExchange | undefined;
  readonly #ports: HubPorts;
  readonly #clients = new Set<Client>();
  readonly #byAccount = new ClientIndex();
  readonly #timelines = new ClientIndex();
  readonly #members = new ClientIndex();
  readonly #activity: ActivityFrames;
  /** The last timeline pushes, in order, so that a client that was gone for a moment resumes. */
  #recent: { readonly key: string; readonly position: number; readonly frame: Buffer }[] = [];
  #recentBytes = 0;
  #recentFrom = 0;
  /** From where on an open timeline's pushes were kept: while nobody has it open they are not. */
  readonly #openFrom = new Map<string, number>();
  #position = -1;
  #directoryTimer: NodeJS.Timeout | undefined;

  /** `bus`: where there are other nodes. */
  constructor(ports: HubPorts, position: number, bus?: Bus) {
    this.#ports = ports;
    this.presence = new Presence(bus, ports.clock);
    this.#typingElsewhere = bus && new TypingExchange(bus, {
      isOpenHere: (key) => this.#timelines.has(key),
      mayRead: (account, key) => ports.mayRead(account, key, this.#position),
      show: (key, account) => this.#showTyping(key, account),
      onFault: ports.onFault,
    });
    const tell = (key: string, frame: Buffer): void => writeTo(this.#members.of(key), frame);
    this.#activity = new ActivityFrames(ports, tell);
    this.calls = new CallExchange(bus, { behind: ports.behind, tell });
    this.#position = position;
    this.#recentFrom = position + 1;
  }

  get position(): number {
    return this.#position;
  }

  get sockets(): number {
    return this.#clients.size;
  }

  get peopleConnected(): number {
    return this.#byAccount.size;
  }

  socketsOf(account: string): number {
    return this.#byAccount.of(account).size;
  }

  add(client: Client): void {
    this.#clients.add(client);
    this.#byAccount.add(client.account, client);
    this.presence.arrived(client);
  }

  remove(client: Client): void {
    if (!this.#clients.delete(client)) return;
    this.#byAccount.remove(client.account, client);
    for (const key of [...client.timelines]) this.closeTimeline(client, key);
    for (const key of client.conversations ?? []) this.#members.remove(key, client);
    this.presence.left(client);
    this.calls.left(client);
  }

  /** Registers first; whoever subscribes then reads a snapshot not older than the position given back. */
  async openTimeline(client: Client, key: string, after: number | undefined): Promise<{ readonly position: number; readonly resync: boolean } | 'not-a-member'> {
    if (!(await this.#mayRead(client, key)) || !this.#clients.has(client)) return 'not-a-member';
    if (!this.#timelines.has(key)) this.#openFrom.set(key, this.#position + 1);
    client.timelines.add(key);
    this.#timelines.add(key, client);
    const resync = after === undefined || after + 1 < Math.max(this.#recentFrom, this.#openFrom.get(key)!);
    if (!resync) for (const push of this.#recent) if (push.key === key && push.position > after) client.write(push.frame);
    return { position: this.#position, resync };
  }

  closeTimeline(client: Client, key: string): void {
    client.timelines.delete(key);
    this.#timelines.remove(key, client);
    if (!this.#timelines.has(key)) this.#openFrom.delete(key);
  }

  async openConversations(client: Client): Promise<{ readonly position: number; readonly resync: boolean }> {
    client.conversations ??= new Set();
    const ids = await this.#unlessMoved(client, () => this.#ports.conversationsOf(client.account, this.#position));
    if (this.#clients.has(client)) for (const id of ids) this.#addTo(client, id);
    // Of this moment: what came while the list was asked for was not pushed.
    return { position: this.#position, resync: true };
  }

  #mayRead(client: Client, key: string): Promise<boolean> {
    return this.#unlessMoved(client, () => this.#ports.mayRead(client.account, key, this.#position));
  }

  /** Asks again while this person joined or left something in the meantime, so that no answer is applied late. */
  async #unlessMoved<T>(client: Client, ask: () => Promise<T>): Promise<T> {
    for (;;) {
      const before = client.memberships;
      const answer = await ask();
      if (before === client.memberships) return answer;
    }
  }

  #addTo(client: Client, id: string): void {
    client.conversations?.add(this.#members.add(id, client));
  }

  #takeFrom(client: Client, key: string): void {
    client.conversations?.delete(key);
    this.#members.remove(key, client);
    this.closeTimeline(client, key);
  }

  closeConversations(client: Client): void {
    for (const key of client.conversations ?? []) this.#members.remove(key, client);
    client.conversations = null;
  }

  isMember(client: Client, conversationId: string): boolean {
    return client.conversations?.has(conversationId) ?? false;
  }

  typing(from: Client, conversationId: string): void {
    this.#showTyping(conversationId, from.account);
    this.#typingElsewhere?.typed(conversationId, from.account);
  }

  #showTyping(conversationId: string, account: string): void {
    const frame = frameOf(JSON.stringify({ is: 'typing', conversationId, account }));
    for (const client of this.#timelines.of(conversationId)) if (client.account !== account) client.write(frame);
  }

  /** Events of the log, in order, each once; `through`: the last position that was read, whoever wrote there. */
  follow(events: readonly Opened[], through: number): void {
    const frames = new Map<string, Buffer[]>();
    for (const event of events) {
      this.#position = event.position;
      if (kindOf(event.stream) === 'conversation') this.#conversationEvent(event, frames);
      else this.#otherEvent(event);
    }
    this.#position = through;
    // Everything of one flush that goes to one timeline is one write per socket.
    for (const [key, made] of frames) {
      const all = made.length === 1 ? made[0]! : Buffer.concat(made);
      // Whoever had it open may have left in this very flush.
      for (const client of this.#timelines.of(key)) client.write(all);
    }
  }

  #conversationEvent(event: Opened, frames: Map<string, Buffer[]>): void {
    const key = idOf(event.stream);
    this.calls.follow(event, key);
    this.#membership(event, key);
    if (this.#timelines.has(key)) {
      for (const change of this.#ports.timelineChanges(event)) {
        const frame = this.#remember(key, { is: 'push', view: 'timeline', key, position: event.position, change });
        (frames.get(key) ?? frames.set(key, []).get(key)!).push(frame);
      }
    }
    if (this.#members.has(key)) this.#activity.gather(key, event);
    else this.#activity.forget(key);
  }

  #remember(key: string, push: Push): Buffer {
    const frame = frameOf(JSON.stringify(push));
    this.#recent.push({ key, position: push.position, frame });
    this.#recentBytes += frame.length;
    if (this.#recent.length >= recentMax * 2 || this.#recentBytes > recentBytesMax) {
      const dropped = this.#recent.splice(0, Math.ceil(this.#recent.length / 2));
      for (const one of dropped) this.#recentBytes -= one.frame.length;
      this.#recentFrom = dropped.at(-1)!.position + 1;
    }
    return frame;
  }

  /** Keeps who is told in step with who is in. Nobody keeps a timeline open that they may not read. */
  #membership(event: Opened, key: string): void {
    if (event.type === 'ConversationOpened') for (const account of event.data.founders) this.#joined(account, key);
    else if (event.type === 'MemberJoined') this.#joined(event.data.account, key);
    else if (event.type === 'MemberLeft') {
      for (const client of this.#byAccount.of(event.data.account)) {
        client.memberships += 1;
        this.#takeFrom(client, key);
      }
    }
  }

  #joined(account: string, key: string): void {
    for (const client of this.#byAccount.of(account)) {
      client.memberships += 1;
      if (client.conversations) this.#addTo(client, key);
    }
  }

  #otherEvent(event: Opened): void {
    switch (event.type) {
      case 'SpaceLeft':
        this.#judgeAgain(event.data.account);
        break;
      case 'AccountSuspended':
        for (const client of this.#byAccount.of(event.data.account)) client.close(closeCodes.sessionEnded, 'this account is suspended');
        break;
      case 'SignedOut':
        for (const client of this.#byAccount.of(event.data.account)) {
          if (event.data.sessionHash === null || event.data.sessionHash === client.session) client.close(closeCodes.sessionEnded, 'signed out');
        }
        break;
      case 'AccountOpened':
      case 'AccountRestored':
      case 'ProfileChanged':
        this.#directoryChanged();
        break;
      default:
    }
  }

  /** The leaves of a space's channels follow later; what is on screen and in the list is judged now. */
  #judgeAgain(account: string): void {
    for (const client of this.#byAccount.of(account)) {
      client.memberships += 1;
      for (const key of new Set([...client.timelines, ...(client.conversations ?? [])])) {
        void this.#mayRead(client, key).then((may) => !may && this.#takeFrom(client, key), this.#ports.onFault);
      }
    }
  }

  #directoryChanged(): void {
    this.#directoryTimer ??= setTimeout(() => {
      this.#directoryTimer = undefined;
      this.tellEverybody({ is: 'directory', position: this.#position });
    }, directoryEveryMs).unref();
  }

  /** What the view store found while applying: second marks for a timeline, rows and counts for a person. */
  push(push: Push): void {
    if (push.view === 'timeline') {
      if (this.#timelines.has(push.key)) writeTo(this.#timelines.of(push.key), this.#remember(push.key, push));
      return;
    }
    const clients = this.#byAccount.of(push.key);
    if (clients.size === 0) return;
    const frame = frameOf(JSON.stringify(push));
    for (const client of clients) if (client.conversations) client.write(frame);
  }

  /** To every socket of one person. */
  tell(account: string, frame: object): void {
    writeTo(this.#byAccount.of(account), frameOf(JSON.stringify(frame)));
  }

  tellEverybody(frame: object): void {
    writeTo(this.#clients, frameOf(JSON.stringify(frame)));
  }

  /** Sessions that ran out end here; every other end of one is an event. */
  pingAll(isOver: (session: string) => boolean): void {
    for (const client of this.#clients) {
      if (isOver(client.session)) client.close(closeCodes.sessionEnded, 'the session ran out');
      else if (!client.ping()) this.remove(client);
    }
  }

  closeAll(): void {
    this.presence.close();
    this.#typingElsewhere?.close();
    this.calls.close();
    for (const client of this.#clients) client.close(closeCodes.restarting, 'the appliance restarts');
  }
}

import type { Activity } from '../../contract/conversations.ts';
import { closeCodes, type Push } from '../../contract/socket.ts';
import type { TimelineChange } from '../../contract/timeline.ts';
import type { Opened } from '../../every-event.ts';
import { idOf, kindOf } from '../../kernel/streams.ts';
import { frameOf, type Client } from './client.ts';
import { Presence } from './presence.ts';

export type ActivityStanding = { readonly lastOrdinal: number; readonly last: Activity['last'] };
type PendingActivity = { events: Opened[]; sentAt: number; timer: NodeJS.Timeout | undefined; standing: ActivityStanding | undefined };

/** What the hub asks of the views; pushes themselves come from the log's follower alone. */
export type HubPorts = {
  readonly timelineChanges: (event: Opened) => readonly TimelineChange[];
  readonly activityOf: (conversationId: string, before: ActivityStanding, events: readonly Opened[]) => { readonly activity: Activity; readonly after: ActivityStanding } | undefined;
  /** Where a conversation's list row stands at a position not before `atLeast`. */
  readonly activityStanding: (conversationId: string, atLeast: number) => Promise<ActivityStanding>;
  readonly onFault: (cause: unknown) => void;
  /** Ids of the conversations this person is in, as of a position not before `atLeast`. */
  readonly conversationsOf: (account: string, atLeast: number) => Promise<readonly string[]>;
  readonly mayRead: (account: string, conversationId: string, atLeast: number) => Promise<boolean>;
  readonly clock: () => number;
};

const activityEveryMs = 1_000;
const directoryEveryMs = 5_000;
const recentMax = 4_096;

/** Who has what on screen, and who is told of what. One frame is made for all. */
export class Hub {
  readonly presence = new Presence();
  readonly #ports: HubPorts;
  readonly #clients = new Set<Client>();
  readonly #byAccount = new Map<string, Set<Client>>();
  readonly #timelines = new Map<string, Set<Client>>();
  readonly #members = new Map<string, Set<Client>>();
  readonly #activity = new Map<string, PendingActivity>();
  /** The last timeline pushes, in order, so that a client that was gone for a moment resumes. */
  #recent: { readonly key: string; readonly position: number; readonly frame: Buffer }[] = [];
  #recentFrom = 0;
  #position = -1;
  #directoryTimer: NodeJS.Timeout | undefined;

  constructor(ports: HubPorts, position: number) {
    this.#ports = ports;
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
    return this.#byAccount.get(account)?.size ?? 0;
  }

  add(client: Client): void {
    this.#clients.add(client);
    into(this.#byAccount, client.account, client);
    this.presence.arrived(client);
  }

  remove(client: Client): void {
    if (!this.#clients.delete(client)) return;
    outOf(this.#byAccount, client.account, client);
    for (const key of client.timelines) outOf(this.#timelines, key, client);
    for (const key of client.conversations ?? []) outOf(this.#members, key, client);
    this.presence.left(client);
  }

  /** Registers first; whoever subscribes then reads a snapshot not older than the position given back. */
  async openTimeline(client: Client, key: string, after: number | undefined): Promise<{ readonly position: number; readonly resync: boolean } | 'not-a-member'> {
    if (!(await this.#ports.mayRead(client.account, key, this.#position))) return 'not-a-member';
    client.timelines.add(key);
    into(this.#timelines, key, client);
    const resync = after === undefined || after + 1 < this.#recentFrom;
    if (!resync) for (const push of this.#recent) if (push.key === key && push.position > after) client.write(push.frame);
    return { position: this.#position, resync };
  }

  closeTimeline(client: Client, key: string): void {
    client.timelines.delete(key);
    outOf(this.#timelines, key, client);
  }

  async openConversations(client: Client): Promise<{ readonly position: number; readonly resync: boolean }> {
    const position = this.#position;
    const own = (client.conversations ??= new Set());
    for (const id of await this.#ports.conversationsOf(client.account, position)) {
      own.add(id);
      into(this.#members, id, client);
    }
    return { position, resync: true };
  }

  closeConversations(client: Client): void {
    for (const key of client.conversations ?? []) outOf(this.#members, key, client);
    client.conversations = null;
  }

  isMember(client: Client, conversationId: string): boolean {
    return client.conversations?.has(conversationId) ?? false;
  }

  typing(from: Client, conversationId: string): void {
    const frame = frameOf(JSON.stringify({ is: 'typing', conversationId, account: from.account }));
    for (const client of this.#timelines.get(conversationId) ?? []) if (client.account !== from.account) client.write(frame);
  }

  /** Events of the log, in order, each once. */
  follow(events: readonly Opened[]): void {
    const frames = new Map<string, Buffer[]>();
    for (const event of events) {
      this.#position = event.position;
      if (kindOf(event.stream) === 'conversation') this.#conversationEvent(event, frames);
      else this.#otherEvent(event);
    }
    // Everything of one flush that goes to one timeline is one write per socket.
    for (const [key, made] of frames) {
      const all = made.length === 1 ? made[0]! : Buffer.concat(made);
      for (const client of this.#timelines.get(key)!) client.write(all);
    }
  }

  #conversationEvent(event: Opened, frames: Map<string, Buffer[]>): void {
    const key = idOf(event.stream);
    this.#membership(event, key);
    if (this.#timelines.has(key)) {
      for (const change of this.#ports.timelineChanges(event)) {
        const frame = this.#remember(key, { is: 'push', view: 'timeline', key, position: event.position, change });
        const made = frames.get(key);
        if (made) made.push(frame);
        else frames.set(key, [frame]);
      }
    }
    if (this.#members.has(key)) this.#gatherActivity(key, event);
  }

  #remember(key: string, push: Push): Buffer {
    const frame = frameOf(JSON.stringify(push));
    this.#recent.push({ key, position: push.position, frame });
    if (this.#recent.length >= recentMax * 2) {
      const dropped = this.#recent.splice(0, recentMax);
      this.#recentFrom = dropped.at(-1)!.position + 1;
    }
    return frame;
  }

  /** Keeps who is told in step with who is in. Nobody keeps a timeline open that they may not read. */
  #membership(event: Opened, key: string): void {
    if (event.type === 'ConversationOpened') for (const account of event.data.founders) this.#joined(account, key);
    else if (event.type === 'MemberJoined') this.#joined(event.data.account, key);
    else if (event.type === 'MemberLeft') {
      for (const client of this.#byAccount.get(event.data.account) ?? []) {
        client.conversations?.delete(key);
        outOf(this.#members, key, client);
        this.closeTimeline(client, key);
      }
    }
  }

  #joined(account: string, key: string): void {
    for (const client of this.#byAccount.get(account) ?? []) {
      if (!client.conversations) continue;
      client.conversations.add(key);
      into(this.#members, key, client);
    }
  }

  #otherEvent(event: Opened): void {
    switch (event.type) {
      case 'SpaceLeft':
        this.#judgeAgain(event.data.account);
        break;
      case 'AccountSuspended':
        for (const client of this.#byAccount.get(event.data.account) ?? []) client.close(closeCodes.sessionEnded, 'this account is suspended');
        break;
      case 'SignedOut':
        for (const client of this.#byAccount.get(event.data.account) ?? []) {
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

  /** The leaves of a space's channels follow later; what is open on screen is judged now. */
  #judgeAgain(account: string): void {
    for (const client of this.#byAccount.get(account) ?? []) {
      for (const key of client.timelines) {
        void this.#ports.mayRead(account, key, this.#position).then((may) => {
          if (!may) this.closeTimeline(client, key);
        });
      }
    }
  }

  #directoryChanged(): void {
    this.#directoryTimer ??= setTimeout(() => {
      this.#directoryTimer = undefined;
      const frame = frameOf(JSON.stringify({ is: 'directory', position: this.#position }));
      for (const client of this.#clients) client.write(frame);
    }, directoryEveryMs).unref();
  }

  #gatherActivity(key: string, event: Opened): void {
    if (event.type !== 'MessagePosted' && event.type !== 'MessageRetracted' && event.type !== 'MessageEdited') return;
    let pending = this.#activity.get(key);
    if (!pending) this.#activity.set(key, (pending = { events: [], sentAt: 0, timer: undefined, standing: undefined }));
    pending.events.push(event);
    const waitMs = pending.sentAt + activityEveryMs - this.#ports.clock();
    const atOnce = event.type === 'MessagePosted' && event.data.mentions.length > 0;
    if (atOnce || waitMs <= 0) this.#sendActivity(key);
    else pending.timer ??= setTimeout(() => this.#sendActivity(key), waitMs).unref();
  }

  #sendActivity(key: string): void {
    const pending = this.#activity.get(key)!;
    clearTimeout(pending.timer);
    pending.timer = undefined;
    pending.sentAt = this.#ports.clock();
    const { events, standing } = pending;
    pending.events = [];
    if (standing) return this.#frameActivity(key, pending, standing, events);
    // The first frame of a conversation on this node: where it stood before is asked once. Applying the same events again changes nothing.
    void this.#ports.activityStanding(key, events.at(-1)!.position).then((before) => this.#frameActivity(key, pending, pending.standing ?? before, events), this.#ports.onFault);
  }

  #frameActivity(key: string, pending: PendingActivity, before: ActivityStanding, events: readonly Opened[]): void {
    const made = this.#ports.activityOf(key, before, events);
    if (!made) return;
    pending.standing = made.after;
    const frame = frameOf(JSON.stringify({ is: 'push', view: 'conversations', key, position: events.at(-1)!.position, change: { kind: 'activity', activity: made.activity } } satisfies Push));
    for (const client of this.#members.get(key) ?? []) client.write(frame);
  }

  /** What the view store found while applying: second marks for a timeline, rows and counts for a person. */
  push(push: Push): void {
    if (push.view === 'timeline') {
      if (!this.#timelines.has(push.key)) return;
      const frame = this.#remember(push.key, push);
      for (const client of this.#timelines.get(push.key)!) client.write(frame);
      return;
    }
    const clients = this.#byAccount.get(push.key);
    if (!clients) return;
    const frame = frameOf(JSON.stringify(push));
    for (const client of clients) if (client.conversations) client.write(frame);
  }

  /** To every socket of one person. */
  tell(account: string, frame: object): void {
    const made = frameOf(JSON.stringify(frame));
    for (const client of this.#byAccount.get(account) ?? []) client.write(made);
  }

  tellEverybody(frame: object): void {
    const made = frameOf(JSON.stringify(frame));
    for (const client of this.#clients) client.write(made);
  }

  /** Sessions that ran out end here; every other end of one is an event. */
  pingAll(isOver: (session: string) => boolean): void {
    for (const client of this.#clients) {
      if (isOver(client.session)) client.close(closeCodes.sessionEnded, 'the session ran out');
      else if (!client.ping()) this.remove(client);
    }
  }

  closeAll(): void {
    for (const client of this.#clients) client.close(closeCodes.restarting, 'the appliance restarts');
  }
}

const into = (index: Map<string, Set<Client>>, key: string, client: Client): void => {
  const found = index.get(key);
  if (found) found.add(client);
  else index.set(key, new Set([client]));
};

const outOf = (index: Map<string, Set<Client>>, key: string, client: Client): void => {
  const found = index.get(key);
  found?.delete(client);
  if (found?.size === 0) index.delete(key);
};

import type { Activity } from '../../contract/conversations.ts';
import type { Push } from '../../contract/socket.ts';
import type { Opened } from '../../every-event.ts';
import { frameOf } from './client.ts';

/** Where a conversation's row in the lists stands: its last ordinal and the last thing said. */
export type ActivityStanding = { readonly lastOrdinal: number; readonly last: Activity['last'] };

export type ActivityPorts = {
  readonly activityOf: (conversationId: string, before: ActivityStanding, events: readonly Opened[]) => { readonly activity: Activity; readonly after: ActivityStanding } | undefined;
  /** At a position not before `atLeast`. */
  readonly activityStanding: (conversationId: string, atLeast: number) => Promise<ActivityStanding>;
  readonly clock: () => number;
  readonly onFault: (cause: unknown) => void;
};

type Pending = { events: Opened[]; sentAt: number; timer: NodeJS.Timeout | undefined; standing: ActivityStanding | undefined };

const everyMs = 1_000;

/** What changes a row of somebody's list: what counts, and what is said last. */
const shows: ReadonlySet<Opened['type']> = new Set(['MessagePosted', 'MessageRetracted', 'MessageEdited', 'FileShared', 'FileWithdrawn', 'CallEnded']);

/** One frame for everybody's lists: at most one a second and conversation, at once when somebody is mentioned. */
export class ActivityFrames {
  readonly #ports: ActivityPorts;
  readonly #send: (key: string, frame: Buffer) => void;
  readonly #pending = new Map<string, Pending>();

  constructor(ports: ActivityPorts, send: (key: string, frame: Buffer) => void) {
    this.#ports = ports;
    this.#send = send;
  }

  gather(key: string, event: Opened): void {
    if (!shows.has(event.type)) return;
    let pending = this.#pending.get(key);
    if (!pending) this.#pending.set(key, (pending = { events: [], sentAt: 0, timer: undefined, standing: undefined }));
    pending.events.push(event);
    const waitMs = Math.min(everyMs, pending.sentAt + everyMs - this.#ports.clock());
    const atOnce = event.type === 'MessagePosted' && event.data.mentions.length > 0;
    if (atOnce || waitMs <= 0) this.#flush(key, pending);
    else pending.timer ??= setTimeout(() => this.#flush(key, pending), waitMs).unref();
  }

  /** Nobody is told: where the conversation stands is not followed any further and must be asked again. */
  forget(key: string): void {
    clearTimeout(this.#pending.get(key)?.timer);
    this.#pending.delete(key);
  }

  #flush(key: string, pending: Pending): void {
    clearTimeout(pending.timer);
    pending.timer = undefined;
    pending.sentAt = this.#ports.clock();
    const { events, standing } = pending;
    pending.events = [];
    if (standing) return this.#frame(key, pending, standing, events);
    // The first frame of a conversation on this node: where it stood before is asked once. Applying the same events again changes nothing.
    void this.#ports.activityStanding(key, events.at(-1)!.position).then((before) => this.#frame(key, pending, pending.standing ?? before, events), this.#ports.onFault);
  }

  #frame(key: string, pending: Pending, before: ActivityStanding, events: readonly Opened[]): void {
    const made = this.#ports.activityOf(key, before, events);
    if (!made) return;
    pending.standing = made.after;
    this.#send(key, frameOf(JSON.stringify({ is: 'push', view: 'conversations', key, position: events.at(-1)!.position, change: { kind: 'activity', activity: made.activity } } satisfies Push)));
  }
}

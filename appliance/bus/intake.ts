import type { KeyObject } from 'node:crypto';
import { busBodyBytesMax } from '#src/doors/socket/bus.ts';
import { openEnvelope, type Carried } from './envelope.ts';

/** Why something that came over the bus was not listened to. */
export const dropReasons = ['oversize', 'forged', 'unreadable', 'own', 'stale', 'replayed', 'too-many'] as const;
export type DropReason = (typeof dropReasons)[number];

/** MAC, node, number and time take less than 200 bytes. */
export const envelopeBytesMax = busBodyBytesMax + 256;
/** Clocks of nodes may differ by this much. What was recorded can be played back to a node that starts within this time, and to no other. */
const clockSkewMs = 30_000;
/** Longer than anything stays acceptable: a message from a clock that is ahead is so for twice the skew. */
const rememberedMs = 3 * clockSkewMs;
const nodesMax = 256;
/** Per node. Presence and typing of 10,000 people take some ten messages a second; calls a few hundred. */
const perSecond = 2_000;
const burst = 4_000;

type Sender = { seq: number; heardAt: number; tokens: number };

/** Decides what is listened to: made with our key, of now, not from here, not seen before, not too much of it. Counts the rest. */
export class Intake {
  readonly #key: KeyObject;
  readonly #node: string;
  readonly #senders = new Map<string, Sender>();
  readonly #dropped = Object.fromEntries(dropReasons.map((reason) => [reason, 0])) as Record<DropReason, number>;
  #received = 0;

  /** `node`: this one. */
  constructor(key: KeyObject, node: string) {
    this.#key = key;
    this.#node = node;
  }

  get received(): number {
    return this.#received;
  }

  get dropped(): Readonly<Record<DropReason, number>> {
    return { ...this.#dropped };
  }

  /** `subject` in full, as it was sent under. */
  take(subject: string, bytes: Uint8Array, now: number): Pick<Carried, 'node' | 'body'> | undefined {
    const opened = bytes.length > envelopeBytesMax ? 'oversize' : openEnvelope(this.#key, subject, bytes);
    const reason = typeof opened === 'string' ? opened : this.#whyNot(opened, now);
    if (reason !== undefined) {
      this.#dropped[reason] += 1;
      return undefined;
    }
    this.#received += 1;
    return opened as Carried;
  }

  #whyNot({ node, seq, at }: Carried, now: number): DropReason | undefined {
    if (node === this.#node) return 'own';
    if (Math.abs(now - at) > clockSkewMs) return 'stale';
    const sender = this.#senders.get(node) ?? this.#newSender(node, now);
    if (!sender) return 'too-many';
    if (seq <= sender.seq) return 'replayed';
    sender.seq = seq;
    sender.tokens = Math.min(burst, sender.tokens + (Math.max(0, now - sender.heardAt) / 1_000) * perSecond);
    sender.heardAt = now;
    if (sender.tokens < 1) return 'too-many';
    sender.tokens -= 1;
    return undefined;
  }

  #newSender(node: string, now: number): Sender | undefined {
    if (this.#senders.size >= nodesMax) for (const [known, { heardAt }] of this.#senders) if (now - heardAt > rememberedMs) this.#senders.delete(known);
    if (this.#senders.size >= nodesMax) return undefined;
    const sender = { seq: 0, heardAt: now, tokens: burst };
    this.#senders.set(node, sender);
    return sender;
  }
}

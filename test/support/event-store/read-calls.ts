import { randomUUID } from 'node:crypto';
import type { ServerWritableStream } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';

import type { Refusal } from './answers.ts';
import { refusals } from './answers.ts';
import { asError, headerOf, nameOf, requiresLeader } from './append-calls.ts';
import { filterOf } from './filter.ts';
import type { Realm } from './realm.ts';
import type { Recorded } from './recorded.ts';
import type { ServerNode } from './server-node.ts';

type ReadReq = InstanceType<typeof streams.ReadReq>;
type ReadOptions = NonNullable<ReturnType<ReadReq['getOptions']>>;
/** Answers are serialised already. */
type ReadCall = ServerWritableStream<ReadReq, Buffer>;

const pageEvents = 256;
const largest = Number.MAX_SAFE_INTEGER;

const bytesOf = (answer: InstanceType<typeof streams.ReadResp>): Buffer => Buffer.from(answer.serializeBinary());
const confirmation = (): Buffer => bytesOf(new streams.ReadResp().setConfirmation(new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(randomUUID())));
const caughtUp = bytesOf(new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp()));
const checkpoint = (position: number): Buffer => bytesOf(new streams.ReadResp().setCheckpoint(new streams.ReadResp.Checkpoint().setCommitPosition(String(position)).setPreparePosition(String(position))));
const notFound = (stream: string): Buffer => {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream));
  return bytesOf(new streams.ReadResp().setStreamNotFound(new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifier)));
};

/** The way to one reader: waits while they are slow, and knows when they are gone. */
class Outlet {
  gone = false;
  readonly #call: ReadCall;
  readonly #node: ServerNode;
  #wake: () => void = () => undefined;

  constructor(call: ReadCall, node: ServerNode) {
    this.#call = call;
    this.#node = node;
    const leave = (): void => {
      this.gone = true;
      this.#wake();
    };
    call.on('cancelled', leave).on('close', leave).on('error', leave).on('drain', () => this.#wake());
  }

  /** Undefined where nobody has to wait. */
  send(bytes: Buffer): Promise<void> | undefined {
    const thawing = this.#node.thawing();
    if (thawing !== undefined) return thawing.then(() => this.send(bytes));
    if (this.gone || this.#call.write(bytes)) return undefined;
    return this.until(() => undefined);
  }

  /** Until `start`'s argument is called, room was made or the reader is gone. */
  until(start: (wake: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.gone) resolve();
      start(resolve);
    });
  }

  fail(refusal: Refusal): void {
    if (!this.gone) this.#call.emit('error', asError(refusal));
  }

  end(): void {
    if (!this.gone) this.#node.whenThawed(() => this.#call.end());
  }
}

/** What is read, as pages from a cursor: position in `$all`, revision in a stream. */
type Source = { readonly page: (from: number, max: number) => readonly Recorded[]; readonly cursorOf: (event: Recorded) => number };

const sourceOf = (realm: Realm, node: ServerNode, stream: string | undefined, backwards: boolean): Source =>
  stream === undefined
    ? { page: (from, max) => realm.store.readAll(from, max, backwards, node.visibleTo()), cursorOf: ({ position }) => position }
    : { page: (from, max) => realm.store.readStream(stream, from, max, backwards, node.visibleTo()), cursorOf: ({ revision }) => revision };

/** Where reading begins. The end is behind everything; forwards from the end there is nothing. */
const startOf = (options: ReadOptions): 'start' | 'end' | number => {
  const from = options.getAll() ?? options.getStream();
  if (from === undefined || from.hasStart()) return 'start';
  if (from.hasEnd()) return 'end';
  return Number(options.getAll()?.getPosition()?.getCommitPosition() ?? options.getStream()?.getRevision());
};

/** The client cannot filter a read. */
const readPages = async (realm: Realm, node: ServerNode, call: ReadCall, options: ReadOptions, stream: string | undefined): Promise<void> => {
  const outlet = new Outlet(call, node);
  const backwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;
  if (stream !== undefined) {
    const state = realm.store.stateOf(stream, node.visibleTo());
    if (state === 'tombstoned') return outlet.fail(refusals.deleted(stream));
    if (state === 'missing') await outlet.send(notFound(stream));
    if (state === 'missing') return outlet.end();
  }
  const source = sourceOf(realm, node, stream, backwards);
  const start = startOf(options);
  let from = start === 'start' ? (backwards ? -1 : 0) : start === 'end' ? largest : start;
  for (let left = Number(options.getCount()); left > 0 && !outlet.gone; ) {
    const page = source.page(from, pageEvents);
    for (const event of page) {
      if (realm.faults.strikes('read-killed')) return node.breakConnection(call.getPeer());
      if (left === 0 || outlet.gone) break;
      left -= 1;
      const wait = outlet.send(event.answer);
      if (wait !== undefined) await wait;
    }
    if (page.length < pageEvents) break;
    const last = source.cursorOf(page.at(-1) as Recorded);
    // Backwards, a position is behind what is read and a revision is not.
    from = backwards ? (stream === undefined ? last : last - 1) : last + 1;
  }
  outlet.end();
};

/** From after the start on, history first, then live, out of one loop: there is no seam to lose an event in. */
const subscribe = async (realm: Realm, node: ServerNode, call: ReadCall, options: ReadOptions, stream: string | undefined): Promise<void> => {
  const outlet = new Outlet(call, node);
  const source = sourceOf(realm, node, stream, false);
  const filter = options.getFilter();
  const passes = filterOf(filter);
  const checkpointEvery = (filter?.hasMax() === true ? filter.getMax() : 32) * Math.max(1, filter?.getCheckpointintervalmultiplier() ?? 1);
  const start = startOf(options);
  let cursor = start === 'start' ? -1 : start === 'end' ? endOf(realm, node, stream) : start;
  let [scanned, live] = [0, false];
  await outlet.send(confirmation());
  while (!outlet.gone) {
    if (stream !== undefined && realm.store.stateOf(stream, node.visibleTo()) === 'tombstoned') return outlet.fail(refusals.deleted(stream));
    const page = source.page(cursor + 1, pageEvents);
    for (const event of page) {
      const fault = realm.faults.strike('subscription-killed', 'subscription-dropped', 'consumer-too-slow', 'subscription-ended', 'subscription-stalled');
      if (fault === 'subscription-killed') return node.breakConnection(call.getPeer());
      if (fault === 'subscription-dropped') return outlet.fail(refusals.dropped());
      if (fault === 'consumer-too-slow') return outlet.fail(refusals.tooSlow());
      if (fault === 'subscription-ended') return outlet.end();
      if (fault === 'subscription-stalled') return;
      if (outlet.gone) return;
      cursor = source.cursorOf(event);
      scanned += 1;
      const wait = passes(event) ? outlet.send(event.answer) : undefined;
      if (wait !== undefined) await wait;
      if (filter !== undefined && scanned % checkpointEvery === 0) await outlet.send(checkpoint(event.position));
    }
    if (page.length > 0) continue;
    if (!live) await outlet.send(caughtUp);
    live = true;
    await more(node, outlet, () => source.page(cursor + 1, 1).length > 0);
  }
};

const endOf = (realm: Realm, node: ServerNode, stream: string | undefined): number => {
  if (stream === undefined) return node.visibleTo();
  return realm.store.readStream(stream, largest, 1, true, node.visibleTo())[0]?.revision ?? -1;
};

/** Until this node shows more, or nobody listens. Watches before it looks, so that nothing comes between. */
const more = async (node: ServerNode, outlet: Outlet, isThere: () => boolean): Promise<void> => {
  let unwatch: () => void = () => undefined;
  await outlet.until((wake) => {
    unwatch = node.watch(wake);
    if (isThere()) wake();
  });
  unwatch();
};

/** Streams.Read: reads and subscriptions, of one stream or of `$all`. */
export const read = (realm: Realm, node: ServerNode) => (call: ReadCall): void =>
  node.whenThawed(() => {
    const options = call.request.getOptions() as ReadOptions;
    const named = options.getStream();
    const stream = named === undefined ? undefined : nameOf(named.getStreamIdentifier());
    const refused = realm.refuses(headerOf(call, 'authorization'), 'read', stream ?? '$all') ?? (requiresLeader(call) ? realm.leaderRefusal(node) : undefined);
    if (refused !== undefined) return void call.emit('error', asError(refused));
    void (options.hasSubscription() ? subscribe : readPages)(realm, node, call, options, stream);
  });

import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import type { Empty as EmptyMessage, UUID } from '@eventstore/db-client/generated/shared_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import type { BatchAppendReq, BatchAppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';

import type { EventToAppend } from '../event-log.ts';
import type { AllPosition } from './all-position.ts';

/**
 * What crosses the wire, in the service definitions that the client ships. The client's own calls are not used for it: they
 * parse what they read, so that bytes which are not canonical would not show, and serialise what they append in a promise
 * that never settles when that fails.
 */

/** An event of `$all` as its bytes say. */
export type StoredEvent = {
  readonly at: AllPosition;
  readonly stream: string;
  /** Of the very number on the wire, which for a tombstone is beyond what JavaScript counts. */
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
  /** When the server took it, in milliseconds since 1970. */
  readonly createdMs: number;
};

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes that are no UTF-8 become a JSON string of their base64, which no writer of ours makes: such an event is foreign, and nothing of it is lost. */
const textOf = (bytes: Uint8Array): string => {
  try {
    return utf8.decode(bytes);
  } catch {
    return JSON.stringify(`base64:${Buffer.from(bytes).toString('base64')}`);
  }
};

/** Lower case. Servers write a UUID as text where they were asked to, and as two numbers where they choose. */
const uuidText = (uuid: UUID | undefined): string => {
  const halves = uuid?.getStructured();
  if (!halves) return uuid?.getString() ?? '';
  const hex = [halves.getMostSignificantBits(), halves.getLeastSignificantBits()].map((half) => BigInt.asUintN(64, BigInt(half)).toString(16).padStart(16, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

const empty = (): EmptyMessage => new sharedPb.Empty();

/** Everything from just after `from` on, unfiltered, for ever. Undefined: from the first event. */
export const subscriptionRequest = (from: AllPosition | undefined): ReadReq => {
  const request = allRequest(from, 'forwards');
  request.getOptions()!.setSubscription(new streamsPb.ReadReq.Options.SubscriptionOptions());
  return request;
};

/** `count` events of `$all`; `from` is included. Undefined: forwards from the first, backwards from the last event. */
export const allPageRequest = (from: AllPosition | undefined, direction: 'forwards' | 'backwards', count: number): ReadReq => {
  const request = allRequest(from, direction);
  request.getOptions()!.setCount(String(count));
  return request;
};

const allRequest = (from: AllPosition | undefined, direction: 'forwards' | 'backwards'): ReadReq => {
  const { Options } = streamsPb.ReadReq;
  const all = new Options.AllOptions();
  if (from) {
    const position = new Options.Position();
    position.setCommitPosition(from.commit.toString());
    position.setPreparePosition(from.prepare.toString());
    all.setPosition(position);
  } else if (direction === 'forwards') all.setStart(empty());
  else all.setEnd(empty());
  const uuids = new Options.UUIDOption();
  uuids.setString(empty());
  const options = new Options();
  options.setAll(all);
  options.setReadDirection(direction === 'forwards' ? 0 : 1);
  options.setResolveLinks(false);
  options.setUuidOption(uuids);
  options.setNoFilter(empty());
  const request = new streamsPb.ReadReq();
  request.setOptions(options);
  return request;
};

const ticksPerMs = 10_000;

/** The event in an answer to a read or a subscription; undefined for what only says how the reading goes. */
export const storedEvent = (response: ReadResp): StoredEvent | undefined => {
  // Links are not resolved; a link is an event like any other, in a stream that is not ours.
  const event = response.getEvent()?.getEvent();
  if (!event) return undefined;
  const described = event.getMetadataMap();
  return {
    at: { commit: BigInt(event.getCommitPosition()), prepare: BigInt(event.getPreparePosition()) },
    stream: textOf(event.getStreamIdentifier()!.getStreamName_asU8()),
    revision: Number(event.getStreamRevision()),
    id: uuidText(event.getId()),
    type: described.get('type') ?? '',
    data: textOf(event.getData_asU8()),
    metadata: textOf(event.getCustomMetadata_asU8()),
    createdMs: Math.floor(Number(described.get('created') ?? 0) / ticksPerMs),
  };
};

/**
 * One append as the shared append stream takes it. Without a deadline: the server would compare it with its own clock, which may
 * be another, and keeps its own write timeout all the same (EventStoreDB, Streams.BatchAppend.cs). Ours is kept here.
 */
export const batchAppendRequest = (correlation: string, stream: string, expected: number, events: readonly EventToAppend[]): BatchAppendReq => {
  const { BatchAppendReq } = streamsPb;
  const options = new BatchAppendReq.Options();
  const identifier = new sharedPb.StreamIdentifier();
  identifier.setStreamName(new Uint8Array(Buffer.from(stream)));
  options.setStreamIdentifier(identifier);
  if (expected < 0) options.setNoStream(empty() as never);
  else options.setStreamPosition(String(expected));
  const request = new BatchAppendReq();
  request.setCorrelationId(uuidOf(correlation));
  request.setOptions(options);
  request.setIsFinal(true);
  request.setProposedMessagesList(events.map((event) => {
    const message = new BatchAppendReq.ProposedMessage();
    message.setId(uuidOf(event.id));
    message.getMetadataMap().set('type', event.type).set('content-type', 'application/json');
    message.setData(new Uint8Array(Buffer.from(event.data)));
    message.setCustomMetadata(new Uint8Array(Buffer.from(event.metadata)));
    return message;
  }));
  return request;
};

const uuidOf = (text: string) => {
  const uuid = new sharedPb.UUID();
  uuid.setString(text);
  return uuid;
};

/** What the server said to one append. None of it is the last word: what the follower sees is. */
export type AppendAnswer =
  | { readonly kind: 'written' }
  /** `revision` is where the server says the stream is, -1 if there is none. */
  | { readonly kind: 'wrong-revision'; readonly revision: number }
  | { readonly kind: 'stream-deleted' }
  | { readonly kind: 'failed'; readonly reason: string };

export const accessDenied = 'access denied';
const failures: Readonly<Record<string, string>> = {
  'event_store.client.AccessDenied': accessDenied,
  'event_store.client.Timeout': 'the server gave up waiting',
  'event_store.client.MaximumAppendSizeExceeded': 'larger than the server takes at once',
};

/** Correlation id and answer. */
export const appendAnswer = (response: BatchAppendResp): { readonly correlation: string; readonly answer: AppendAnswer } => {
  const correlation = uuidText(response.getCorrelationId());
  const error = response.getError();
  if (!error) return { correlation, answer: { kind: 'written' } };
  const details = error.getDetails();
  const name = details?.getTypeName() ?? '';
  if (name === 'event_store.client.WrongExpectedVersion') {
    const wrong = sharedPb.WrongExpectedVersion.deserializeBinary(details!.getValue_asU8());
    return { correlation, answer: { kind: 'wrong-revision', revision: wrong.hasCurrentStreamRevision() ? Number(wrong.getCurrentStreamRevision()) : -1 } };
  }
  if (name === 'event_store.client.StreamDeleted') return { correlation, answer: { kind: 'stream-deleted' } };
  return { correlation, answer: { kind: 'failed', reason: failures[name] ?? (error.getMessage() || 'an unknown error') } };
};

import type { ServerDuplexStream, ServerReadableStream, ServerUnaryCall, ServiceError, sendUnaryData } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';

import type { BatchAnswer, Refusal } from './answers.ts';
import { appendAnswer, batchAnswers, refusals } from './answers.ts';
import type { Realm } from './realm.ts';
import type { Proposed } from './recorded.ts';
import type { ServerNode } from './server-node.ts';
import type { AppendResult, Expected } from './store.ts';
import type { Outcome } from './submission.ts';
import { submit } from './submission.ts';

type AppendReq = InstanceType<typeof streams.AppendReq>;
type AppendResp = InstanceType<typeof streams.AppendResp>;
type BatchAppendReq = InstanceType<typeof streams.BatchAppendReq>;
type BatchCall = ServerDuplexStream<BatchAppendReq, BatchAnswer>;
type Identifier = InstanceType<typeof shared.StreamIdentifier>;
type Call = { readonly metadata: { get(key: string): unknown[] } };

export const headerOf = (call: Call, name: string): string | undefined => call.metadata.get(name)[0] as string | undefined;
export const requiresLeader = (call: Call): boolean => headerOf(call, 'requires-leader') === 'true';
export const nameOf = (identifier: Identifier | undefined): string => Buffer.from(identifier?.getStreamName_asU8() ?? []).toString();
/** gRPC takes an error for one by its code. */
export const asError = (refusal: Refusal): Partial<ServiceError> => refusal;

type Message = InstanceType<typeof streams.AppendReq.ProposedMessage> | InstanceType<typeof streams.BatchAppendReq.ProposedMessage>;
const proposedOf = (message: Message): Proposed => ({
  id: message.getId()?.getString() ?? '',
  type: message.getMetadataMap().get('type') ?? '',
  json: message.getMetadataMap().get('content-type') === 'application/json',
  data: message.getData_asU8(),
  metadata: message.getCustomMetadata_asU8(),
});
/** As the server counts: type in UTF-16, data, metadata. */
const sizeOf = ({ type, data, metadata }: Proposed): number => 2 * type.length + data.length + metadata.length;

type Options = { hasNoStream(): boolean; hasAny(): boolean; hasStreamExists(): boolean };
const expectedOf = (options: Options, revision: string): Expected => (options.hasAny() ? 'any' : options.hasStreamExists() ? 'stream-exists' : options.hasNoStream() ? -1 : Number(revision));

/** The plain Append: one call per append, options first, then one message per event. */
export const append = (realm: Realm, node: ServerNode) => (call: ServerReadableStream<AppendReq, AppendResp>, callback: sendUnaryData<AppendResp>): void => {
  let options: InstanceType<typeof streams.AppendReq.Options> | undefined;
  const proposed: Proposed[] = [];
  call.on('data', (request: AppendReq) => {
    options ??= request.getOptions();
    const message = request.getProposedMessage();
    if (message !== undefined) proposed.push(proposedOf(message));
  });
  call.on('error', () => undefined);
  call.on('end', () => {
    const refuse = (refusal: Refusal): void => callback(asError(refusal));
    const stream = nameOf(options?.getStreamIdentifier());
    const expected = expectedOf(options as NonNullable<typeof options>, options?.getRevision() ?? '');
    const answer = (outcome: Outcome): void =>
      node.whenThawed(() => {
        if (outcome.kind === 'timeout') refuse(refusals.timeout('commit'));
        else if (outcome.kind === 'not-ready') refuse(refusals.notReady());
        else if (outcome.kind === 'deleted') refuse(refusals.deleted(stream));
        else callback(null, appendAnswer(outcome, expected));
      });
    node.whenThawed(() => {
      const refused = realm.refuses(headerOf(call, 'authorization'), 'write', stream) ?? (requiresLeader(call) ? realm.leaderRefusal(node) : undefined);
      if (refused !== undefined) return refuse(refused);
      if (proposed.reduce((sum, one) => sum + sizeOf(one), 0) > realm.appendBytesMax) return refuse(refusals.tooLarge(realm.appendBytesMax));
      submit(realm, { stream, expected, proposed, timeoutMs: realm.writeTimeoutMs, breakConnection: () => node.breakConnection(call.getPeer()) }, answer);
    });
  });
};

type Pending = { readonly stream: string; readonly expected: Expected; readonly deadline: number; readonly proposed: Proposed[]; bytes: number };

const batchAnswerTo = (outcome: Outcome, { stream, expected }: Pending): BatchAnswer => {
  switch (outcome.kind) {
    case 'timeout':
      return batchAnswers.timeout();
    case 'not-ready':
      return batchAnswers.notReady();
    case 'deleted':
      return batchAnswers.deleted(stream);
    case 'wrong-expected-version':
      return batchAnswers.wrongExpectedVersion(expected, outcome.current);
    case 'written':
    case 'idempotent':
      return batchAnswers.success(outcome.revision, outcome.position);
  }
};

/** BatchAppend: many appends over one call, each in as many requests as it takes, told apart by their correlation id. */
export const batchAppend = (realm: Realm, node: ServerNode) => (call: BatchCall): void => {
  const pending = new Map<string, Pending>();
  const authorization = headerOf(call, 'authorization');
  let open = true;
  call.on('cancelled', () => (open = false));
  call.on('error', () => (open = false));

  const answer = (request: BatchAppendReq, stream: string, said: BatchAnswer): void =>
    node.whenThawed(() => {
      if (!open) return;
      const identifier = new shared.StreamIdentifier();
      identifier.setStreamName(Buffer.from(stream));
      call.write(said.setCorrelationId(request.getCorrelationId()).setStreamIdentifier(identifier));
    });

  const handle = (request: BatchAppendReq): void => {
    const id = request.getCorrelationId()?.getString() ?? '';
    const options = request.getOptions();
    if (options !== undefined) {
      const stream = nameOf(options.getStreamIdentifier());
      const refused = realm.refuses(authorization, 'write', stream);
      if (refused !== undefined) return answer(request, stream, batchAnswers.accessDenied());
      const deadline = options.getDeadline()?.toDate().getTime() ?? Infinity;
      if (deadline <= Date.now()) return answer(request, stream, batchAnswers.timeout());
      pending.set(id, { stream, expected: expectedOf(options, options.getStreamPosition()), deadline, proposed: [], bytes: 0 });
    }
    const one = pending.get(id);
    if (one === undefined) return;
    for (const message of request.getProposedMessagesList()) {
      const proposed = proposedOf(message);
      one.bytes += sizeOf(proposed);
      one.proposed.push(proposed);
    }
    if (one.bytes > realm.appendBytesMax) {
      pending.delete(id);
      return answer(request, one.stream, batchAnswers.tooLarge(realm.appendBytesMax));
    }
    if (!request.getIsFinal()) return;
    pending.delete(id);
    const refused = requiresLeader(call) ? realm.leaderRefusal(node) : undefined;
    // The server ends the whole call here, and with it every append that is under way on it.
    if (refused !== undefined) return void call.emit('error', asError(refused));
    const timeoutMs = Math.min(realm.writeTimeoutMs, one.deadline - Date.now());
    submit(realm, { ...one, timeoutMs, breakConnection: () => node.breakConnection(call.getPeer()) }, (outcome) => answer(request, one.stream, batchAnswerTo(outcome, one)));
  };

  call.on('data', (request: BatchAppendReq) => node.whenThawed(() => handle(request)));
  call.on('end', () => node.whenThawed(() => call.end()));
  if (realm.users !== undefined && realm.refuses(authorization, 'write', '')?.code === refusals.unauthenticated().code) call.emit('error', asError(refusals.unauthenticated()));
};

type DeleteOptions = Options & { getStreamIdentifier(): Identifier | undefined; getRevision(): string };
type DeleteRequest = { getOptions(): DeleteOptions | undefined };

/** Delete and Tombstone: the same call but for what it does and the shape of its answer. */
export const removal =
  <Answer>(realm: Realm, node: ServerNode, remove: (stream: string, expected: Expected) => AppendResult, answer: (position: number) => Answer) =>
  (call: ServerUnaryCall<DeleteRequest, Answer>, callback: sendUnaryData<Answer>): void =>
    node.whenThawed(() => {
      const options = call.request.getOptions() as DeleteOptions;
      const stream = nameOf(options.getStreamIdentifier());
      const expected = expectedOf(options, options.getRevision());
      const refused = realm.refuses(headerOf(call, 'authorization'), 'delete', stream) ?? (requiresLeader(call) ? realm.leaderRefusal(node) : undefined);
      if (refused !== undefined) return callback(asError(refused));
      if (realm.leader === undefined) return callback(asError(refusals.notReady()));
      const result = remove(stream, expected);
      if (result.kind === 'deleted') return callback(asError(refusals.deleted(stream)));
      if (result.kind === 'wrong-expected-version') return callback(asError(refusals.wrongExpectedVersion(stream, expected, result.current)));
      callback(null, answer(result.position ?? 0));
    });

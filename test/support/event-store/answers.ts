import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import { Metadata, status } from '@grpc/grpc-js';
import type { StatusObject } from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import rpc from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';

import type { AppendResult, Expected } from './store.ts';

/** What the server says besides events, in both of its forms: an error of the call, or a status inside an answer. Names and codes from the server's `RpcExceptions`. */

export type Refusal = Partial<StatusObject> & { readonly code: number };

const refusal = (code: number, details: string, said: Record<string, string> = {}): Refusal => {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(said)) metadata.set(key, value);
  return { code, details, metadata };
};

export const refusals = {
  accessDenied: () => refusal(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' }),
  unauthenticated: () => refusal(status.UNAUTHENTICATED, 'Unauthenticated'),
  notReady: () => refusal(status.UNAVAILABLE, 'Server Is Not Ready'),
  noLeader: () => refusal(status.UNKNOWN, 'No leader info available in response'),
  notLeader: (host: string, port: number) =>
    refusal(status.NOT_FOUND, 'Leader info available', { exception: 'not-leader', 'leader-endpoint-host': host, 'leader-endpoint-port': String(port) }),
  timeout: (what: string) => refusal(status.ABORTED, `Operation timed out: ${what}`),
  tooSlow: () => refusal(status.ABORTED, 'Operation timed out: Consumer too slow to handle event while live. Client resubscription required.'),
  dropped: () => refusal(status.UNAVAILABLE, 'Server is shutting down'),
  broken: () => refusal(status.INTERNAL, 'Capabilities could not be told'),
  deleted: (stream: string) => refusal(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, { exception: 'stream-deleted', 'stream-name': stream }),
  tooLarge: (bytesMax: number) =>
    refusal(status.INVALID_ARGUMENT, `Maximum Append Size of ${bytesMax} Exceeded.`, { exception: 'maximum-append-size-exceeded', 'maximum-append-size': String(bytesMax) }),
  wrongExpectedVersion: (stream: string, expected: Expected, current: number) =>
    refusal(status.FAILED_PRECONDITION, `Delete failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${current}`, {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': String(typeof expected === 'number' ? expected : -2),
      'actual-version': String(current),
    }),
};

/** The answer of a plain Append; what is no answer there is thrown as an error of the call. */
export const appendAnswer = (result: Exclude<AppendResult, { kind: 'deleted' }>, expected: Expected): InstanceType<typeof streams.AppendResp> => {
  const answer = new streams.AppendResp();
  if (result.kind === 'wrong-expected-version') {
    const wrong = new streams.AppendResp.WrongExpectedVersion();
    if (result.current < 0) wrong.setCurrentNoStream(new shared.Empty());
    else wrong.setCurrentRevision(String(result.current));
    if (expected === 'any') wrong.setExpectedAny(new shared.Empty());
    else if (expected === 'stream-exists') wrong.setExpectedStreamExists(new shared.Empty());
    else if (expected < 0) wrong.setExpectedNoStream(new shared.Empty());
    else wrong.setExpectedRevision(String(expected));
    return answer.setWrongExpectedVersion(wrong);
  }
  const success = new streams.AppendResp.Success();
  if (result.revision < 0) success.setNoStream(new shared.Empty());
  else success.setCurrentRevision(String(result.revision));
  if (result.position === undefined) success.setNoPosition(new shared.Empty());
  else {
    const position = new streams.AppendResp.Position();
    position.setCommitPosition(String(result.position));
    position.setPreparePosition(String(result.position));
    success.setPosition(position);
  }
  return answer.setSuccess(success);
};

export type BatchAnswer = InstanceType<typeof streams.BatchAppendResp>;

const failed = (typeName: string, details: Uint8Array, code = 2, message = ''): BatchAnswer => {
  const packed = new any.Any();
  packed.pack(details, typeName);
  const said = new rpc.Status();
  said.setCode(code);
  said.setMessage(message);
  said.setDetails(packed);
  return new streams.BatchAppendResp().setError(said);
};
const client = (name: string): string => `event_store.client.${name}`;

/** What a batch append answers; correlation id and stream are the caller's to set. */
export const batchAnswers = {
  timeout: () => failed(client('Timeout'), new shared.Timeout().serializeBinary(), 4, 'Timeout'),
  accessDenied: () => failed(client('AccessDenied'), new shared.AccessDenied().serializeBinary(), 7, 'Access Denied'),
  notReady: () => failed('google.protobuf.Empty', new empty.Empty().serializeBinary(), 2, 'Server Is Not Ready'),
  deleted: (stream: string) => {
    const identifier = new shared.StreamIdentifier();
    identifier.setStreamName(Buffer.from(stream));
    return failed(client('StreamDeleted'), new shared.StreamDeleted().setStreamIdentifier(identifier).serializeBinary(), 9, 'Stream deleted');
  },
  tooLarge: (bytesMax: number) => failed(client('MaximumAppendSizeExceeded'), new shared.MaximumAppendSizeExceeded().setMaxappendsize(bytesMax).serializeBinary(), 3, 'Maximum append size exceeded'),
  wrongExpectedVersion: (expected: Expected, current: number) => {
    const wrong = new shared.WrongExpectedVersion();
    if (current < 0) wrong.setCurrentNoStream(new empty.Empty());
    else wrong.setCurrentStreamRevision(String(current));
    if (expected === 'any') wrong.setExpectedAny(new empty.Empty());
    else if (expected === 'stream-exists') wrong.setExpectedStreamExists(new empty.Empty());
    else if (expected < 0) wrong.setExpectedNoStream(new empty.Empty());
    else wrong.setExpectedStreamPosition(String(expected));
    return failed(client('WrongExpectedVersion'), wrong.serializeBinary(), 9, 'WrongExpectedVersion');
  },
  success: (revision: number, position: number | undefined) => {
    const success = new streams.BatchAppendResp.Success();
    if (revision < 0) success.setNoStream(new empty.Empty());
    else success.setCurrentRevision(String(revision));
    if (position === undefined) success.setNoPosition(new empty.Empty());
    else {
      const at = new shared.AllStreamPosition();
      at.setCommitPosition(String(position));
      at.setPreparePosition(String(position));
      success.setPosition(at);
    }
    return new streams.BatchAppendResp().setSuccess(success);
  },
};

import { EventStoreDBClient } from '@eventstore/db-client';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { BatchAppendReq, BatchAppendResp, ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { ChannelInterface, ClientDuplexStream, ClientReadableStream } from '@grpc/grpc-js';

import { assertSpeakable, certificatesOf, type Credentials, type ServerAddress } from './server-address.ts';

export type Reading = ClientReadableStream<ReadResp>;
export type AppendCall = ClientDuplexStream<BatchAppendReq, BatchAppendResp>;
/** The call, and the channel it runs on, which may not be connected yet. */
export type OpenAppends = { readonly call: AppendCall; readonly channel: ChannelInterface };

const connectionName = 'hansard';
const fromLeader = { requiresLeader: true } as const;
const forEver = { deadline: Infinity } as const;

/**
 * One connection: the client finds the leader, speaks TLS, signs in and connects again; the calls are made on its channel
 * with the service definitions it ships. That leaves out what its own calls get wrong: no append waits in a table shared by
 * all clients of the process, none is serialised where an error settles nothing, no look-up of the server's abilities is
 * remembered when it failed, and what is read arrives as bytes.
 *
 * Who opens a call listens to `error`, and cancels what is not read to its end.
 */
export class Connection extends EventStoreDBClient {
  readonly #address: ServerAddress;

  constructor(address: ServerAddress, credentials: Credentials | undefined) {
    const [host] = address.hosts;
    // A name of the whole cluster and several hosts are asked for the leader; a single host is taken as it is.
    const where = address.discover ? { discover: host! } : address.hosts.length > 1 ? { endpoints: [...address.hosts] } : { endpoint: host! };
    super({ ...where, nodePreference: 'leader', connectionName, maxDiscoverAttempts: 3 } as never, { insecure: !address.tls, ...certificatesOf(address) }, credentials);
    this.#address = address;
  }

  /** The members of a cluster name each other; what they name is held to the same rule as what was configured. */
  readonly #resolve = this.resolveUri;
  protected override resolveUri = async (): Promise<string> => {
    const uri = await this.#resolve();
    assertSpeakable(this.#address, uri);
    return uri;
  };

  /** The client takes a call that was cancelled here for a broken connection, and would leave its channel for a new one. */
  readonly #connectAnew = this.handleError;
  protected override handleError = async (...[client, error]: Parameters<EventStoreDBClient['handleError']>): Promise<void> => {
    if (!isOwnCancellation(error)) await this.#connectAnew(client, error);
  };

  async openAppends(): Promise<OpenAppends> {
    let channel: ChannelInterface | undefined;
    const call = await this.GRPCStreamCreator(StreamsClient, 'batchAppend', (client) => {
      channel = client.getChannel();
      return client.batchAppend(...this.callArguments(fromLeader, forEver));
    })();
    return { call, channel: channel! };
  }

  read(request: ReadReq): Promise<Reading> {
    return this.GRPCStreamCreator(StreamsClient, 'read', (client) => client.read(request, ...this.callArguments(fromLeader, forEver)))();
  }

  /** Ends every call and the channel itself, which the client's own `dispose` leaves open. */
  async close(): Promise<void> {
    const channel = await this.getChannel().catch(() => undefined);
    void this.dispose();
    channel?.close();
  }
}

/** grpc-js says so of a call whose `cancel` was called on this side. */
const isOwnCancellation = (error: Error): boolean => (error as { details?: string }).details === 'Cancelled on client';

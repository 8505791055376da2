// A stand-in for an EventStoreDB server or cluster, over real gRPC, for tests alone; it proves nothing about a real server's durability, speed, elections, replication, authentication or scavenging.
// It imitates what was measured of servers 23.10 and 24.6 and what their source says, as far as our client uses it: no persistent subscriptions, no projections, no links, ids as text.
import gossipGrpc from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import featuresGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';

import type { User } from './access.ts';
import { append, batchAppend, removal } from './append-calls.ts';
import { gossipRead, supportedMethods } from './cluster-calls.ts';
import { EventStoreStandIn } from './event-store-stand-in.ts';
import { Faults } from './faults.ts';
import { read } from './read-calls.ts';
import { Realm } from './realm.ts';
import type { Certificate, Services } from './server-node.ts';
import { ServerNode } from './server-node.ts';
import { Store } from './store.ts';

export type EventStoreOptions = {
  /** Ports of one cluster over one store; the first leads. */
  readonly nodes?: 1 | 3;
  /** With users the server asks for name and password; without, it is an insecure one. The client sends them over TLS alone. */
  readonly users?: readonly User[];
  readonly tls?: Certificate & { /** Where a client finds whom to trust. */ readonly authorityFile: string };
  /** An old server has no BatchAppend. */
  readonly batchAppend?: boolean;
  readonly appendBytesMax?: number;
  /** How long the server waits for its own commit before it says "timeout". */
  readonly writeTimeoutMs?: number;
  /** How much later than the leader a follower shows an event. */
  readonly followerLagMs?: number;
  /** How long a cluster is without a leader after it lost one. */
  readonly electionMs?: number;
  /** Every n-th append is followed by an event of the server's own (`$stats-...`); 0: none but those of the start. */
  readonly systemEventEvery?: number;
};

const servicesOf = (realm: Realm, withBatchAppend: boolean): Services => (node) => {
  const definition = streamsGrpc.StreamsService;
  const { store } = realm;
  const deleted = (position: number) => new streams.DeleteResp().setPosition(new streams.DeleteResp.Position().setCommitPosition(String(position)).setPreparePosition(String(position)));
  const tombstoned = (position: number) => new streams.TombstoneResp().setPosition(new streams.TombstoneResp.Position().setCommitPosition(String(position)).setPreparePosition(String(position)));
  return [
    [
      // Events are serialised once, when they are stored.
      { ...definition, read: { ...definition.read, responseSerialize: (answer: unknown) => answer as Buffer } },
      {
        read: read(realm, node),
        append: append(realm, node),
        batchAppend: batchAppend(realm, node),
        delete: removal(realm, node, (stream, expected) => store.delete(stream, expected), deleted),
        tombstone: removal(realm, node, (stream, expected) => store.tombstone(stream, expected), tombstoned),
      },
    ],
    [featuresGrpc.ServerFeaturesService, { getSupportedMethods: supportedMethods(realm, node, withBatchAppend) }],
    [gossipGrpc.GossipService, { read: gossipRead(realm, node) }],
  ];
};

/** Starts a server that keeps its log in memory, through kills and restarts, until `close`. */
export const startEventStore = async (options: EventStoreOptions = {}): Promise<EventStoreStandIn> => {
  const store = new Store(options.systemEventEvery ?? 0);
  const { users, appendBytesMax = 1024 * 1024, writeTimeoutMs = 2_000, followerLagMs = 0 } = options;
  const realm = new Realm({ store, faults: new Faults(), users, appendBytesMax, writeTimeoutMs, followerLagMs });
  const services = servicesOf(realm, options.batchAppend ?? true);
  realm.nodes = Array.from({ length: options.nodes ?? 1 }, () => new ServerNode(realm, services, options.tls));
  realm.leader = realm.nodes[0];
  for (const node of realm.nodes) await node.open();
  return new EventStoreStandIn(realm, options.electionMs ?? 300, options.tls?.authorityFile);
};

import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';

import { refusals } from './answers.ts';
import { asError } from './append-calls.ts';
import type { Realm } from './realm.ts';
import type { ServerNode } from './server-node.ts';

type SupportedMethods = InstanceType<typeof features.SupportedMethods>;
type ClusterInfo = InstanceType<typeof gossip.ClusterInfo>;
type Call<Answer> = ServerUnaryCall<InstanceType<typeof shared.Empty>, Answer>;

const service = 'event_store.client.streams.streams';
/** In lower case, as the server tells them. */
const methods = ['read', 'append', 'batchappend', 'delete', 'tombstone'];
const version = '23.10.8';

/** ServerFeatures.GetSupportedMethods. Without `batchappend` the client falls back to the plain Append. */
export const supportedMethods =
  (realm: Realm, node: ServerNode, withBatchAppend: boolean) =>
  (_: Call<SupportedMethods>, callback: sendUnaryData<SupportedMethods>): void =>
    node.whenThawed(() => {
      if (realm.faults.strikes('capabilities-failed')) return callback(asError(refusals.broken()));
      const told = new features.SupportedMethods().setEventStoreServerVersion(version);
      for (const method of methods.filter((name) => withBatchAppend || name !== 'batchappend')) {
        told.addMethods(new features.SupportedMethod().setServiceName(service).setMethodName(method));
      }
      callback(null, told);
    });

const states = gossip.MemberInfo.VNodeState;

/** Gossip.Read: who is there and who leads. A node without a leader is in no state that a client would choose. */
export const gossipRead =
  (realm: Realm, node: ServerNode) =>
  (_: Call<ClusterInfo>, callback: sendUnaryData<ClusterInfo>): void =>
    node.whenThawed(() => {
      const info = new gossip.ClusterInfo();
      realm.nodes.forEach(({ host, port, alive }, i) => {
        const id = new shared.UUID();
        id.setString(`00000000-0000-4000-8000-00000000000${i}`);
        const state = realm.leader === undefined ? states.UNKNOWN : realm.leader.port === port ? states.LEADER : states.FOLLOWER;
        const member = new gossip.MemberInfo().setInstanceId(id).setTimeStamp(String(Date.now())).setIsAlive(alive).setState(state);
        info.addMembers(member.setHttpEndPoint(new gossip.EndPoint().setAddress(host).setPort(port)));
      });
      callback(null, info);
    });

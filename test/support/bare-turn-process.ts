import { NodeTurn } from '#appliance/turn/node-turn-parts.ts';

/** node-turn 0.0.6 as it comes, in a process of its own, so that its faults can be shown without harm. Prints its nonces' number when asked. */
const server = new NodeTurn({ listeningIps: ['127.0.0.1'], listeningPort: Number(process.argv[2]), authMech: 'long-term', realm: 'hansard', credentials: { alice: 'password' }, debugLevel: 'OFF', log: () => undefined } as never) as unknown as { start(): void; network: { sockets: { once(event: string, heard: () => void): void }[] }; authentification: { nonces: object } };
server.start();
server.network.sockets[0]!.once('listening', () => process.send!({ listening: true }));
process.on('message', () => process.send!({ nonces: Object.keys(server.authentification.nonces).length }));

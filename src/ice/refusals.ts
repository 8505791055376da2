import { refuse } from '../kernel/refusal.ts';
import { iceServersPerScopeMax } from './ice-servers.ts';

export const notAnIceUrl = refuse('not-an-ice-url', 'This is no address of an ICE server: stun:HOST, turn:HOST:3478?transport=udp or turns:HOST:5349 is expected. Nothing was changed.');
export const credentialMissing = refuse('credential-missing', 'A TURN server wants a username and a credential, or a shared secret. Nothing was changed.');
export const credentialUnwanted = refuse('credential-unwanted', 'A STUN server asks nobody for a credential. Nothing was changed.');
export const iceServerExists = refuse('ice-server-exists', 'This server is in this scope already. Remove it first to give it another credential. Nothing was changed.');
export const tooManyIceServers = refuse('too-many-ice-servers', `A scope has at most ${iceServersPerScopeMax} ICE servers: browsers get slower with each. Nothing was changed.`, iceServersPerScopeMax);
export const noSuchIceServer = refuse('no-such-ice-server', 'There is no such server in this scope. "hansard ice get" shows which there are. Nothing was changed.');

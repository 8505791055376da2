import { describe, expect, it } from 'vitest';
import { addIceServer, type AddIceServer } from '#src/ice/add-ice-server.ts';
import { iceServerFor, iceServersOf } from '#src/ice/ice-servers.ts';
import { iceUrl } from '#src/ice/ice-url.ts';
import { removeIceServer } from '#src/ice/remove-ice-server.ts';
import { turnHolder, turnPassword } from '#src/ice/turn-credential.ts';
import { classScope } from '#src/settings/scopes.ts';
import { settingsFold } from '#src/settings/settings.ts';
import { recorded, specOf, type Happened } from '../given-when-then.ts';
import { adam, alice, bob, by, byOperator, noon, olive } from '../people.ts';

const everybody = { id: null, kind: 'global' } as const;
const url = 'turn:turn.example.org:3478?transport=udp';
const server = (change: Partial<AddIceServer> = {}): AddIceServer => ({ url, scope: everybody, authorisation: 'credential', username: 'hansard', secret: 'a password', ...change });
const added = ({ secret, ...rest }: AddIceServer, author = adam): Happened => ({ stream: 'settings', type: 'IceServerAdded', data: { at: noon, by: author, ...rest }, content: secret === null ? {} : { credential: { secret } } });
const removed = (scope: AddIceServer['scope'] = everybody): Happened => ({ stream: 'settings', type: 'IceServerRemoved', data: { at: noon, by: adam, scope, url } });

describe('adding an ICE server', () => {
  const { given } = specOf(addIceServer);
  it('records it, the password among what is sealed', () => given().when(server(), by(adam)).then(added(server())));
  it('records a shared secret, which has no username', () => given().when(server({ authorisation: 'shared-secret', username: null }), by(adam)).then(added(server({ authorisation: 'shared-secret', username: null }))));
  it('records a STUN server without anything secret', () => given().when(server({ url: 'stun:stun.example.org', authorisation: 'none', username: null, secret: null }), byOperator).then(added(server({ url: 'stun:stun.example.org', authorisation: 'none', username: null, secret: null }), 'operator')));
  it('records the same server for everybody and for one account', () => given(added(server())).when(server({ scope: { id: alice, kind: 'account' } }), by(adam)).then(added(server({ scope: { id: alice, kind: 'account' } }))));
  it.each(['http://turn.example.org', 'turn:', 'turn:a b', 'turn:host:0', 'turn:host:65536', 'turns:host?transport=udp', 'stun:host?transport=udp', 'turn:host?transport=sctp'])('refuses %s', (unfit) => given().when(server({ url: unfit }), by(adam)).thenRefused('not-an-ice-url'));
  it('refuses a TURN server without a secret, and one with a password without a name', () => {
    given().when(server({ authorisation: 'none', username: null, secret: null }), by(adam)).thenRefused('credential-missing');
    given().when(server({ username: null }), by(adam)).thenRefused('credential-missing');
  });
  it('refuses a credential for STUN', () => given().when(server({ url: 'stun:stun.example.org' }), by(adam)).thenRefused('credential-unwanted'));
  it('records nothing for what is so already, and refuses another credential', () => {
    given(added(server())).when(server(), by(adam)).thenRefused('nothing-to-record');
    given(added(server())).when(server({ secret: 'another' }), by(adam)).thenRefused('ice-server-exists');
  });
  it('refuses the eleventh of a scope', () => given(...Array.from({ length: 10 }, (_, n) => added(server({ url: `turn:turn${n}.example.org` })))).when(server(), by(adam)).thenRefused('too-many-ice-servers', 10));
  it('refuses an employee and an officer', () => {
    given().when(server(), by(alice)).thenRefused('not-allowed');
    given().when(server(), by(olive)).thenRefused('not-allowed');
  });
  it('knows another secret for another intent', () => expect(addIceServer.isSameIntent(server({ secret: 'another' }), recorded([added(server())]))).toBe(false));
});

describe('removing an ICE server', () => {
  const { given } = specOf(removeIceServer);
  it('records that it is gone', () => given(added(server())).when({ url, scope: everybody }, by(adam)).then(removed()));
  it('refuses what is in another scope', () => given(added(server())).when({ url, scope: { id: alice, kind: 'account' } }, by(adam)).thenRefused('no-such-ice-server'));
  it('refuses what was removed', () => given(added(server()), removed()).when({ url, scope: everybody }, by(adam)).thenRefused('no-such-ice-server'));
  it('refuses an officer', () => given(added(server())).when({ url, scope: everybody }, by(olive)).thenRefused('not-allowed'));
});

describe('the ICE servers of a person', () => {
  const standing = (...happened: Happened[]) => recorded(happened).reduce((state, event) => settingsFold.evolve(state, event), settingsFold.initial()).iceServers;
  it('are their own where they have any, else those of their class, however it is written, else everybody\'s', () => {
    const servers = standing(added(server()), added(server({ url: 'turn:for-alice.example.org', scope: { id: alice, kind: 'account' } })), added(server({ url: 'turn:for-advanced.example.org', scope: classScope('Advanced') })));
    const of = (account: string, classOfService: string | null) => iceServersOf(servers, account, classOfService).map((one) => one.url);
    expect([of(alice, 'Advanced'), of(bob, 'Advanced'), of(bob, '\uff21DVANCED'), of(bob, 'Basic'), of(bob, null)]).toEqual([['turn:for-alice.example.org'], ['turn:for-advanced.example.org'], ['turn:for-advanced.example.org'], [url], [url]]);
  });
  it('are everybody\'s again when the last one of the class is removed', () => {
    const servers = standing(added(server()), added(server({ scope: classScope('Advanced'), username: 'other' })), removed(classScope('advanced')));
    expect(iceServersOf(servers, bob, 'Advanced')).toMatchObject([{ username: 'hansard' }]);
  });
  it('come with a password that counts twelve hours where the secret is shared', () => {
    const [one] = iceServersOf(standing(added(server({ authorisation: 'shared-secret', username: null, secret: 'shared' }))), bob, null);
    const made = iceServerFor(one!, bob, noon);
    expect(turnHolder(made!.username!)).toEqual({ account: bob, session: null, expiresAt: Math.ceil(noon / 1_000) + 12 * 3_600 });
    expect(made).toEqual({ urls: url, username: made!.username, credential: turnPassword('shared', made!.username!) });
  });
  it('are left out where the secret can no longer be opened', () => {
    const [one] = iceServersOf(standing({ ...added(server()), content: {} }), bob, null);
    expect(iceServerFor(one!, bob, noon)).toBeUndefined();
  });
});

describe('a username of TURN REST', () => {
  it.each(['constructor', '__proto__', 'toString', '', ':alice', '0:alice', '17:', '17:a:b:c', '17:al ice', '-1:alice', '1e9:alice', `17:${'a'.repeat(65)}`, '17:alice\n'])('is not %j', (name) => expect(turnHolder(name)).toBeUndefined());
  it('has the password that OpenSSL makes of it', () => expect(turnPassword('north', '1433895918:mbzrxpgjys')).toBe('d2Q1V6JRLjCTMOhoc8cTgEoi7u0='));
});

describe('an ICE URL', () => {
  it('has the ports and transports that are not written', () => {
    expect(iceUrl('turn:turn.example.org')).toEqual({ scheme: 'turn', host: 'turn.example.org', port: 3_478, transport: 'udp' });
    expect(iceUrl('turns:[2001:db8::1]')).toEqual({ scheme: 'turns', host: '2001:db8::1', port: 5_349, transport: 'tls' });
    expect(iceUrl('turn:10.0.0.1:443?transport=tcp')).toEqual({ scheme: 'turn', host: '10.0.0.1', port: 443, transport: 'tcp' });
  });
});

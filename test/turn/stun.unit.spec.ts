import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOfAddress, canonicalAddress, isSpecialPurpose, textOfAddress } from '#appliance/turn/addresses.ts';
import { Nonces } from '#appliance/turn/nonces.ts';
import { Peers } from '#appliance/turn/peers.ts';
import { attributes, hasIntegrity, longTermKey, readStun, readXorAddress, textOf, writeStun, xorAddress } from '#appliance/turn/stun.ts';

/** RFC 5769, 2.4: a request with long-term authentication. */
const sample = Buffer.from('000100602112a44278ad3433c6ad72c029da412e00060012e3839ee38388e383aae38383e382afe382b900000015001c662f2f3439396b39353464364f4c33346f4c39465354767936347341' + '0014000b6578616d706c652e6f72670000080014f67024656dd64a3e02b8e0712e85c9a28ca89666', 'hex');

describe('a STUN message', () => {
  it('is read and proved as in RFC 5769', () => {
    const message = readStun(sample)!;
    expect([textOf(message, attributes.username), textOf(message, attributes.realm), message.method, message.class]).toEqual(['マトリックス', 'example.org', 1, 0]);
    expect(hasIntegrity(message, longTermKey('マトリックス', 'example.org', 'TheMatrIX'))).toBe(true);
    expect(hasIntegrity(message, longTermKey('マトリックス', 'example.org', 'TheMatrix'))).toBe(false);
  });
  it('is written as in RFC 5769', () => {
    const { transaction, attributes: list } = readStun(sample)!;
    expect(writeStun({ method: 1, class: 0, transaction, attributes: list, key: longTermKey('マトリックス', 'example.org', 'TheMatrIX') }).toString('hex')).toBe(sample.toString('hex'));
  });
  it('that is whole comes back as it was written', () =>
    fc.assert(fc.property(fc.integer({ min: 0, max: 0xfff }), fc.integer({ min: 0, max: 3 }), fc.uint8Array({ minLength: 12, maxLength: 12 }), fc.array(fc.tuple(fc.constantFrom(6, 9, 0x13, 0x8022, 0xc0de), fc.uint8Array({ maxLength: 40 })), { maxLength: 8 }), fc.boolean(), fc.boolean(), (method, ofClass, transaction, list, proves, fingerprint) => {
      const key = Buffer.from('a key');
      const wanted = list.map(([type, value]) => ({ type, value: Buffer.from(value) }));
      const read = readStun(writeStun({ method, class: ofClass, transaction: Buffer.from(transaction), attributes: wanted, ...(proves && { key }), fingerprint }))!;
      expect(read).toMatchObject({ method, class: ofClass, hasFingerprint: fingerprint });
      expect(read.attributes).toEqual(wanted);
      expect(hasIntegrity(read, key)).toBe(proves);
    })));
  it('is refused or read, and nothing is thrown, whatever the bytes', () =>
    fc.assert(fc.property(fc.uint8Array({ maxLength: 120 }), fc.array(fc.tuple(fc.nat(sample.length - 1), fc.nat(255)), { maxLength: 4 }), fc.nat(sample.length), (noise, changes, cut) => {
      const changed = Buffer.from(sample);
      for (const [at, value] of changes) changed[at] = value;
      for (const bytes of [Buffer.from(noise), changed, sample.subarray(0, cut), Buffer.concat([sample, noise])]) {
        const message = readStun(bytes);
        for (const one of message?.attributes ?? []) readXorAddress(one.value, message!.transaction);
      }
    }), { numRuns: 2_000 }));
  it('is not believed with one bit of it changed', () => {
    const key = longTermKey('マトリックス', 'example.org', 'TheMatrIX');
    for (let bit = 0; bit < sample.length * 8; bit += 1) {
      const changed = Buffer.from(sample);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      const message = readStun(changed);
      // Padding behind a value is covered too.
      expect(message !== undefined && hasIntegrity(message, key), `bit ${bit}`).toBe(false);
    }
  });
  it('holds an address of either family', () => {
    const transaction = Buffer.from('78ad3433c6ad72c029da412e', 'hex');
    for (const address of ['192.0.2.1', '2001:db8:1234:5678:11:2233:4455:6677']) expect(readXorAddress(xorAddress({ address, port: 32_853 }, transaction), transaction)).toEqual({ address, port: 32_853 });
    expect(xorAddress({ address: '192.0.2.1', port: 32_853 }, transaction).toString('hex')).toBe('0001a147e112a643');
    for (const bad of ['', '00', '0001a147e112a6', '0003a147e112a643', '0001a147e112a64300']) expect(readXorAddress(Buffer.from(bad, 'hex'), transaction)).toBeUndefined();
  });
});

describe('an address', () => {
  it.each([['::1', '0:0:0:0:0:0:0:1'], ['2001:db8::1', '2001:db8:0:0:0:0:0:1'], ['::ffff:127.0.0.1', '0:0:0:0:0:ffff:7f00:1'], ['::', '0:0:0:0:0:0:0:0'], ['1::', '1:0:0:0:0:0:0:0'], ['127.0.0.1', '127.0.0.1'], ['fe80::1%eth0', 'fe80::1%eth0']])('%s is written %s', (address, canonical) => expect(canonicalAddress(address)).toBe(canonical));
  it('of sixteen bytes is read back from its text', () => fc.assert(fc.property(fc.ipV6(), (address) => textOfAddress(bytesOfAddress(canonicalAddress(address))!) === canonicalAddress(address) && isSpecialPurpose(address) === isSpecialPurpose(canonicalAddress(address)))));
  it.each([
    '0.0.0.0', '0.1.2.3', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.255.255.255', '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.9', '192.0.2.1', '192.168.1.1', '198.18.0.1', '198.51.100.7', '203.0.113.9', '224.0.0.1', '255.255.255.255',
    '::', '::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::1', '100::1', '2001::1', '2001:db8::1', '2002:7f00:1::', '3fff::1', 'fc00::1', 'fd12::1', 'fe80::1', 'fec0::1', 'ff02::1', '5f00::1', 'not an address', 'fe80::1%eth0',
  ])('%s is special', (address) => expect(isSpecialPurpose(address)).toBe(true));
  it.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '192.0.1.1', '2606:4700::1111', '2a00:1450::1', '2001:4860::8888'])('%s is not', (address) => expect(isSpecialPurpose(address)).toBe(false));
});

describe('who may be a peer', () => {
  const places = [{ bind: '10.0.0.5', announced: '198.51.100.5' }];
  const relayPorts = { from: 50_000, to: 50_010 };
  const way = (peers: { readonly relays: readonly string[]; readonly any: boolean }, address: string, port: number) => new Peers({ places, relayPorts, peers }).reachOf({ address, port });
  it('is nobody but the relay itself, unless it is set', () => {
    const peers = { relays: [], any: false };
    expect(['198.51.100.5', '10.0.0.5', '8.8.8.8', '127.0.0.1'].map((address) => way(peers, address, 50_000))).toEqual(['own', 'no', 'no', 'no']);
  });
  it('is another relay, on its relay ports', () => {
    const peers = { relays: ['10.0.0.6'], any: false };
    expect([49_999, 50_000, 50_010, 50_011].map((port) => way(peers, '10.0.0.6', port))).toEqual(['no', 'outside', 'outside', 'no']);
  });
  it('is anybody in public, on no privileged port', () => {
    const peers = { relays: [], any: true };
    expect([way(peers, '8.8.8.8', 53), way(peers, '8.8.8.8', 3_478), way(peers, '192.168.0.1', 3_478), way(peers, '0:0:0:0:0:ffff:808:808', 3_478)]).toEqual(['no', 'outside', 'no', 'no']);
  });
});

describe('a nonce', () => {
  const nonces = new Nonces(60);
  const made = nonces.make('192.0.2.1:1', 1_000_000);
  it('counts for whom it was made, for its time', () => expect([nonces.isFresh(made, '192.0.2.1:1', 1_000_000), nonces.isFresh(made, '192.0.2.1:1', 1_060_999)]).toEqual([true, true]));
  it('counts for nobody else, and not later or earlier', () => expect([nonces.isFresh(made, '192.0.2.1:2', 1_000_000), nonces.isFresh(made, '192.0.2.1:1', 1_061_000), nonces.isFresh(made, '192.0.2.1:1', 998_000), new Nonces(60).isFresh(made, '192.0.2.1:1', 1_000_000)]).toEqual([false, false, false, false]));
  it('that was made up counts for nobody', () => expect(['', 'constructor', '__proto__', 'A'.repeat(22), made.slice(1)].map((one) => nonces.isFresh(one, '192.0.2.1:1', 1_000_000))).not.toContain(true));
});

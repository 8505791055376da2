import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { isNetwork, isOpen, mayAsk } from '#appliance/links/addresses.ts';

const nothingMore = { networks: [], ports: [] };

describe('an address', () => {
  it.each(['1.1.1.1', '93.184.215.14', '172.15.255.255', '172.32.0.0', '223.255.255.254', '2606:4700::1111', '2a00:1450:4001:80e::200e', '::ffff:1.1.1.1', '64:ff9b::101:101'])('of the open network may be asked: %s', (address) => expect(isOpen(address)).toBe(true));
  it.each([
    ['this network', '0.0.0.0'], ['this network', '0.1.2.3'], ['private', '10.1.2.3'], ['shared, behind a carrier', '100.64.0.1'], ['loopback', '127.0.0.1'], ['loopback', '127.255.255.254'], ['link-local, where clouds answer', '169.254.169.254'],
    ['private', '172.16.0.1'], ['private', '172.31.255.255'], ['protocol assignments', '192.0.0.8'], ['documentation', '192.0.2.1'], ['AS112', '192.31.196.1'], ['tunnels', '192.52.193.1'], ['6to4 relays', '192.88.99.1'], ['private', '192.168.1.1'],
    ['AS112', '192.175.48.1'], ['benchmarks', '198.18.0.1'], ['benchmarks', '198.19.255.255'], ['documentation', '198.51.100.1'], ['documentation', '203.0.113.9'], ['multicast', '224.0.0.1'], ['multicast', '239.255.255.255'], ['reserved', '240.0.0.1'], ['broadcast', '255.255.255.255'],
    ['what a cloud tells its machines', '168.63.129.16'],
    ['unspecified', '::'], ['loopback', '::1'], ['mapped loopback', '::ffff:127.0.0.1'], ['mapped private', '::ffff:a00:1'], ['mapped link-local', '::FFFF:169.254.169.254'], ['IPv4-compatible', '::127.0.0.1'], ['IPv4-compatible', '::7f00:1'], ['translated', '::ffff:0:127.0.0.1'],
    ['NAT64 of loopback', '64:ff9b::7f00:1'], ['NAT64 of a private one', '64:ff9b::10.0.0.1'], ['NAT64 of one network', '64:ff9b:1::1'], ['6to4 of loopback', '2002:7f00:1::1'], ['6to4 of anybody', '2002:101:101::1'], ['Teredo', '2001:0:53aa:64c::1'],
    ['ORCHID', '2001:20::1'], ['benchmarks', '2001:2::1'], ['documentation', '2001:db8::1'], ['documentation', '3fff::1'], ['segment routing', '5f00::1'], ['discard', '100::1'], ['unique local', 'fc00::1'], ['unique local, where clouds answer', 'fd00:ec2::254'],
    ['link-local', 'fe80::1'], ['link-local with a zone', 'fe80::1%eth0'], ['site-local of old', 'fec0::1'], ['multicast', 'ff02::1'], ['not given out', '4000::1'], ['not given out', 'e000::1'],
    ['no address', ''], ['a name', 'localhost'], ['a number', '2130706433'], ['octal', '0177.0.0.1'], ['short', '127.1'],
  ])('that is %s may not: %s', (_what, address) => {
    expect(isOpen(address)).toBe(false);
    expect(mayAsk(address, nothingMore)).toBe(false);
  });
  it('of this machine may not, however public it is', () => {
    for (const { address } of Object.values(networkInterfaces()).flatMap((one) => one ?? [])) expect(mayAsk(address, nothingMore)).toBe(false);
  });
  it('in a network that the operator named may, and its neighbour not', () => {
    const reach = { networks: ['10.20.0.0/16', 'fd12::/16'], ports: [] };
    expect(['10.20.0.1', '::ffff:10.20.255.255', 'fd12::1', '1.1.1.1'].map((address) => mayAsk(address, reach))).toEqual([true, true, true, true]);
    expect(['10.21.0.1', 'fd13::1', '127.0.0.1', '::1'].map((address) => mayAsk(address, reach))).toEqual([false, false, false, false]);
  });
  it('of a network is told from what is none', () => expect(['10.0.0.0/8', 'fd12::/16', '10.0.0.0', '10.0.0.0/40', 'intranet'].map(isNetwork)).toEqual([true, true, false, false, false]));
});

import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** An IP address as text and a UDP port. */
export type Endpoint = { readonly address: string; readonly port: number };

/** Four or sixteen bytes; undefined for anything else, a zone (`%eth0`) included. */
export const bytesOfAddress = (address: string): Buffer | undefined => {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  if (!isIPv6(address) || address.includes('%')) return undefined;
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  const plain = dotted ? `${dotted[1]}${Buffer.from(dotted[2]!.split('.').map(Number)).toString('hex').replace(/^(.{4})/, '$1:')}` : address;
  const [left = '', right] = plain.split('::');
  const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [before, after] = [groupsOf(left), groupsOf(right ?? '')];
  const groups = right === undefined ? before : [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
};

/** One text for one address: dotted for IPv4, eight groups without abbreviation for IPv6. */
export const textOfAddress = (bytes: Buffer): string =>
  bytes.length === 4 ? bytes.join('.') : Array.from({ length: 8 }, (_, at) => bytes.readUInt16BE(at * 2).toString(16)).join(':');

/** The same address, always written the same way. The address as it is where it is none. */
export const canonicalAddress = (address: string): string => {
  const bytes = bytesOfAddress(address);
  return bytes ? textOfAddress(bytes) : address;
};

export const familyOf = (address: string): 4 | 6 => (isIPv4(address) ? 4 : 6);

/** As RFC 8656 and `URL` want it: IPv6 in brackets. */
export const hostOf = (address: string): string => (isIPv6(address) ? `[${address}]` : address);

const ipv4Special = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24',
  '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
];
/** Everything but global unicast, and of that what is special: benchmarking, documentation, Teredo and 6to4 (which hold IPv4 addresses), AS112, SRv6. */
const ipv6Special = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];

const special = new BlockList();
for (const [ranges, family] of [[ipv4Special, 'ipv4'], [ipv6Special, 'ipv6']] as const) {
  for (const range of ranges) {
    const [network, prefix] = range.split('/');
    special.addSubnet(network!, Number(prefix), family);
  }
}
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

/**
 * Whether an address is in one of the special-purpose ranges (IANA registries of RFC 6890), in either family. An IPv6 address outside
 * 2000::/3 always is: so are loopback, link-local, unique local, multicast, IPv4-mapped and -compatible ones, and NAT64.
 */
export const isSpecialPurpose = (address: string): boolean => {
  const canonical = canonicalAddress(address);
  if (isIPv4(canonical)) return special.check(canonical, 'ipv4');
  return !isIPv6(canonical) || !globalUnicast.check(canonical, 'ipv6') || special.check(canonical, 'ipv6');
};

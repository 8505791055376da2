import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Addresses that are special and that ipaddr.js takes for ordinary ones. */
const specialToo = [
  '168.63.129.16/32', // What a virtual machine on Azure asks about itself; it looks like anybody's address.
].map((range) => ipaddr.IPv4.parseCIDR(range));
/** RFC 4291, section 2.4: everything that the IANA has given out for the open network so far. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');
/** RFC 6052: an IPv4 address as seen through a translator. */
const translated = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/** The one form of an address, and the IPv4 address inside where it carries one; undefined for what is no address. */
const canonical = (text: string): Address | undefined => {
  if (isIP(text) === 0) return undefined;
  const address = ipaddr.parse(text);
  if (address instanceof ipaddr.IPv4) return address;
  if (address.isIPv4MappedAddress() && text.toLowerCase().includes('ffff')) return address.toIPv4Address();
  return address.match(translated) ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address;
};

/** Whether an address is of the open network, whatever form it comes in; 6to4 and Teredo are not: what they lead to is somebody's own network. */
export const isOpen = (text: string): boolean => {
  const address = canonical(text);
  if (!address || address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 ? !specialToo.some((range) => address.match(range)) : address.match(globalUnicast);
};

/** What the operator lets be asked beside the open network: networks of the organisation, and ports beside 80 and 443. */
export type Reach = { readonly networks: readonly string[]; readonly ports: readonly number[] };

export const isNetwork = (text: string): boolean => ipaddr.isValidCIDR(text);

const isIn = (address: Address, network: string): boolean => {
  const [base, bits] = ipaddr.parseCIDR(network);
  return base.kind() === address.kind() && address.match([base, bits] as never);
};

const isOwn = (address: Address): boolean =>
  Object.values(networkInterfaces()).some((one) => one?.some((own) => canonical(own.address)?.toNormalizedString() === address.toNormalizedString()));

/** Whether the appliance may connect there: the open network but its own addresses, and what the operator named. */
export const mayAsk = (text: string, { networks }: Reach): boolean => {
  const address = canonical(text);
  if (!address) return false;
  return networks.some((network) => isIn(address, network)) || (isOpen(text) && !isOwn(address));
};

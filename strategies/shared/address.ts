import { isIPv6 } from 'node:net';

/**
 * The name under which an address is counted: an IPv6 one by its /64, which one subscriber has at least, and an IPv4 one
 * that is written as IPv6 as IPv4. Anything else is taken as it is.
 */
export function networkOf(address: string): string {
  const [bare = ''] = address.split('%');
  if (!isIPv6(bare)) return address;
  // The URL parser writes the groups of an IPv6 address in one way, and a mapped IPv4 address in hexadecimal.
  const [head = '', tail] = new URL(`http://[${bare}]`).hostname.slice(1, -1).split('::');
  const [first, last] = [head, tail].map((half) => (half ? half.split(':') : []));
  const zeros = Array.from({ length: tail === undefined ? 0 : 8 - first!.length - last!.length }, () => '0');
  const groups = [...first!, ...zeros, ...last!];
  if (groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff') return dotted(groups[6]!) + '.' + dotted(groups[7]!);
  return `${groups.slice(0, 4).join(':')}::/64`;
}

const dotted = (group: string): string => {
  const value = parseInt(group, 16);
  return `${value >> 8}.${value & 255}`;
};

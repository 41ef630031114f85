import type { Context } from 'hono';
import ipaddr from 'ipaddr.js';
import { type Origin, UNKNOWN_ORIGIN } from '#application/shared/ports.ts';

const AGENT_MAX = 256;
const HOPS_MAX = 32;

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = [Address, number];

/** Whether a text names a network as CIDR does: `10.0.0.0/8`, `fd00::/8`, or one address. */
export const isNetwork = (text: string): boolean => networkOf(text) !== undefined;

/** Whether an address is in one of the networks. */
export function isWithin(ip: string, networks: readonly string[]): boolean {
  const address = parse(ip);
  return address !== undefined && networks.some((text) => contains(networkOf(text), address));
}

/**
 * Who sent a request: the far end of the socket, or, while that is one of our own proxies, whom it says it had it from.
 * The list is walked from its end, where our proxies write; what a client wrote at its beginning is never reached.
 */
export function originReader(trustedProxies: readonly string[]): (c: Context) => Origin {
  const addressOf = addressReader(trustedProxies);
  return (c) => {
    const { incoming } = (c.env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } };
    const ip = addressOf(incoming?.socket?.remoteAddress, c.req.header('x-forwarded-for'));
    return { ip, userAgent: c.req.header('user-agent')?.slice(0, AGENT_MAX) };
  };
}

/** The same from a socket's far end and an X-Forwarded-For header. */
export function addressReader(trustedProxies: readonly string[]): (remote: string | undefined, forwardedFor: string | undefined) => string {
  const trusted = trustedProxies.map(networkOf);
  const isTrusted = (address: Address): boolean => trusted.some((network) => contains(network, address));
  return (remote, forwardedFor = '') => {
    let address = parse(remote ?? UNKNOWN_ORIGIN.ip);
    const hops = trusted.length === 0 ? [] : forwardedFor.split(',').slice(-HOPS_MAX);
    while (address && isTrusted(address)) {
      const before = parse(withoutPort(hops.pop()?.trim() ?? ''));
      if (!before) break;
      address = before;
    }
    return address?.toString() ?? UNKNOWN_ORIGIN.ip;
  };
}

/** Whether one of our own proxies says that it was spoken to without encryption. */
export function plainTextReader(trustedProxies: readonly string[]): (c: Context) => boolean {
  return (c) => {
    const { incoming } = (c.env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } };
    const isOurs = isWithin(incoming?.socket?.remoteAddress ?? '', trustedProxies);
    return isOurs && c.req.header('x-forwarded-proto')?.split(',').at(-1)?.trim().toLowerCase() === 'http';
  };
}

/** The part of an address that one subscriber has to themselves: all of IPv4, the first half of IPv6. */
export function prefixOf(ip: string): string {
  const address = parse(ip);
  if (address?.kind() !== 'ipv6') return ip;
  const parts = (address as ipaddr.IPv6).parts.slice(0, 4).map((part) => part.toString(16));
  return `${parts.join(':')}::/64`;
}

/** IPv4 written as IPv6 is IPv4. `10.1`, `0177.0.0.1` and addresses of a zone are written for other programs than this. */
const parse = (text: string): Address | undefined =>
  ipaddr.IPv4.isValidFourPartDecimal(text) || (ipaddr.IPv6.isValid(text) && !text.includes('%')) ? ipaddr.process(text) : undefined;

function networkOf(text: string): Network | undefined {
  const address = parse(text);
  if (address) return [address, address.kind() === 'ipv4' ? 32 : 128];
  return ipaddr.IPv4.isValidCIDRFourPartDecimal(text) || ipaddr.IPv6.isValidCIDR(text) ? ipaddr.parseCIDR(text) : undefined;
}

const contains = (network: Network | undefined, address: Address): boolean =>
  network !== undefined && network[0].kind() === address.kind() && address.match(network as [never, number]);

/** Some proxies write `192.0.2.1:4711` and `[2001:db8::1]:4711`. */
const withoutPort = (hop: string): string => /^\[([^\]]+)\](?::\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop;

import ipaddr from 'ipaddr.js';
import type { TargetFault } from '#domain/webhooks/errors.ts';
import type { Resolved } from './resolve.ts';

/** Which addresses may be called besides public ones over https. */
export type TargetPolicy = {
  readonly ports: readonly number[];
  /** Whether this very machine may be called as well, over http and at any port: for who develops on it. */
  readonly allowsLoopback: boolean;
};

/** An address that may be called, as far as its text tells. */
export type Target = {
  readonly url: URL;
  /** Without brackets, and without the dot that a name may end in. */
  readonly host: string;
  readonly port: number;
  /** What the host says of itself, without anybody being asked: an address, or that it is this machine. */
  readonly known: readonly Resolved[] | undefined;
  /** Only if the host turns out to be this machine: over http, or at a port of its own. */
  readonly isForLoopback: boolean;
};

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };

/** Reads an address. Every notation of an IPv4 address has become the usual one by then: the URL standard sees to that. */
export function readTarget(text: string, { ports, allowsLoopback }: TargetPolicy): Target | TargetFault {
  const url = URL.parse(text);
  const usual = url && DEFAULT_PORTS[url.protocol];
  if (!url || usual === undefined || usual === null || url.hostname === '') return 'malformed';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  const port = url.port === '' ? usual : Number(url.port);
  const isPlain = url.protocol === 'http:';
  if (isPlain && !allowsLoopback) return 'not_https';
  if (url.username !== '' || url.password !== '') return 'has_credentials';
  const isOtherPort = !ports.includes(port);
  if (isOtherPort && !allowsLoopback) return 'port_not_allowed';
  return { url, host, port, known: knownOf(host), isForLoopback: isPlain || isOtherPort };
}

const THIS_MACHINE: readonly Resolved[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];
function knownOf(host: string): readonly Resolved[] | undefined {
  if (/(^|\.)localhost$/.test(host)) return THIS_MACHINE;
  return ipaddr.isValid(host) ? [{ address: host, family: host.includes(':') ? 6 : 4 }] : undefined;
}

/** What is wrong with calling a target when its host has these addresses: all of them must do, or an answer could be a mixed one. */
export function faultOfAddresses(target: Target, resolved: readonly Resolved[], { allowsLoopback }: TargetPolicy): TargetFault | undefined {
  const addresses = resolved.map(({ address }) => address);
  if (addresses.length === 0) return 'unresolvable';
  if (allowsLoopback && addresses.every((address) => rangeOf(address) === 'loopback')) return undefined;
  if (!addresses.every((address) => rangeOf(address) === 'unicast')) return 'not_public';
  if (!target.isForLoopback) return undefined;
  return target.url.protocol === 'http:' ? 'not_https' : 'port_not_allowed';
}

/** `unicast` is what anybody on the internet may reach; an IPv4 address inside an IPv6 one is looked at as what it is. */
function rangeOf(address: string): string {
  return ipaddr.isValid(address) ? ipaddr.process(address).range() : 'unknown';
}

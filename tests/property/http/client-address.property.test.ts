import fc from 'fast-check';
import type { Context } from 'hono';
import { expect, it } from 'vitest';
import { isNetwork, isWithin, originReader, prefixOf } from '#adapters/http/client-address.ts';

const PROXIES = ['10.0.0.0/8', 'fd00::/8', '192.0.2.1'];
const request = (remoteAddress: string, forwarded?: string): Context =>
  ({
    env: { incoming: { socket: { remoteAddress } } },
    req: { header: (name: string) => (name === 'x-forwarded-for' ? forwarded : undefined) },
  }) as unknown as Context;
const read = originReader(PROXIES);

const proxy = fc.oneof(
  fc.tuple(fc.nat(255), fc.nat(255)).map(([a, b]) => `10.0.${a}.${b}`),
  fc.constantFrom('192.0.2.1', 'fd00::7', '::ffff:10.1.1.1'),
);
const client = fc.tuple(fc.integer({ min: 11, max: 126 }), fc.nat(255), fc.nat(255)).map(([a, b, c]) => `${a}.${b}.${c}.1`);
/** Whatever a client writes into the header before our proxies add to it. */
const written = fc.oneof(
  fc.string({ maxLength: 40 }).filter((text) => /^[\x20-\x7e]*$/.test(text)),
  client,
  proxy,
  fc.constantFrom('', ',', '127.0.0.1, 127.0.0.1', 'unknown', '::1'),
);

it('nobody but our proxies is believed', () => {
  fc.assert(
    fc.property(client, written, (ip, forwarded) => {
      expect(read(request(ip, forwarded)).ip).toBe(ip);
    }),
  );
});

it('nothing that a client writes changes whom our proxies had it from', () => {
  fc.assert(
    fc.property(written, client, fc.array(proxy, { minLength: 1, maxLength: 4 }), (forged, ip, hops) => {
      const [last, ...between] = hops.toReversed() as [string, ...string[]];
      expect(read(request(last, [forged, ip, ...between.toReversed()].join(', '))).ip).toBe(ip);
    }),
  );
});

it('an address is in its own network and shares it with its neighbours of the same /64 only', () => {
  const group = fc.nat(0xffff).map((n) => n.toString(16));
  fc.assert(
    fc.property(
      fc.tuple(group, group, group),
      fc.tuple(group, group, group, group),
      fc.tuple(group, group, group, group),
      ([a, b, c], left, right) => {
        const [one, other] = [`2001:${a}:${b}:${c}:${left.join(':')}`, `2001:${a}:${b}:${c}:${right.join(':')}`];
        expect(prefixOf(one)).toBe(prefixOf(other));
        expect(isWithin(one, [`2001:${a}:${b}:${c}::/64`])).toBe(true);
        const far = ((Number.parseInt(c, 16) + 1) % 0x10000).toString(16);
        expect(prefixOf(`2001:${a}:${b}:${far}:${left.join(':')}`)).not.toBe(prefixOf(one));
      },
    ),
  );
});

it.each(['10.0.0.0/8', '192.0.2.1', '::1', 'fd00::/8', '0.0.0.0/0'])('%s is a network', (text) => expect(isNetwork(text)).toBe(true));
it.each(['', '10.0.0.0/33', '10.0.0', 'fd00::/129', 'example.com', '10.0.0.0/8 ', 'fe80::1%eth0', '300.1.1.1', '0177.0.0.1', '0x7f.1', '127.1/8'])(
  '%j is none',
  (text) => expect(isNetwork(text)).toBe(false),
);

import { expect, it } from 'vitest';
import { networkOf } from '#domain/fraud/network.ts';
import { kilometresBetween, placeOf } from '#domain/fraud/signals.ts';

it.each([
  ['203.0.113.9', '203.0.113.9', '203.0.113.0/24'],
  [' 203.0.113.255 ', '203.0.113.255', '203.0.113.0/24'],
  ['::ffff:203.0.113.9', '203.0.113.9', '203.0.113.0/24'],
  ['2001:DB8::1', '2001:db8:0:0:0:0:0:1', '2001:db8:0:0::/64'],
  ['2001:db8:0:0:1:2:3:4', '2001:db8:0:0:1:2:3:4', '2001:db8:0:0::/64'],
  ['2001:db8:1:2::', '2001:db8:1:2:0:0:0:0', '2001:db8:1:2::/64'],
  ['::', '0:0:0:0:0:0:0:0', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0:0:0:0:1', 'fe80:0:0:0::/64'],
  ['64:ff9b::192.0.2.33', '64:ff9b:0:0:0:0:c000:221', '64:ff9b:0:0::/64'],
])('reads %s', (text, ip, network) => {
  expect(networkOf(text)).toEqual({ ip, network });
});

it.each([
  '',
  'localhost',
  '203.0.113',
  '203.0.113.256',
  '203.0.113.1.1',
  '1::2::3',
  '12345::',
  'g::1',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4::5:6:7:8',
  '::203.0.113.999',
  "'; drop table",
])('does not read %s', (text) => {
  expect(networkOf(text)).toBeUndefined();
});

it('measures the way between places, and knows what is on no map', () => {
  const [pune, delhi] = [placeOf(18.52, 73.86), placeOf(28.61, 77.21)];
  if (!pune || !delhi) throw new Error('both are on the map');
  expect(kilometresBetween(pune, delhi)).toBeCloseTo(1_175, -1);
  expect(kilometresBetween(pune, pune)).toBe(0);
  expect(kilometresBetween({ lat: 0, lng: 179.9 }, { lat: 0, lng: -179.9 })).toBeLessThan(23);
  expect(placeOf(18.520_49, -0.000_1)).toEqual({ lat: 18.52, lng: 0 });
  for (const [lat, lng] of [
    [91, 0],
    [0, 181],
    [Number.NaN, 0],
    [0, Number.POSITIVE_INFINITY],
  ] as const)
    expect(placeOf(lat, lng)).toBeUndefined();
});

import { describe, expect, it } from 'vitest';
import { type Features, featuresOf } from '#domain/fraud/features.ts';
import { DEFAULT_POLICY } from '#domain/fraud/policy.ts';
import { CARD_TESTING, type EntryHit, firedRules } from '#domain/fraud/rules.ts';
import type { Signals } from '#domain/fraud/signals.ts';

const AT = 1_764_000_000_000;
const SIGNALS: Signals = {
  restaurantId: 'restaurant-0000001',
  orderId: 'o',
  customerId: 'customer-0000000001',
  paymentId: 'p',
  amount: 450_00,
  currency: 'INR',
  method: 'card',
  tokens: {},
  basket: { units: 2, discount: 0, tip: 0 },
  place: null,
  account: { registeredAt: AT - 86_400_000 * 100, isVerified: true, isStaff: false },
  staff: [],
  localHour: 20,
  at: AT,
};
const fired = (features: Partial<Features>, signals: Partial<Signals> = {}, hits: readonly EntryHit[] = []) => {
  const attempt = { ...SIGNALS, ...signals };
  return firedRules(attempt, { ...featuresOf(attempt, {}), ...features }, DEFAULT_POLICY, hits).map(({ name, demands }) => `${name}: ${demands}`);
};
const BLOCKED = ['card_testing: block'];

describe('trying out cards', () => {
  const { device, ip, network } = CARD_TESTING;
  it.each<[string, Partial<Features>, string[]]>([
    ['a card too few on a device', { device_instruments_10m: device.instruments - 1 }, []],
    ['many cards on a device', { device_instruments_10m: device.instruments }, BLOCKED],
    ['a failure too few on a device', { device_failures_10m: device.failures - 1 }, []],
    ['many failures on a device', { device_failures_10m: device.failures }, BLOCKED],
    ['an attempt too few on a device', { device_attempts_10m: device.attempts - 1 }, []],
    ['many attempts on a device', { device_attempts_10m: device.attempts }, BLOCKED],
    ['many cards of one customer at an address', { ip_instruments_10m: ip.instruments, ip_customers_24h: 2 }, BLOCKED],
    ['many cards of many customers at an address', { ip_instruments_10m: ip.instruments, ip_customers_24h: 3 }, []],
    ['failures that are most of an address', { ip_failures_10m: ip.failures, ip_attempts_10m: 2 * ip.failures }, BLOCKED],
    ['failures among many that succeed', { ip_failures_10m: ip.failures, ip_attempts_10m: 2 * ip.failures + 1 }, []],
    ['failures that are most of a network', { network_failures_10m: network.failures, network_attempts_10m: 20 }, BLOCKED],
    [
      'a busy network',
      { network_failures_10m: network.failures, network_attempts_10m: 50, network_instruments_10m: 30, network_customers_24h: 30 },
      [],
    ],
  ])('%s', (_what, features, expected) => {
    expect(fired(features)).toEqual(expected);
  });

  it('concerns no cash, and no key that is on an allow list', () => {
    const features = { device_instruments_10m: 9 };
    expect(fired(features, { method: 'cash' })).toEqual([]);
    expect(fired(features, {}, [{ entryId: 'e', list: 'allow', kind: 'device' }])).toEqual(['allowed: allow']);
    expect(fired(features, {}, [{ entryId: 'e', list: 'allow', kind: 'customer' }])).toEqual(['card_testing: block', 'allowed: allow']);
  });
});

it.each<[string, Partial<Features>, Partial<Signals>, string[]]>([
  ['staff', { is_staff: 1 }, {}, ['self_dealing: review']],
  ['a device that staff uses', { shares_with_staff: 1 }, {}, ['self_dealing: review']],
  ['just not too fast', { speed_kmh: 899 }, {}, []],
  ['too fast', { speed_kmh: 900 }, {}, ['impossible_speed: review']],
  ['a fresh account above its cap', { account_age_hours: 23.9 }, { amount: 2_500_01 }, ['fresh_account: step_up']],
  ['a fresh account at its cap', { account_age_hours: 23.9 }, { amount: 2_500_00 }, []],
  ['an account that is no longer fresh', { account_age_hours: 24 }, { amount: 2_500_01 }, []],
  [
    'an account whose age nobody knows',
    { account_age_hours: 0 },
    { amount: 2_500_01, account: { registeredAt: null, isVerified: null, isStaff: false } },
    [],
  ],
])('%s', (_what, features, signals, expected) => {
  expect(fired(features, signals)).toEqual(expected);
});

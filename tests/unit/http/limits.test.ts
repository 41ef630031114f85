import { expect, it } from 'vitest';
import { budgetsOf, type Counted, type Limits } from '#adapters/http/limits.ts';
import { type Actor, ANONYMOUS } from '#domain/shared/actor.ts';

const limit = (name: string) => ({ name, max: 1, windowMs: 1_000 });
const ALL: Limits = {
  general: limit('general'),
  auth: limit('auth'),
  'auth-failures': limit('auth-failures'),
  payment: limit('payment'),
  upload: limit('upload'),
  search: limit('search'),
  user: limit('user'),
  restaurant: limit('restaurant'),
};
const asha: Actor = { kind: 'account', accountId: 'asha', sessionId: 's', permissions: [], grants: [] };
const owner: Actor = { ...asha, accountId: 'owner', grants: [{ restaurantId: 'r', role: 'owner', permissions: [] }] };
const key: Actor = { kind: 'api_key', apiKeyId: 'k', permissions: [], grants: [{ restaurantId: 'r', role: 'api_key', permissions: [] }] };

const drawn = (counted: Partial<Counted>, limits = ALL) =>
  budgetsOf(limits, { limiter: 'general', actor: undefined, network: 'n', restaurantId: undefined, subject: undefined, ...counted }).map(
    (budget) => `${budget.limit.name} ${budget.key}`,
  );

it.each<[string, Partial<Counted>, string[]]>([
  ['nobody', {}, ['general n']],
  ['somebody anonymous', { actor: ANONYMOUS }, ['general n']],
  ['an account', { actor: asha }, ['user account:asha']],
  ['an API key', { actor: key }, ['user api_key:k']],
  ['an attempt about somebody', { limiter: 'auth', subject: 'x' }, ['general attempts:n', 'auth n:x', 'auth-failures n']],
  ['an attempt about nobody', { limiter: 'auth' }, ['general attempts:n', 'auth n:n', 'auth-failures n']],
  ['an attempt that its use case counts', { limiter: 'auth', subject: null }, ['general attempts:n', 'auth-failures n']],
  ['an attempt of an account', { limiter: 'auth', actor: asha }, ['user account:asha', 'auth n:account:asha', 'auth-failures n']],
  ['a payment', { limiter: 'payment', actor: asha }, ['user account:asha', 'payment account:asha']],
  ['a payment of nobody', { limiter: 'payment' }, ['general n', 'payment n']],
  ['an upload', { limiter: 'upload', actor: owner, restaurantId: 'r' }, ['user account:owner', 'upload account:owner', 'restaurant r']],
  ['a search', { limiter: 'search' }, ['general n', 'search n']],
  ['staff at home', { actor: owner, restaurantId: 'r' }, ['user account:owner', 'restaurant r']],
  ['a key at home', { actor: key, restaurantId: 'r' }, ['user api_key:k', 'restaurant r']],
  ['staff elsewhere', { actor: owner, restaurantId: 'other' }, ['user account:owner']],
  ['a customer in a restaurant', { actor: asha, restaurantId: 'r' }, ['user account:asha']],
])('%s draws on its own', (_who, counted, budgets) => {
  expect(drawn(counted)).toEqual(budgets);
});

it('what is off is not drawn on', () => {
  expect(drawn({ limiter: 'auth', subject: 'x' }, { auth: limit('auth') })).toEqual(['auth n:x']);
  expect(drawn({}, {})).toEqual([]);
});

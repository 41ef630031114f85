import { describe, expect, it } from 'vitest';
import { admit, BYPASS, type Turnstile } from '#adapters/http/admission.ts';
import type { Counted, Limits } from '#adapters/http/limits.ts';
import { MemoryRateLimits } from '#adapters/memory/rate-limits.ts';
import type { Actor } from '#domain/shared/actor.ts';

const limit = (name: string, max: number) => ({ name, max, windowMs: 90_000 });
const LIMITS: Limits = {
  user: limit('user', 2),
  auth: limit('auth', 1),
  payment: limit('payment', 1),
  upload: { ...limit('upload', 1), windowMs: 120_000 },
};
const person: Actor = { kind: 'account', accountId: 'a', sessionId: 's', permissions: [], grants: [] };
const operator: Actor = { ...person, permissions: [BYPASS] };
/** Held in a restaurant it lifts nothing: only the platform gives it. */
const pretender: Actor = { ...person, grants: [{ restaurantId: 'r', role: 'owner', permissions: [BYPASS] }] };

function turnstile() {
  const noted: (readonly string[])[] = [];
  const clock = { at: 0 };
  let n = 0;
  const gate: Turnstile = {
    limits: LIMITS,
    counts: new MemoryRateLimits(() => clock.at),
    newTicket: () => String(n++),
    onBypass: async (_, limits) => void noted.push(limits),
  };
  const ask = (actor: Actor, limiter: Counted['limiter'] = 'general') =>
    admit(gate, { limiter, actor, network: 'n', restaurantId: 'r', subject: undefined });
  return { ask, noted, clock };
}

describe('going on over a limit', () => {
  it.each(['general', 'upload'] as const)('is for who may, with %s, and is told each time', async (limiter) => {
    const { ask, noted } = turnstile();
    for (let i = 0; i < 4; i++) expect((await ask(operator, limiter)).refusal).toBeUndefined();
    expect(noted).toHaveLength(limiter === 'upload' ? 3 : 2);
  });

  it.each(['auth', 'payment'] as const)('is for nobody with %s', async (limiter) => {
    const { ask, noted } = turnstile();
    expect((await ask(operator, limiter)).refusal).toBeUndefined();
    expect((await ask(operator, limiter)).refusal).toMatchObject({ limit: limiter });
    expect(noted).toEqual([]);
  });

  it('is not for an owner', async () => {
    const { ask } = turnstile();
    await ask(pretender);
    await ask(pretender);
    expect((await ask(pretender)).refusal).toMatchObject({ limit: 'user' });
  });

  it('waits until it is on record', async () => {
    const { ask } = turnstile();
    const gate = {
      limits: LIMITS,
      counts: new MemoryRateLimits(() => 0),
      newTicket: () => 'same',
      onBypass: () => Promise.reject(new Error('no log')),
    };
    const counted = { limiter: 'upload', actor: operator, network: 'n', restaurantId: undefined, subject: undefined } as const;
    await admit(gate, counted);
    await expect(admit(gate, counted)).rejects.toThrow('no log');
    expect((await ask(operator)).refusal).toBeUndefined();
  });
});

it('says how long to wait: until the last of the limits that are used up is free', async () => {
  const { ask, clock } = turnstile();
  await ask(person, 'upload');
  clock.at = 30_000;
  await ask(person);
  const { refusal, headers } = await ask(person, 'upload');
  expect(refusal).toEqual({ limit: 'upload', retryAfterSeconds: 90 });
  expect(headers).toEqual({
    'ratelimit-policy': '"user";q=2;w=90, "upload";q=1;w=120',
    ratelimit: '"user";r=0;t=60, "upload";r=0;t=90',
  });
  clock.at = 119_999;
  expect((await ask(person, 'upload')).refusal?.retryAfterSeconds).toBe(1);
  clock.at = 120_000;
  expect((await ask(person, 'upload')).refusal).toBeUndefined();
});

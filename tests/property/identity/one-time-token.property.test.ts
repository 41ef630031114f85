import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TokenEvent } from '#domain/identity/events.ts';
import { OneTimeToken, TOKEN_MISSES_MAX, TOKEN_PURPOSES, TOKEN_STATUSES, type TokenStatus } from '#domain/identity/one-time-token.ts';
import { RESET_POLICY, ResetToken } from '#domain/identity/reset-token.ts';

const AT = 1_764_000_000_000;
const DRAFT = { id: 't1', accountId: 'a1', selector: 'find-me', verifierHash: 'hash-of-secret' };

type Step =
  | { readonly kind: 'present'; readonly isGenuine: boolean; readonly credentials: number; readonly wait: number }
  | { readonly kind: 'supersede'; readonly wait: number };
const wait = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 60_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(RESET_POLICY.ttlMs - 1, RESET_POLICY.ttlMs) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('present' as const),
      isGenuine: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
      credentials: fc.oneof({ weight: 9, arbitrary: fc.constant(4) }, fc.constant(5)),
      wait,
    }),
  },
  fc.record({ kind: fc.constant('supersede' as const), wait }),
);

/** What a token of a reset lives through: each state with the events that led to it. */
function life(steps: readonly Step[]) {
  let token = ResetToken.issue({ ...DRAFT, credentials: 4 }, RESET_POLICY, AT).state;
  let at = AT;
  return steps.map((one) => {
    at += one.wait;
    const before = token;
    const change =
      one.kind === 'supersede'
        ? ResetToken.supersede(before, at)
        : (() => {
            const redemption = ResetToken.redeem(before as ResetToken, one, at);
            return 'change' in redemption ? redemption.change : undefined;
          })();
    token = OneTimeToken.check(change?.state ?? before);
    return { step: one, at, before, after: token, events: change?.events ?? [] };
  });
}

describe('a reset token', () => {
  it('ends in one way, once, and stays there', () => {
    const reached = new Set<TokenStatus>(['issued']);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        for (const { before, after, events } of life(steps)) {
          reached.add(after.status);
          if (before.status === 'issued') continue;
          expect(after).toBe(before);
          expect(events).toEqual([]);
        }
      }),
      { numRuns: 2_000 },
    );
    expect([...reached].sort()).toEqual([...TOKEN_STATUSES].sort());
  });

  it('is redeemed only by its secret, in its hour, under the credentials it was given for, and at most once', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const redeemed = life(steps).filter(({ before, after }) => before.status === 'issued' && after.status === 'redeemed');
        expect(redeemed.length).toBeLessThanOrEqual(1);
        for (const { step: by, at, before } of redeemed) {
          expect(by).toMatchObject({ kind: 'present', isGenuine: true, credentials: 4 });
          expect(at).toBeLessThan(AT + RESET_POLICY.ttlMs);
          expect(before.misses).toBeLessThan(TOKEN_MISSES_MAX);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('survives four wrong secrets and no fifth', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        for (const { after, events } of life(steps)) {
          expect(after.misses).toBeLessThanOrEqual(TOKEN_MISSES_MAX);
          expect(after.status === 'exhausted').toBe(after.misses === TOKEN_MISSES_MAX);
          expect(events.length).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('is told by its events alone, and never its secret', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const lived = life(steps);
        const told = lived.flatMap(({ events }) => events).reduce(fold, { status: 'issued', misses: 0 });
        const last = lived.at(-1)?.after;
        if (last) expect(told.status).toBe(last.status);
        expect(JSON.stringify(lived.map(({ events }) => events))).not.toMatch(/find-me|hash-of-secret/);
      }),
    );
  });

  it('lives as long as the house says, other tokens as long as their purpose needs', () => {
    for (const purpose of TOKEN_PURPOSES) {
      const { state } = OneTimeToken.issue({ ...DRAFT, purpose, credentials: null }, AT);
      expect(OneTimeToken.redeem(state, { isGenuine: true, credentials: 9 }, state.expiresAt - 1).outcome).toBe('redeemed');
      expect(OneTimeToken.redeem(state, { isGenuine: true, credentials: 9 }, state.expiresAt).outcome).toBe('expired');
    }
  });
});

type Told = { readonly status: string; readonly misses: number };
function fold(told: Told, event: TokenEvent): Told {
  if (event.type === 'identity.token_issued') return told;
  if (event.type === 'identity.token_missed') return { ...told, misses: event.misses };
  return { ...told, status: event.type.slice('identity.token_'.length) };
}

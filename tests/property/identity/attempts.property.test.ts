import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AttemptPolicy, Attempts } from '#domain/identity/attempts.ts';

const MINUTE = 60_000;
const policy = fc.record({
  max: fc.integer({ min: 1, max: 8 }),
  windowMs: fc.integer({ min: 1, max: 20 * MINUTE }),
  lockMs: fc.array(fc.integer({ min: 1, max: 60 * MINUTE }), { maxLength: 4 }),
});
/** Bursts, waits about as long as windows and locks, and nights. */
const waits = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 50 }) },
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 30 * MINUTE }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 48 * 60 * MINUTE }) },
  ),
  { maxLength: 60 },
);

/** Tries at all these times, one after the other. */
function tries(given: AttemptPolicy, gaps: readonly number[]) {
  let attempts: Attempts | undefined;
  let at = 1_000_000;
  return gaps.map((gap) => {
    at += gap;
    const before = attempts;
    const taking = Attempts.take(before, given, at);
    if (taking.isAllowed) attempts = taking.attempts;
    return { at, before, taking };
  });
}

describe('attempts', () => {
  it('are never more than there are in any window', () => {
    fc.assert(
      fc.property(policy, waits, (given, gaps) => {
        const allowed = tries({ ...given, lockMs: [] }, gaps)
          .filter(({ taking }) => taking.isAllowed)
          .map(({ at }) => at);
        for (const start of allowed) expect(allowed.filter((at) => at >= start && at < start + given.windowMs).length).toBeLessThanOrEqual(given.max);
      }),
      { numRuns: 500 },
    );
  });

  it('are refused until the moment that was named, and allowed from then on', () => {
    fc.assert(
      fc.property(policy, waits, (given, gaps) => {
        for (const { at, before, taking } of tries(given, gaps)) {
          if (taking.isAllowed) continue;
          expect(taking.availableAt).toBeGreaterThan(at);
          expect(Attempts.take(before, given, taking.availableAt - 1).isAllowed).toBe(false);
          expect(Attempts.take(before, given, taking.availableAt).isAllowed).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('lock once the last one is taken, never longer than the longest lock, and none but the allowed ones in between', () => {
    fc.assert(
      fc.property(policy, waits, (given, gaps) => {
        fc.pre(given.lockMs.length > 0);
        let sinceLock = 0;
        let opensAt = 0;
        for (const { at, taking } of tries(given, gaps)) {
          if (!taking.isAllowed) {
            expect(taking.availableAt - at).toBeLessThanOrEqual(Math.max(...given.lockMs));
            continue;
          }
          expect(at).toBeGreaterThanOrEqual(opensAt);
          sinceLock += 1;
          const { lockedUntil, at: made } = taking.attempts;
          expect(made.length).toBeLessThanOrEqual(given.max);
          expect(lockedUntil !== null).toBe(made.length === given.max);
          expect(taking.remaining).toBe(given.max - made.length);
          if (lockedUntil !== null) {
            expect(sinceLock).toBeGreaterThanOrEqual(given.max);
            sinceLock = 0;
            opensAt = lockedUntil;
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('of several counts are taken of all of them or of none', () => {
    fc.assert(
      fc.property(policy, policy, waits, (one, other, gaps) => {
        const histories = [tries(one, gaps).at(-1)?.before, undefined];
        const taking = Attempts.takeAll(
          [
            { before: histories[0], policy: one },
            { before: undefined, policy: other },
          ],
          1_000_001,
        );
        const alone = Attempts.take(histories[0], one, 1_000_001);
        expect(taking.isAllowed).toBe(alone.isAllowed);
        if (taking.isAllowed) expect(taking.attempts).toHaveLength(2);
      }),
    );
  });

  it('given back leave what there was before', () => {
    fc.assert(
      fc.property(policy, waits, (given, gaps) => {
        for (const { at, before, taking } of tries(given, gaps)) {
          if (!taking.isAllowed) continue;
          const after = Attempts.giveBack(taking.attempts, at);
          const again = Attempts.take(before, given, at);
          expect(Attempts.take(after, given, at)).toEqual(again);
        }
      }),
      { numRuns: 300 },
    );
  });
});

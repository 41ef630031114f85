import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DELIVERY_NEXT, DELIVERY_STATUSES, Delivery, HISTORY_MAX, LEASE_MS, REPLAYS_MAX } from '#domain/webhooks/delivery.ts';
import { ATTEMPTS_MAX, RETRY_AFTER_MAX_MS, waitAfter } from '#domain/webhooks/schedule.ts';

const HOUR = 3_600_000;
const DRAFT = { id: 'd', restaurantId: 'r', endpointId: 'e', eventType: 'order.created', body: '{}' };
const attempt = (statusCode: number | null, at: number, retryAfterMs: number | null = null) => ({
  at,
  durationMs: 5,
  statusCode,
  fault: statusCode === null ? ('timeout' as const) : null,
  excerpt: '',
  retryAfterMs,
});

type Step = {
  readonly do: 'claim' | 'settle' | 'stale' | 'replay';
  readonly statusCode: number | null;
  readonly isEnabled: boolean;
  readonly luck: number;
};
const steps = fc.array(
  fc.record<Step>({
    do: fc.constantFrom('claim', 'claim', 'settle', 'settle', 'stale', 'replay'),
    statusCode: fc.constantFrom(null, 200, 204, 302, 400, 404, 410, 429, 500, 503),
    isEnabled: fc.integer({ min: 0, max: 9 }).map((n) => n > 0),
    luck: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { maxLength: 300 },
);

describe('a delivery', () => {
  it('whatever becomes of it, goes only where its table leads, counts its attempts and comes to an end', () => {
    fc.assert(
      fc.property(steps, fc.boolean(), (taken, isTest) => {
        let at = 1_000;
        let sent = 0;
        let sinceReplay = 0;
        let delivery = Delivery.queue({ ...DRAFT, eventId: isTest ? null : 'x' }, at).state;
        for (const step of taken) {
          const before = delivery;
          at = Math.max(at + 1, delivery.dueAt); // Nobody takes it before it is due.
          if (step.do === 'replay') {
            const replayed = Delivery.replay(delivery, at);
            const isOver = before.status === 'succeeded' || before.status === 'failed';
            expect(replayed.ok).toBe(isOver && before.replays < REPLAYS_MAX);
            if (replayed.ok) [delivery, sinceReplay] = [replayed.value.state, 0];
          } else if (step.do === 'claim') {
            if (before.status !== 'waiting' && before.status !== 'sending') continue; // Not among what is due.
            const { state, events } = Delivery.claim(delivery, step.isEnabled, at);
            if (state.status === 'sending') {
              sent++;
              sinceReplay++;
              expect(state.dueAt).toBe(at + LEASE_MS);
            } else expect(events).toMatchObject([{ type: 'webhooks.delivery_failed', failure: state.failure }]);
            delivery = state;
          } else {
            const claimed = step.do === 'stale' ? delivery.claims - 1 : delivery.claims;
            const settled = Delivery.settle(delivery, claimed, attempt(step.statusCode, at), step.luck);
            expect(settled === undefined).toBe(before.status !== 'sending' || step.do === 'stale');
            if (settled) {
              delivery = settled.state;
              const isTaken = step.statusCode === 200 || step.statusCode === 204;
              expect(delivery.status === 'succeeded').toBe(isTaken);
              if (step.statusCode === 410) expect(delivery).toMatchObject({ status: 'failed', failure: 'gone' });
              if (delivery.status === 'waiting') expect(delivery.dueAt).toBeGreaterThan(at);
              expect(delivery.history[0]?.statusCode).toBe(step.statusCode);
            }
          }
          Delivery.check(delivery);
          if (delivery.status !== before.status) expect(DELIVERY_NEXT[before.status]).toContain(delivery.status);
          expect(delivery.claims).toBe(sent);
          expect(sinceReplay).toBeLessThanOrEqual(isTest ? 1 : ATTEMPTS_MAX);
          expect(delivery.history.length).toBeLessThanOrEqual(HISTORY_MAX);
          expect([delivery.id, delivery.body]).toEqual([before.id, before.body]);
        }
        expect(sent).toBeLessThanOrEqual((REPLAYS_MAX + 1) * ATTEMPTS_MAX);
      }),
    );
  });

  it('that fails again and again is tried ten times in three days, by the clock', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 10, maxLength: 10 }), (luck) => {
        let delivery = Delivery.queue({ ...DRAFT, eventId: 'x' }, 0).state;
        let tries = 0;
        while (delivery.status === 'waiting') {
          const claimed = Delivery.claim(delivery, true, delivery.dueAt).state;
          delivery = Delivery.settle(claimed, claimed.claims, attempt(500, delivery.dueAt), luck[tries++] as number)?.state ?? claimed;
        }
        expect([tries, delivery.failure]).toEqual([ATTEMPTS_MAX, 'exhausted']);
        const took = delivery.history[0]?.at as number;
        expect(took).toBeGreaterThanOrEqual(75 * HOUR);
        expect(took).toBeLessThanOrEqual(75.6 * HOUR * 1.2);
      }),
    );
  });

  it('that nobody settles is abandoned after ten leases, and its test after one', () => {
    for (const [eventId, most] of [
      ['x', ATTEMPTS_MAX],
      [null, 1],
    ] as const) {
      let delivery = Delivery.queue({ ...DRAFT, eventId }, 0).state;
      let leases = 0;
      for (; delivery.status !== 'failed'; leases++) delivery = Delivery.claim(delivery, true, delivery.dueAt).state;
      expect([leases - 1, delivery.failure]).toEqual([most, 'abandoned']);
    }
  });

  it('can reach every status, and leaves each', () => {
    const reached = new Set(Object.values(DELIVERY_NEXT).flat());
    for (const status of DELIVERY_STATUSES) expect([status, reached.has(status), DELIVERY_NEXT[status].length > 0]).toEqual([status, true, true]);
  });
});

describe('the wait for the next attempt', () => {
  it('grows, stays within its jitter, and is as long as it was asked for, within a day', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: ATTEMPTS_MAX - 1 }),
        fc.option(fc.integer({ min: 0, max: 1e12 })),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempts, asked, luck) => {
          const base = waitAfter(attempts, null, 0) as number;
          const wait = waitAfter(attempts, asked, luck) as number;
          expect(wait).toBeGreaterThanOrEqual(base);
          expect(wait).toBeGreaterThanOrEqual(Math.min(asked ?? 0, RETRY_AFTER_MAX_MS));
          expect(wait).toBeLessThanOrEqual(Math.max(base * 1.2 + 1, Math.min(asked ?? 0, RETRY_AFTER_MAX_MS)));
          if (attempts > 1) expect(base).toBeGreaterThanOrEqual(waitAfter(attempts - 1, null, 1) as number);
        },
      ),
    );
    expect(waitAfter(ATTEMPTS_MAX, 1_000, 0)).toBeUndefined();
  });
});

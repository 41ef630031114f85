import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEASE_MS, OPERATION_NEXT, OPERATION_STATUSES, Operation } from '#domain/payments/operation.ts';
import { routesFor } from '#domain/payments/routing.ts';

const AT = 1_764_000_000_000;
const planned = Operation.plan({ kind: 'refund', processor: 'razorpay', restaurantId: 'r', subjectId: 'p', targetId: 't' }, AT);

describe('an operation', () => {
  it('is taken by one process at a time, moves by the table alone, and ends for good', () => {
    const steps = fc.array(
      fc.record({ what: fc.constantFrom('dispatch', 'await', 'succeed', 'fail', 'doubt'), later: fc.integer({ min: 0, max: 3_600_000 }) }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, (story) => {
        let [operation, at, takenUntil] = [planned, AT, 0];
        for (const { what, later } of story) {
          at += later;
          const before = operation;
          if (what === 'dispatch' || what === 'await') {
            const taken = Operation.dispatch(operation, at, what === 'await');
            if (!taken.ok) continue;
            expect(before.dueAt, 'what has ended is never asked for again').not.toBeNull();
            if (before.status === 'dispatched') expect(at, 'whoever is at it has its lease').toBeGreaterThanOrEqual(takenUntil);
            takenUntil = at + LEASE_MS;
            operation = taken.value;
            expect(operation.tries).toBe(before.tries + 1);
          } else if (operation.status === 'dispatched') {
            operation =
              what === 'succeed'
                ? Operation.succeed(operation)
                : what === 'fail'
                  ? Operation.fail(operation, 'no')
                  : Operation.doubt(operation, 'silence', at);
          }
          if (operation.status !== before.status) {
            expect(OPERATION_NEXT[before.status] as readonly string[]).toContain(operation.status);
          }
          expect(operation.dueAt === null).toBe(OPERATION_NEXT[operation.status].length === 0);
          if (operation !== before && operation.status === 'unknown') expect(operation.dueAt ?? 0).toBeGreaterThan(at);
        }
      }),
    );
  });

  it('reaches every status, and is uncertain exactly when a try has no answer', () => {
    const reached = new Set<string>(['planned']);
    for (const from of OPERATION_STATUSES) for (const to of OPERATION_NEXT[from]) reached.add(to);
    expect(reached).toEqual(new Set(OPERATION_STATUSES));
    expect(Operation.isUncertain(planned)).toBe(false);
    const taken = Operation.dispatch(planned, AT);
    if (!taken.ok) throw new Error('it is due');
    expect(Operation.isUncertain(taken.value)).toBe(true);
    expect(Operation.isUncertain(Operation.doubt(taken.value, 'silence', AT))).toBe(true);
  });
});

describe('routing', () => {
  it('keeps the order of the list, and leaves out what does not fit', () => {
    const routes = [
      { processor: 'a', to: 9_999 },
      { processor: 'b', currencies: ['INR'] },
      { processor: 'c', from: 5_000 },
    ];
    expect(routesFor(routes, 9_999, 'INR')).toEqual(['a', 'b', 'c']);
    expect(routesFor(routes, 10_000, 'INR')).toEqual(['b', 'c']);
    expect(routesFor(routes, 4_999, 'GBP')).toEqual(['a']);
    expect(routesFor([], 1, 'INR')).toEqual([]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DISPATCH_ATTEMPTS_MAX,
  DISPATCH_LEASE_MS,
  DISPATCH_NEXT,
  DISPATCH_STATUSES,
  Dispatch,
  type DispatchStatus,
  GATHERED_MAX,
} from '#domain/notifications/inbox/dispatch.ts';
import type { DispatchEvent } from '#domain/notifications/inbox/events.ts';

const draft = { id: 'd', key: 'k', accountId: 'a', channel: 'push', category: 'orders', isCritical: false, dueAt: 0, noticeId: 'n0' } as const;
const step = fc.record({
  what: fc.constantFrom('sent', 'refused', 'gave up', 'defer', 'vanished', 'gather'),
  wait: fc.integer({ min: 0, max: 2 * DISPATCH_LEASE_MS }),
});

describe('a dispatch', () => {
  it('whatever comes of its attempts, ends at most once, after so many attempts, and never too late', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.option(fc.integer({ min: 1, max: 7_200_000 })), (steps, expiresAt) => {
        const planned = Dispatch.plan({ ...draft, expiresAt }, 0);
        let dispatch = planned.state;
        const told: DispatchEvent[] = [...planned.events];
        let now = 0;
        let attempts = 0;
        for (const { what, wait } of steps) {
          now += wait;
          if (what === 'gather') {
            dispatch = Dispatch.gather(dispatch, `n${now}`) ?? dispatch;
            continue;
          }
          if (dispatch.status === 'sent' || dispatch.status === 'dropped' || dispatch.dueAt > now) continue;
          const claimed = Dispatch.claim(dispatch, now);
          told.push(...claimed.events);
          dispatch = Dispatch.check(claimed.state);
          if (dispatch.status !== 'processing' || what === 'vanished') continue;
          if (expiresAt !== null) expect(now).toBeLessThan(expiresAt);
          if (what !== 'defer') attempts += 1;
          const settled = (() => {
            if (what === 'sent') return Dispatch.sent(dispatch, now);
            if (what === 'defer') return Dispatch.defer(dispatch, now + 1);
            return Dispatch.refused(dispatch, { reason: 'x', isPermanent: what === 'gave up' }, now);
          })();
          expect(DISPATCH_NEXT.processing).toContain(settled.state.status);
          told.push(...settled.events);
          dispatch = Dispatch.check(settled.state);
        }
        expect(attempts).toBeLessThanOrEqual(DISPATCH_ATTEMPTS_MAX);
        const ends = told.filter(({ type }) => type !== 'notifications.dispatch_planned');
        expect(ends).toHaveLength(dispatch.status === 'sent' || dispatch.status === 'dropped' ? 1 : 0);
        expect(dispatch.noticeIds.length).toBeLessThanOrEqual(GATHERED_MAX);
      }),
      { numRuns: 300 },
    );
  });

  it('gathers until it is on its way, each notice once', () => {
    const { state } = Dispatch.plan({ ...draft, expiresAt: null }, 0);
    const two = Dispatch.gather(state, 'n1');
    expect(two?.noticeIds).toEqual(['n0', 'n1']);
    expect(Dispatch.gather(two as Dispatch, 'n1')?.noticeIds).toEqual(['n0', 'n1']);
    expect(Dispatch.gather(Dispatch.claim(state, 0).state, 'n1')).toBeUndefined();
    const tried = Dispatch.refused(Dispatch.claim(state, 0).state, { reason: 'x', isPermanent: false }, 0).state;
    expect(Dispatch.gather(tried, 'n1')).toBeUndefined();
  });

  it('reaches every state, and leaves none that is final', () => {
    const reached = new Set<DispatchStatus>(['pending']);
    for (let size = 0; size !== reached.size; ) {
      size = reached.size;
      for (const from of [...reached]) for (const to of DISPATCH_NEXT[from]) reached.add(to);
    }
    expect([...reached].sort()).toEqual([...DISPATCH_STATUSES].sort());
  });
});

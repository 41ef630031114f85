import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Endpoint, FAILING_MS, KEPT_MS } from '#domain/webhooks/endpoint.ts';
import { EventTypes } from '#domain/webhooks/event-types.ts';
import { PUBLIC_EVENT_TYPES } from '#domain/webhooks/public-events.ts';
import { must } from '../../support/must.ts';

const HOUR = 3_600_000;
const added = () =>
  must(Endpoint.add({ id: 'e', restaurantId: 'r', url: 'https://eat.test/', description: '', eventTypes: ['*'], sealedSecret: 's0' }, 0, 0)).state;
type Step = { readonly do: 'accepted' | 'refused' | 'gone' | 'enable' | 'disable' | 'rotate'; readonly after: number };
const steps = fc.array(
  fc.record<Step>({
    do: fc.constantFrom('accepted', 'refused', 'refused', 'refused', 'gone', 'enable', 'disable', 'rotate'),
    after: fc.integer({ min: 0, max: 40 * HOUR }),
  }),
  { maxLength: 80 },
);

describe('an endpoint', () => {
  it('is disabled by itself only when it is gone, or nothing but failed for three days', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        let endpoint = added();
        let at = 0;
        let failedSince: number | undefined;
        let secrets = 1;
        for (const step of taken) {
          at += step.after;
          const before = endpoint;
          if (step.do === 'enable' || step.do === 'disable') {
            const moved = step.do === 'enable' ? Endpoint.enable(endpoint, at) : Endpoint.disable(endpoint, 'owner', at);
            expect(moved.ok).toBe((before.status === 'enabled') === (step.do === 'disable'));
            if (moved.ok) endpoint = moved.value.state;
            if (moved.ok && step.do === 'enable') failedSince = undefined;
          } else if (step.do === 'rotate') {
            endpoint = Endpoint.rotate(endpoint, `s${secrets++}`, 5, at).state;
            expect(Endpoint.signing(endpoint, at).map(({ sealed }) => sealed)).toEqual([`s${secrets - 1}`, `s${secrets - 2}`]);
            expect(Endpoint.signing(endpoint, at + 5 * HOUR).map(({ sealed }) => sealed)).toEqual([`s${secrets - 1}`]);
          } else {
            const seen = Endpoint.observe(endpoint, step.do, at);
            if (before.status !== 'enabled') expect(seen).toBeUndefined();
            else {
              if (step.do === 'accepted') failedSince = undefined;
              else failedSince ??= at;
              const isOver = step.do === 'gone' || (failedSince !== undefined && at - failedSince >= FAILING_MS);
              endpoint = seen?.state ?? endpoint;
              expect(endpoint.status).toBe(isOver ? 'disabled' : 'enabled');
              expect(endpoint.failingSince).toBe(failedSince ?? null);
            }
          }
          Endpoint.check(endpoint);
          expect(Endpoint.signing(endpoint, at).length).toBeGreaterThanOrEqual(1);
        }
        const removed = must(Endpoint.remove(endpoint, at)).state;
        expect([Endpoint.check(removed).secrets, Endpoint.collects(removed, at)]).toEqual([[], false]);
        expect(Endpoint.enable(removed, at).ok).toBe(false);
      }),
    );
  });

  it('is kept what it misses while it is disabled for failing, for as long as that could be replayed', () => {
    const failing = Endpoint.observe(added(), 'refused', 0)?.state ?? added();
    const disabled = Endpoint.observe(failing, 'refused', FAILING_MS)?.state ?? failing;
    expect(disabled).toMatchObject({ status: 'disabled', disabledFor: 'failing' });
    expect([Endpoint.collects(disabled, KEPT_MS - 1), Endpoint.collects(disabled, KEPT_MS)]).toEqual([true, false]);
    expect(Endpoint.collects(must(Endpoint.disable(added(), 'owner', 0)).state, 1)).toBe(false);
  });

  it('wants what its patterns say, and nothing can be wanted that never comes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PUBLIC_EVENT_TYPES), fc.constantFrom(...PUBLIC_EVENT_TYPES), (wanted, type) => {
        const group = `${wanted.split('.')[0]}.*`;
        expect(EventTypes.wants([wanted], type)).toBe(wanted === type);
        expect(EventTypes.wants([group], type)).toBe(type.startsWith(group.slice(0, -1)));
        expect(EventTypes.wants(['*'], type)).toBe(true);
        expect(must(EventTypes.parse([wanted, group, '*', wanted]))).toEqual([...new Set([wanted, group, '*'])].sort());
      }),
    );
    for (const unknown of ['order', 'order.', 'order.*.*', 'ord.*', '.*', '**', 'webhook.test', 'webhook.*'])
      expect(EventTypes.parse(['*', unknown])).toEqual({ ok: false, error: { code: 'webhooks.event_type_unknown', eventTypes: [unknown] } });
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SessionEvent } from '#domain/identity/events.ts';
import { ABSOLUTE_WITH_ROLES_MS, GRACE_MS, IDLE_MS, type Rotation, Session } from '#domain/identity/session.ts';
import { AT, aSession } from '#tests/support/sessions.ts';

const DAY = 86_400_000;

/** Somebody presents the token that is `behind` the newest, `after` ms later than the last one did. */
const presentation = fc.record({
  behind: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.integer({ min: 2, max: 4 }) },
  ),
  after: fc.oneof(
    fc.integer({ min: 0, max: 2 * GRACE_MS }),
    fc.integer({ min: 0, max: 2 * DAY }),
    fc.constantFrom(GRACE_MS, GRACE_MS + 1, IDLE_MS - 1, IDLE_MS),
  ),
  holdsRoles: fc.boolean(),
});
const presentations = fc.array(presentation, { minLength: 1, maxLength: 40 });

type Step = { readonly before: Session; readonly presented: number; readonly at: number; readonly rotation: Rotation; readonly after: Session };

function play(script: readonly { readonly behind: number; readonly after: number; readonly holdsRoles: boolean }[]): readonly Step[] {
  let session = aSession();
  let at = AT;
  return script.map(({ behind, after, holdsRoles }) => {
    const before = session;
    const presented = Math.max(0, before.rotation - behind);
    at += after;
    const rotation = Session.rotate(before, presented, { holdsRoles }, at);
    if ('change' in rotation) session = Session.check(rotation.change.state);
    return { before, presented, at, rotation, after: session };
  });
}

it('any reuse beyond the grace ends the session, and nothing else but age does', () => {
  fc.assert(
    fc.property(presentations, (script) => {
      for (const { before, presented, at, rotation, after } of play(script)) {
        const isSuccessorOfGrace = presented === before.rotation - 1 && at - before.rotatedAt <= GRACE_MS;
        if (before.status !== 'active') expect(rotation).toEqual({ outcome: 'ended' });
        else if (rotation.outcome === 'expired')
          expect(at).toBeGreaterThanOrEqual(Math.min(before.idleExpiresAt, before.startedAt + ABSOLUTE_WITH_ROLES_MS));
        else if (presented === before.rotation) expect(rotation.outcome).toBe('rotated');
        else expect(rotation.outcome).toBe(isSuccessorOfGrace ? 'repeated' : 'reused');
        if (rotation.outcome === 'reused') expect(after.status).toBe('revoked');
      }
    }),
  );
});

it('once ended, no token of the chain ever works again', () => {
  fc.assert(
    fc.property(presentations, presentations, (script, more) => {
      const last = play(script).at(-1)?.after as Session;
      fc.pre(last.status !== 'active');
      for (const { behind, after, holdsRoles } of more) {
        expect(Session.rotate(last, Math.max(0, last.rotation - behind), { holdsRoles }, AT + after)).toEqual({ outcome: 'ended' });
      }
    }),
  );
});

it('at no time are two different tokens good: a chain never forks', () => {
  fc.assert(
    fc.property(presentations, (script) => {
      for (const { before, at, after, rotation } of play(script)) {
        if (rotation.outcome === 'repeated') expect(after).toEqual(before); // The successor is the one that was already given.
        const tokens = Array.from({ length: after.rotation + 3 }, (_, n) => n);
        const fresh = tokens.filter((n) => Session.rotate(after, n, { holdsRoles: false }, at).outcome === 'rotated');
        expect(fresh.length).toBeLessThanOrEqual(1);
      }
    }),
  );
});

it('time only shortens what is left, and the events alone tell the state', () => {
  fc.assert(
    fc.property(presentations, (script) => {
      const steps = play(script);
      let told: Pick<Session, 'rotation' | 'status' | 'idleExpiresAt' | 'absoluteExpiresAt'> = aSession();
      for (const { before, after, rotation } of steps) {
        expect(after.absoluteExpiresAt).toBeLessThanOrEqual(before.absoluteExpiresAt);
        expect(after.idleExpiresAt).toBeLessThanOrEqual(after.absoluteExpiresAt);
        if ('change' in rotation) for (const event of rotation.change.events) told = fold(told, event);
        const { rotation: number, status, idleExpiresAt, absoluteExpiresAt } = after;
        expect(told).toMatchObject({ rotation: number, status, idleExpiresAt, absoluteExpiresAt });
      }
    }),
  );
});

function fold<S extends object>(state: S, event: SessionEvent): S {
  switch (event.type) {
    case 'identity.session_rotated':
      return { ...state, rotation: event.rotation, idleExpiresAt: event.idleExpiresAt, absoluteExpiresAt: event.absoluteExpiresAt };
    case 'identity.session_revoked':
      return { ...state, status: 'revoked' };
    case 'identity.session_expired':
      return { ...state, status: 'expired' };
    case 'identity.session_strengthened':
      return { ...state, proofs: event.proofs };
    case 'identity.session_started':
      return state;
  }
}

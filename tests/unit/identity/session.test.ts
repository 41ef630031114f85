import { describe, expect, it } from 'vitest';
import { ABSOLUTE_MS, ABSOLUTE_WITH_ROLES_MS, ACCESS_TOKEN_MS, GRACE_MS, IDLE_MS, type Rotation, Session } from '#domain/identity/session.ts';
import { err } from '#domain/shared/result.ts';
import { AT, anAccount, aSession, SIGNED_IN } from '#tests/support/sessions.ts';

const CUSTOMER = { holdsRoles: false };
const STAFF = { holdsRoles: true };
const HOUR = 3_600_000;

const stateOf = (rotation: Rotation): Session => {
  if (!('change' in rotation)) throw new Error(`nothing changed: ${rotation.outcome}`);
  return rotation.change.state;
};

describe('a session', () => {
  it('starts with token 0 and both its ends', () => {
    expect(aSession()).toMatchObject({
      rotation: 0,
      status: 'active',
      proofs: ['password'],
      device: 'Firefox on Linux',
      ip: null,
      startedAt: AT,
      rotatedAt: AT,
      idleExpiresAt: AT + IDLE_MS,
      absoluteExpiresAt: AT + ABSOLUTE_MS,
      version: 0,
    });
    expect(aSession(true)).toMatchObject({ idleExpiresAt: AT + ABSOLUTE_WITH_ROLES_MS, absoluteExpiresAt: AT + ABSOLUTE_WITH_ROLES_MS });
    expect([IDLE_MS, ABSOLUTE_MS, ABSOLUTE_WITH_ROLES_MS, GRACE_MS, ACCESS_TOKEN_MS]).toEqual([168 * HOUR, 720 * HOUR, 12 * HOUR, 10_000, HOUR / 4]);
  });

  it('does not start for a closed account', () => {
    const closed = { ...anAccount, status: 'closed' as const };
    expect(Session.start({ id: 's', account: closed, salt: 'x', holdsRoles: false, ...SIGNED_IN }, AT)).toEqual(
      err({ code: 'identity.account_closed', accountId: anAccount.id }),
    );
  });

  it('says what happened, and never its salt', () => {
    const started = Session.start({ id: 's', account: anAccount, salt: 'c2FsdA', holdsRoles: false, ...SIGNED_IN }, AT);
    const rotated = Session.rotate(aSession(), 0, CUSTOMER, AT + HOUR);
    if (!started.ok || rotated.outcome !== 'rotated') throw new Error('a session starts and rotates');
    expect(started.value.events).toEqual([
      {
        type: 'identity.session_started',
        sessionId: 's',
        accountId: anAccount.id,
        proofs: ['password'],
        device: 'Firefox on Linux',
        idleExpiresAt: AT + IDLE_MS,
        absoluteExpiresAt: AT + ABSOLUTE_MS,
        at: AT,
      },
    ]);
    expect(rotated.change.events).toEqual([
      {
        type: 'identity.session_rotated',
        sessionId: aSession().id,
        accountId: anAccount.id,
        rotation: 1,
        idleExpiresAt: AT + HOUR + IDLE_MS,
        absoluteExpiresAt: AT + ABSOLUTE_MS,
        at: AT + HOUR,
      },
    ]);
    expect(JSON.stringify([started.value.events, rotated.change.events])).not.toContain('c2FsdA');
  });

  it('slides with every rotation, up to its absolute end', () => {
    const later = AT + 6 * 24 * HOUR;
    const slid = stateOf(Session.rotate(aSession(), 0, CUSTOMER, later));
    expect(slid).toMatchObject({ rotation: 1, rotatedAt: later, idleExpiresAt: later + IDLE_MS });
    const last = AT + ABSOLUTE_MS - 1;
    const almost = { ...slid, rotatedAt: last - 1, idleExpiresAt: AT + ABSOLUTE_MS };
    expect(stateOf(Session.rotate(almost, 1, CUSTOMER, last))).toMatchObject({ idleExpiresAt: AT + ABSOLUTE_MS });
  });

  it.each([
    ['idle', false, AT + IDLE_MS],
    ['of age, with roles', true, AT + ABSOLUTE_WITH_ROLES_MS],
  ])('expires when %s, to the millisecond', (_, holdsRoles, end) => {
    expect(Session.rotate(aSession(holdsRoles), 0, { holdsRoles }, end - 1).outcome).toBe('rotated');
    expect(Session.isAlive(aSession(holdsRoles), end - 1)).toBe(true);
    const over = Session.rotate(aSession(holdsRoles), 0, { holdsRoles }, end);
    expect(over).toMatchObject({
      outcome: 'expired',
      change: { state: { status: 'expired' }, events: [{ type: 'identity.session_expired', at: end }] },
    });
    expect(Session.isAlive(aSession(holdsRoles), end)).toBe(false);
    expect(Session.rotate(stateOf(over), 0, CUSTOMER, AT)).toEqual({ outcome: 'ended' });
  });

  it('expires of age however often it was renewed', () => {
    let session = aSession();
    let at = AT;
    for (; session.status === 'active'; at += 24 * HOUR) session = stateOf(Session.rotate(session, session.rotation, CUSTOMER, at));
    expect(session.status).toBe('expired');
    expect(at - 24 * HOUR).toBe(AT + ABSOLUTE_MS);
  });

  it('lives 12 hours from its start once its account holds a role', () => {
    expect(Session.rotate(aSession(), 0, STAFF, AT + 13 * HOUR).outcome).toBe('expired');
    const shortened = stateOf(Session.rotate(aSession(), 0, STAFF, AT + 11 * HOUR));
    expect(shortened).toMatchObject({ absoluteExpiresAt: AT + 12 * HOUR, idleExpiresAt: AT + 12 * HOUR });
    // And does not grow back when the role is gone.
    expect(stateOf(Session.rotate(shortened, 1, CUSTOMER, AT + 11.5 * HOUR))).toMatchObject({ absoluteExpiresAt: AT + 12 * HOUR });
  });

  it('repeats itself within the grace, and takes the token before for stolen after it', () => {
    const once = stateOf(Session.rotate(aSession(), 0, CUSTOMER, AT + HOUR));
    expect(Session.rotate(once, 0, CUSTOMER, AT + HOUR + GRACE_MS)).toEqual({ outcome: 'repeated', session: once });
    expect(Session.rotate(once, 0, CUSTOMER, AT + HOUR + GRACE_MS + 1)).toMatchObject({
      outcome: 'reused',
      change: { state: { status: 'revoked' }, events: [{ type: 'identity.session_revoked', reason: 'token_reused' }] },
    });
  });

  it('has no grace for a token older than the one before, nor for one that was never given', () => {
    const once = stateOf(Session.rotate(aSession(), 0, CUSTOMER, AT + 1));
    const twice = stateOf(Session.rotate(once, 1, CUSTOMER, AT + 2));
    expect(Session.rotate(twice, 0, CUSTOMER, AT + 3).outcome).toBe('reused');
    expect(Session.rotate(twice, 3, CUSTOMER, AT + 3).outcome).toBe('reused');
  });

  it('is revoked once', () => {
    const revoked = Session.revoke(aSession(), 'signed_out', AT + 1);
    if (!revoked.ok) throw new Error('an active session can be revoked');
    const { id: sessionId, accountId } = aSession();
    expect(revoked.value.events).toEqual([{ type: 'identity.session_revoked', sessionId, accountId, reason: 'signed_out', at: AT + 1 }]);
    expect(Session.isAlive(revoked.value.state, AT + 1)).toBe(false);
    expect(Session.revoke(revoked.value.state, 'signed_out', AT + 2)).toEqual(err({ code: 'identity.session_ended', sessionId: aSession().id }));
    expect(Session.rotate(revoked.value.state, 0, CUSTOMER, AT + 2)).toEqual({ outcome: 'ended' });
  });

  it('gives access tokens of 15 minutes, none beyond its own end', () => {
    expect(Session.accessExpiresAt(aSession(), AT)).toBe(AT + ACCESS_TOKEN_MS);
    expect(Session.accessExpiresAt(aSession(true), AT + ABSOLUTE_WITH_ROLES_MS - 60_000)).toBe(AT + ABSOLUTE_WITH_ROLES_MS);
  });

  it('stops what no rule could have made', () => {
    const session = aSession();
    expect(() => Session.check({ ...session, status: 'gone' as 'active' })).toThrow('unknown status');
    expect(() => Session.check({ ...session, rotation: -1 })).toThrow('counts its tokens');
    expect(() => Session.check({ ...session, absoluteExpiresAt: AT })).toThrow('ends after it starts');
    expect(() => Session.check({ ...session, absoluteExpiresAt: AT + ABSOLUTE_MS + 1 })).toThrow('lives too long');
    expect(Session.check(session)).toBe(session);
  });
});

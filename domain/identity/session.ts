import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import { Account } from './account.ts';
import type { IdentityErrorOf } from './errors.ts';
import type { SessionEvent } from './events.ts';
import { SecondFactor } from './second-factor.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** A session that nobody renews for this long is over. */
export const IDLE_MS = 7 * DAY_MS;
/** However often it is renewed, a session ends this long after the password was given. */
export const ABSOLUTE_MS = 30 * DAY_MS;
/** The same for whoever holds a role, in a restaurant or on the platform. */
export const ABSOLUTE_WITH_ROLES_MS = 12 * HOUR_MS;
/** A token presented again this soon after it was used is a lost reply or a second tab, not a thief. */
export const GRACE_MS = 10_000;
export const ACCESS_TOKEN_MS = 15 * 60_000;
/** How long after it started a session proves by itself who is there. */
export const FRESH_MS = 10 * 60_000;

const NEXT = {
  active: ['active', 'revoked', 'expired'],
  revoked: [],
  expired: [],
} as const satisfies Record<string, readonly string[]>;

export type SessionStatus = keyof typeof NEXT;
export const SESSION_STATUSES = Object.keys(NEXT) as readonly SessionStatus[];
export const REVOKE_REASONS = [
  'signed_out',
  'token_reused',
  'ended_by_owner',
  'password_changed',
  'password_reset',
  'email_changed',
  'second_factor_changed',
  'account_reclaimed',
  'account_closed',
] as const;
export type RevokeReason = (typeof REVOKE_REASONS)[number];

/** What somebody proved who they are with. */
export const PROOFS = ['password', 'totp', 'backup_code', 'passkey', 'external'] as const;
export type Proof = (typeof PROOFS)[number];
/** A passkey is two in one: the device, and what opens it. What another provider asked for is not ours to know, so it counts as one. */
const SECOND: readonly Proof[] = ['totp', 'backup_code', 'passkey'];

/** One sign-in on one device, carried by a chain of refresh tokens of which only the last is good. */
export type Session = {
  readonly id: string;
  readonly accountId: string;
  /** Goes into every refresh token's key; never leaves the server. */
  readonly salt: string;
  /** The number of the refresh token that is good now. */
  readonly rotation: number;
  readonly status: SessionStatus;
  readonly proofs: readonly Proof[];
  /** As its owner recognises it in a list. */
  readonly device: string;
  readonly ip: string | null;
  readonly startedAt: number;
  readonly rotatedAt: number;
  readonly idleExpiresAt: number;
  readonly absoluteExpiresAt: number;
  readonly version: number;
};

type Changed = Change<Session, SessionEvent>;

/** What became of a refresh token that was presented. Every `change` is to be saved, the refusals' too. */
export type Rotation =
  | { readonly outcome: 'rotated'; readonly change: Changed }
  /** Within the grace of the last rotation: the successor it was given stands. */
  | { readonly outcome: 'repeated'; readonly session: Session }
  /** An older token came back, so somebody has copied one: the session is revoked. */
  | { readonly outcome: 'reused'; readonly change: Changed }
  | { readonly outcome: 'expired'; readonly change: Changed }
  | { readonly outcome: 'ended' };

type Standing = { readonly holdsRoles: boolean };

type Start = Standing &
  Pick<Session, 'id' | 'salt' | 'proofs' | 'device' | 'ip'> & {
    readonly account: Account;
    /** The account's second factor as it is at this moment. */
    readonly factor: SecondFactor | undefined;
  };
type StartRefusal = IdentityErrorOf<'identity.account_closed' | 'identity.second_factor_required'>;

/** The only way a session begins, whatever proved who it is: where there is a second factor, nothing else will do without it. */
function start({ account, factor, holdsRoles, ...given }: Start, at: number): Result<Changed, StartRefusal> {
  const { id: accountId } = account;
  if (!Account.isActive(account)) return err({ code: 'identity.account_closed', accountId });
  if (SecondFactor.isOn(factor) && !hasSecondProof(given)) return err({ code: 'identity.second_factor_required' });
  const absoluteExpiresAt = at + (holdsRoles ? ABSOLUTE_WITH_ROLES_MS : ABSOLUTE_MS);
  const idleExpiresAt = Math.min(at + IDLE_MS, absoluteExpiresAt);
  const times = { startedAt: at, rotatedAt: at, idleExpiresAt, absoluteExpiresAt };
  const state: Session = { ...given, ...times, accountId, rotation: 0, status: 'active', version: 0 };
  const { id: sessionId, proofs, device } = state;
  return ok({
    state,
    events: [{ type: 'identity.session_started', sessionId, accountId, proofs, device, idleExpiresAt, absoluteExpiresAt, at }],
  });
}

/** Whether more than the password stands behind it. */
const hasSecondProof = ({ proofs }: Pick<Session, 'proofs'>): boolean => proofs.some((proof) => SECOND.includes(proof));

/** A second proof was given within the session. */
function strengthen(session: Session, proof: Proof, at: number): Changed | undefined {
  if (session.status !== 'active' || session.proofs.includes(proof)) return undefined;
  const { id: sessionId, accountId } = session;
  const proofs = [...session.proofs, proof];
  return { state: { ...session, proofs }, events: [{ type: 'identity.session_strengthened', sessionId, accountId, proofs, at }] };
}

/** Answers to the presentation of a genuine token. A role that came since the start shortens what is left. */
function rotate(session: Session, presented: number, { holdsRoles }: Standing, at: number): Rotation {
  if (session.status !== 'active') return { outcome: 'ended' };
  const absoluteExpiresAt = Math.min(session.absoluteExpiresAt, session.startedAt + (holdsRoles ? ABSOLUTE_WITH_ROLES_MS : ABSOLUTE_MS));
  if (at >= Math.min(session.idleExpiresAt, absoluteExpiresAt)) return { outcome: 'expired', change: expired(session, at) };

  const { id: sessionId, accountId, rotation: current, rotatedAt } = session;
  if (presented !== current) {
    if (presented === current - 1 && at - rotatedAt <= GRACE_MS) return { outcome: 'repeated', session };
    return { outcome: 'reused', change: revoked(session, 'token_reused', at) };
  }
  const rotation = current + 1;
  const idleExpiresAt = Math.min(at + IDLE_MS, absoluteExpiresAt);
  const state = moveTo({ ...session, rotation, rotatedAt: at, idleExpiresAt, absoluteExpiresAt }, 'active');
  return {
    outcome: 'rotated',
    change: { state, events: [{ type: 'identity.session_rotated', sessionId, accountId, rotation, idleExpiresAt, absoluteExpiresAt, at }] },
  };
}

function revoke(session: Session, reason: RevokeReason, at: number): Result<Changed, IdentityErrorOf<'identity.session_ended'>> {
  return session.status === 'active' ? ok(revoked(session, reason, at)) : err({ code: 'identity.session_ended', sessionId: session.id });
}

function revoked(session: Session, reason: RevokeReason, at: number): Changed {
  const { id: sessionId, accountId } = session;
  return { state: moveTo(session, 'revoked'), events: [{ type: 'identity.session_revoked', sessionId, accountId, reason, at }] };
}

function expired(session: Session, at: number): Changed {
  const { id: sessionId, accountId } = session;
  return { state: moveTo(session, 'expired'), events: [{ type: 'identity.session_expired', sessionId, accountId, at }] };
}

function moveTo(session: Session, status: SessionStatus): Session {
  const allowed: readonly SessionStatus[] = NEXT[session.status];
  invariant(allowed.includes(status), `a session that is ${session.status} cannot become ${status}`);
  return { ...session, status };
}

/** Whether its access tokens hold. */
const isAlive = ({ status, idleExpiresAt, absoluteExpiresAt }: Session, at: number): boolean =>
  status === 'active' && at < Math.min(idleExpiresAt, absoluteExpiresAt);

/** Whether its owner has just signed in, which stands for a password where there is none. */
const isFresh = ({ startedAt }: Session, at: number): boolean => at - startedAt <= FRESH_MS;

/** When an access token made now ends: never after its session. */
const accessExpiresAt = ({ absoluteExpiresAt }: Session, at: number): number => Math.min(at + ACCESS_TOKEN_MS, absoluteExpiresAt);

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(session: Session): Session {
  const { id, status, rotation, startedAt, rotatedAt, idleExpiresAt, absoluteExpiresAt } = session;
  invariant(status in NEXT, `unknown status ${status}`);
  invariant(Number.isSafeInteger(rotation) && rotation >= 0, `session ${id} counts its tokens`);
  invariant(session.proofs.length > 0 && session.proofs.every((proof) => PROOFS.includes(proof)), `session ${id} was proven`);
  invariant(startedAt < absoluteExpiresAt && idleExpiresAt <= absoluteExpiresAt, `session ${id} ends after it starts`);
  invariant(absoluteExpiresAt - startedAt <= ABSOLUTE_MS && idleExpiresAt - rotatedAt <= IDLE_MS, `session ${id} lives too long`);
  return session;
}

export const Session = { start, strengthen, hasSecondProof, rotate, revoke, isAlive, isFresh, accessExpiresAt, check };

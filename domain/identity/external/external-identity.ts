import type { Change } from '../../shared/change.ts';
import { invariant } from '../../shared/invariant.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { IdentityErrorOf } from '../errors.ts';
import type { ExternalIdentityEvent } from '../events.ts';

export const EXTERNAL_IDENTITIES_MAX = 10;
/** What OpenID Connect allows a subject to be long. */
export const SUBJECT_MAX = 255;
const ISSUER_MAX = 2_000;

const NEXT = {
  active: ['active', 'removed'],
  removed: [],
} as const satisfies Record<string, readonly string[]>;

export type ExternalIdentityStatus = keyof typeof NEXT;
export const EXTERNAL_IDENTITY_STATUSES = Object.keys(NEXT) as readonly ExternalIdentityStatus[];

/** Somebody whom another provider knows, and who signs in to an account of ours as that. */
export type ExternalIdentity = {
  readonly id: string;
  readonly accountId: string;
  /** What we call the provider: `google`. */
  readonly provider: string;
  /** Who the provider is, and whom it means: together they are one person, whatever their address is today. */
  readonly issuer: string;
  readonly subject: string;
  readonly status: ExternalIdentityStatus;
  readonly linkedAt: number;
  readonly usedAt: number | null;
  readonly version: number;
};

type Changed = Change<ExternalIdentity, ExternalIdentityEvent>;
type Draft = Pick<ExternalIdentity, 'id' | 'accountId' | 'provider' | 'issuer' | 'subject'>;

/** `others` are the account's external identities before it. */
function link(draft: Draft, others: number, at: number): Result<Changed, IdentityErrorOf<'identity.too_many_external_identities'>> {
  if (others >= EXTERNAL_IDENTITIES_MAX) return err({ code: 'identity.too_many_external_identities', limit: EXTERNAL_IDENTITIES_MAX });
  const state: ExternalIdentity = { ...draft, status: 'active', linkedAt: at, usedAt: null, version: 0 };
  return ok({ state, events: [{ type: 'identity.external_identity_linked', ...factsOf(state), at }] });
}

/** It signed in. Nothing to do for one that was removed. */
function use(identity: ExternalIdentity, at: number): Changed | undefined {
  if (identity.status !== 'active') return undefined;
  return { state: { ...identity, usedAt: at }, events: [{ type: 'identity.external_identity_used', ...factsOf(identity), at }] };
}

/** Nothing to do for one that was removed before. */
function remove(identity: ExternalIdentity, at: number): Changed | undefined {
  const allowed: readonly ExternalIdentityStatus[] = NEXT[identity.status];
  if (!allowed.includes('removed')) return undefined;
  return { state: { ...identity, status: 'removed' }, events: [{ type: 'identity.external_identity_removed', ...factsOf(identity), at }] };
}

const factsOf = ({ id: externalIdentityId, accountId, provider }: ExternalIdentity) => ({ externalIdentityId, accountId, provider });

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(identity: ExternalIdentity): ExternalIdentity {
  const { id, status, issuer, subject } = identity;
  invariant(status in NEXT, `unknown status ${status}`);
  invariant(issuer !== '' && issuer.length <= ISSUER_MAX, `external identity ${id} has an issuer`);
  invariant(subject !== '' && subject.length <= SUBJECT_MAX, `external identity ${id} has a subject`);
  return identity;
}

export const ExternalIdentity = { link, use, remove, check };

import { type Actor, may, type Permission } from '../shared/actor.ts';
import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { ApiKeyErrorOf } from './api-key-errors.ts';
import type { ApiKeyEvent } from './events.ts';

const DAY_MS = 86_400_000;
export const KEY_DAYS_MAX = 730;
export const KEYS_MAX = 50;
export const NETWORKS_MAX = 20;

/** What a program may ever be allowed. Staff, keys and the trail of who did what are for people. */
export const KEY_SCOPES = [
  'restaurants:write',
  'menu:write',
  'menu:availability',
  'stock:read',
  'stock:write',
  'orders:read',
  'orders:accept',
  'orders:reject',
  'orders:prepare',
  'orders:ready',
  'orders:dispatch',
  'orders:complete',
  'orders:cancel',
  'orders:return',
  'webhooks:read',
  'webhooks:write',
] as const satisfies readonly Permission[];
export type KeyScope = (typeof KEY_SCOPES)[number];

const NEXT = { active: ['revoked'], revoked: [] } as const satisfies Record<string, readonly string[]>;
export type ApiKeyStatus = keyof typeof NEXT;
export const API_KEY_STATUSES = Object.keys(NEXT) as readonly ApiKeyStatus[];

/** A program's access to one restaurant, given by a person and never more than theirs. */
export type ApiKey = {
  readonly id: string;
  readonly restaurantId: string;
  readonly name: string;
  /** A keyed digest of the secret; the secret itself is nowhere. */
  readonly secretHash: string;
  readonly scopes: readonly KeyScope[];
  /** The networks it may be used from; none means anywhere. */
  readonly networks: readonly string[];
  /** The account that answers for it. */
  readonly issuedBy: string;
  readonly issuedAt: number;
  readonly expiresAt: number | null;
  readonly status: ApiKeyStatus;
  readonly version: number;
};
export type ApiKeyDraft = Pick<ApiKey, 'id' | 'restaurantId' | 'name' | 'secretHash' | 'scopes' | 'networks' | 'expiresAt'>;

type Issued = Result<
  Change<ApiKey, ApiKeyEvent>,
  ApiKeyErrorOf<
    'identity.api_key_scope_not_held' | 'identity.api_key_expiry_out_of_range' | 'identity.too_many_api_keys' | 'identity.person_required'
  >
>;

/** Nobody gives a program what they do not hold themselves. `others` is how many live keys the restaurant has. */
function issue(draft: ApiKeyDraft, others: number, actor: Actor, at: number): Issued {
  if (actor.kind !== 'account') return err({ code: 'identity.person_required' });
  const missing = draft.scopes.filter((scope) => !may(actor, scope, draft.restaurantId));
  if (missing.length > 0) return err({ code: 'identity.api_key_scope_not_held', scopes: missing });
  const { expiresAt } = draft;
  if (expiresAt !== null && (expiresAt <= at || expiresAt > at + KEY_DAYS_MAX * DAY_MS))
    return err({ code: 'identity.api_key_expiry_out_of_range', daysMax: KEY_DAYS_MAX });
  if (others >= KEYS_MAX) return err({ code: 'identity.too_many_api_keys', limit: KEYS_MAX });

  const state: ApiKey = { ...draft, issuedBy: actor.accountId, issuedAt: at, status: 'active', version: 0 };
  const { id: apiKeyId, restaurantId, name, scopes, networks, issuedBy } = state;
  return ok({ state, events: [{ type: 'identity.api_key_issued', apiKeyId, restaurantId, name, scopes, networks, issuedBy, expiresAt, at }] });
}

function revoke(key: ApiKey, at: number): Result<Change<ApiKey, ApiKeyEvent>, ApiKeyErrorOf<'identity.api_key_revoked'>> {
  const { id: apiKeyId, restaurantId } = key;
  const allowed: readonly ApiKeyStatus[] = NEXT[key.status];
  if (!allowed.includes('revoked')) return err({ code: 'identity.api_key_revoked', apiKeyId });
  return ok({ state: { ...key, status: 'revoked' }, events: [{ type: 'identity.api_key_revoked', apiKeyId, restaurantId, at }] });
}

/** Whether it opens anything at all at this moment. */
const isAlive = ({ status, expiresAt }: ApiKey, at: number): boolean => status === 'active' && (expiresAt === null || at < expiresAt);

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(key: ApiKey): ApiKey {
  invariant(key.status in NEXT, `unknown status ${key.status}`);
  invariant(key.scopes.length > 0 && key.scopes.every((scope) => KEY_SCOPES.includes(scope)), `API key ${key.id} has a scope there is not`);
  invariant(key.secretHash !== '', `API key ${key.id} has no secret`);
  return key;
}

export const ApiKey = { issue, revoke, isAlive, check };

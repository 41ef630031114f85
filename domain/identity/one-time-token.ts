import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import type { TokenEvent } from './events.ts';
import type { Proof } from './session.ts';

const MINUTE_MS = 60_000;

/** What a mailed link or an answer in between stands for, and how long by default. */
export const TOKEN_TTL_MS = {
  verify_email: 24 * 60 * MINUTE_MS,
  change_email: 60 * MINUTE_MS,
  undo_email: 72 * 60 * MINUTE_MS,
  reset_password: 60 * MINUTE_MS,
  second_factor: 5 * MINUTE_MS,
} as const satisfies Record<string, number>;

export type TokenPurpose = keyof typeof TOKEN_TTL_MS;
export const TOKEN_PURPOSES = Object.keys(TOKEN_TTL_MS) as readonly TokenPurpose[];

/** Wrong secrets with the right selector that a token survives. */
export const TOKEN_MISSES_MAX = 5;

const NEXT = {
  issued: ['issued', 'redeemed', 'expired', 'superseded', 'exhausted'],
  redeemed: [],
  expired: [],
  superseded: [],
  exhausted: [],
} as const satisfies Record<string, readonly string[]>;

export type TokenStatus = keyof typeof NEXT;
export const TOKEN_STATUSES = Object.keys(NEXT) as readonly TokenStatus[];

/** A secret given to one person for one act. Of the secret only a hash is kept; the selector finds it. */
export type OneTimeToken = {
  readonly id: string;
  readonly purpose: TokenPurpose;
  readonly accountId: string;
  readonly selector: string;
  readonly verifierHash: string;
  /** The account's credentials when it was issued: it does not outlive their change. Null for what must outlive it. */
  readonly credentials: number | null;
  /** The address it is about, where it is about one. */
  readonly email: string | null;
  /** What was proven already, for an answer in between. */
  readonly proof: Proof | null;
  readonly status: TokenStatus;
  readonly misses: number;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly version: number;
};

export type TokenChange = Change<OneTimeToken, TokenEvent>;
/** What became of a token that was presented. A `change` is to be saved, a refusal's too. */
export type Redemption =
  | { readonly outcome: 'redeemed'; readonly change: TokenChange }
  | { readonly outcome: 'missed' | 'expired' | 'superseded' | 'exhausted'; readonly change: TokenChange }
  | { readonly outcome: 'ended' };

type Draft = Pick<OneTimeToken, 'id' | 'purpose' | 'accountId' | 'selector' | 'verifierHash' | 'credentials'> & {
  readonly email?: string;
  readonly proof?: Proof;
  readonly ttlMs?: number;
};
type Presented = { readonly isGenuine: boolean; readonly credentials: number };

function issue({ ttlMs, email, proof, ...draft }: Draft, at: number): TokenChange {
  const expiresAt = at + (ttlMs ?? TOKEN_TTL_MS[draft.purpose]);
  const state: OneTimeToken = {
    ...draft,
    email: email ?? null,
    proof: proof ?? null,
    status: 'issued',
    misses: 0,
    issuedAt: at,
    expiresAt,
    version: 0,
  };
  const { id: tokenId, accountId, purpose } = state;
  return { state, events: [{ type: 'identity.token_issued', tokenId, accountId, purpose, expiresAt, at }] };
}

/** Answers to the presentation of a selector with some secret. `credentials` are the account's at this moment. */
function redeem(token: OneTimeToken, { isGenuine, credentials }: Presented, at: number): Redemption {
  if (token.status !== 'issued') return { outcome: 'ended' };
  if (at >= token.expiresAt) return { outcome: 'expired', change: moveTo(token, 'expired', at) };
  if (token.credentials !== null && credentials !== token.credentials) return { outcome: 'superseded', change: moveTo(token, 'superseded', at) };
  return isGenuine ? { outcome: 'redeemed', change: moveTo(token, 'redeemed', at) } : missed(token, at);
}

/** One wrong guess; the last one that is allowed ends the token. */
function missed(token: OneTimeToken, at: number): Extract<Redemption, { readonly change: TokenChange }> {
  const misses = token.misses + 1;
  if (misses >= TOKEN_MISSES_MAX) return { outcome: 'exhausted', change: moveTo({ ...token, misses }, 'exhausted', at) };
  const { id: tokenId, accountId, purpose } = token;
  return {
    outcome: 'missed',
    change: { state: { ...token, misses }, events: [{ type: 'identity.token_missed', tokenId, accountId, purpose, misses, at }] },
  };
}

/** Another token, or a change of credentials, takes its place. Nothing to do for one that has ended. */
const supersede = (token: OneTimeToken, at: number): TokenChange | undefined =>
  token.status === 'issued' ? moveTo(token, 'superseded', at) : undefined;

function moveTo(token: OneTimeToken, status: Exclude<TokenStatus, 'issued'>, at: number): TokenChange {
  const allowed: readonly TokenStatus[] = NEXT[token.status];
  invariant(allowed.includes(status), `a token that is ${token.status} cannot become ${status}`);
  const { id: tokenId, accountId, purpose } = token;
  return { state: { ...token, status }, events: [{ type: `identity.token_${status}`, tokenId, accountId, purpose, at }] };
}

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(token: OneTimeToken): OneTimeToken {
  const { id, purpose, status, misses, issuedAt, expiresAt } = token;
  invariant(purpose in TOKEN_TTL_MS && status in NEXT, `token ${id} is of an unknown kind`);
  invariant(misses >= 0 && misses <= TOKEN_MISSES_MAX, `token ${id} counts its misses`);
  invariant(issuedAt < expiresAt, `token ${id} ends after it was issued`);
  return token;
}

export const OneTimeToken = { issue, redeem, missed, supersede, check };

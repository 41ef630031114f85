import { OneTimeToken, type Redemption, type TokenChange } from './one-time-token.ts';

/** How a forgotten password may be replaced. The one place these numbers come from. */
export type ResetPolicy = {
  readonly maxRequests: number;
  readonly windowMs: number;
  readonly ttlMs: number;
};

const HOUR_MS = 60 * 60_000;
export const RESET_POLICY: ResetPolicy = { maxRequests: 3, windowMs: HOUR_MS, ttlMs: HOUR_MS };

/** issued -> redeemed | expired | superseded | exhausted, each once and for good. */
export type ResetToken = OneTimeToken & { readonly purpose: 'reset_password' };
type Draft = Pick<ResetToken, 'id' | 'accountId' | 'selector' | 'verifierHash'> & { readonly credentials: number };

const issue = (draft: Draft, { ttlMs }: ResetPolicy, at: number): TokenChange =>
  OneTimeToken.issue({ ...draft, purpose: 'reset_password', ttlMs }, at);

/** Whether a token that was found is one for this. */
const is = (token: OneTimeToken | undefined): token is ResetToken => token?.purpose === 'reset_password';

const redeem = (token: ResetToken, presented: { readonly isGenuine: boolean; readonly credentials: number }, at: number): Redemption =>
  OneTimeToken.redeem(token, presented, at);

export const ResetToken = { issue, is, redeem, supersede: OneTimeToken.supersede };

import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { mask } from '#domain/identity/mask.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { Identified } from '../identify.ts';
import type { AttemptLimit, IdentityDeps } from '../ports.ts';

/** What is told to whoever asks for mail; nothing of it depends on whether there is an account. */
export type MailAllowance = {
  /** What they typed, masked: never an address of ours. */
  readonly sentTo: string;
  readonly attemptsRemaining: number;
  readonly maxAttempts: number;
  readonly resetWindowMinutes: number;
};

type MailedFor = 'reset' | 'verification' | 'registration';
type Asked = Identified & { readonly identifier: string };

/**
 * Takes one of the mails that may be asked for under a name, counted by what was typed. Whether the account behind it,
 * under all its names together, still gets any is not told.
 */
export async function takeMail(
  deps: Pick<IdentityDeps, 'security'>,
  what: MailedFor,
  { identifier, spelling, account }: Asked,
  at: number,
): Promise<Result<{ readonly view: MailAllowance; readonly isMailed: boolean }, IdentityErrorOf<'identity.reset_limit'>>> {
  const { attempts, policy, secrets } = deps.security;
  const { maxRequests, windowMs } = policy.reset;
  const limit = { max: maxRequests, windowMs, lockMs: [] };
  const resetWindowMinutes = Math.round(windowMs / 60_000);
  const taken = await attempts.take([{ key: secrets.fingerprint(what, spelling), policy: limit }], at);
  if (!taken.isAllowed) {
    const seconds = Math.max(1, Math.ceil((taken.availableAt - at) / 1_000));
    return err({
      code: 'identity.reset_limit',
      attemptsRemaining: 0,
      maxAttempts: maxRequests,
      resetWindowMinutes,
      nextResetAvailableIn: seconds,
      nextResetAvailableAt: Temporal.Instant.fromEpochMilliseconds(taken.availableAt).toString({ smallestUnit: 'millisecond' }),
      retryAfterSeconds: seconds,
    });
  }
  const mailed = await attempts.take([mailLimit(deps, what, account?.id ?? spelling)], at);
  const view = { sentTo: mask(identifier), attemptsRemaining: taken.remaining, maxAttempts: maxRequests, resetWindowMinutes };
  return ok({ view, isMailed: mailed.isAllowed });
}

/** What one account gets of a kind of mail, under all its names together. */
export const mailLimit = ({ security: { policy, secrets } }: Pick<IdentityDeps, 'security'>, what: MailedFor, accountId: string): AttemptLimit => ({
  key: secrets.fingerprint(what, 'account', accountId),
  policy: { max: policy.reset.maxRequests, windowMs: policy.reset.windowMs, lockMs: [] },
});

import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { SecondFactor } from '#domain/identity/second-factor.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { confirmOwner, type NotConfirmed, tooMany } from '../password/check-password.ts';
import type { AccountActor, IdentityDeps, IdentityTx } from '../ports.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { needsSecondFactor } from '../standing.ts';
import { mailTo } from '../tokens/mail-link.ts';
import { proveCode, takeCode } from './prove-code.ts';
import { type BackupCodes, makeBackupCodes } from './turn-on.ts';

/** Both proofs once more: a session that was left open is no way to take one of them away. */
export type WithBothProofs = { readonly password?: string | undefined; readonly code: string };

type Deps = Pick<IdentityDeps, 'uow' | 'queries' | 'grants' | 'clock' | 'ids' | 'security'>;
type Refusal = NotConfirmed | IdentityErrorOf<'identity.account_not_found' | 'identity.second_factor_off' | 'identity.code_wrong'>;

/** Turns it off, with a code of the phone or one from paper. Not where a role needs it. */
export const turnOffSecondFactor =
  (deps: Deps) =>
  async (proofs: WithBothProofs, actor: Actor): Promise<Result<undefined, Refusal | IdentityErrorOf<'identity.second_factor_mandatory'>>> => {
    if (actor.kind !== 'account') return err({ code: 'identity.account_not_found' });
    const account = await deps.queries.account(actor.accountId);
    if (account && needsSecondFactor(deps.security.policy, account, await deps.grants.rolesOf(account.id))) {
      return err({ code: 'identity.second_factor_mandatory' });
    }
    return withBothProofs(deps, proofs, actor, 'The second factor was turned off: signing in takes your password alone.', async (tx, factor, at) => {
      const off = SecondFactor.turnOff(factor, at);
      if (!off.ok) return off;
      await tx.secondFactors.save(off.value);
      await endSessions(tx, actor.accountId, 'second_factor_changed', at, actor.sessionId);
      return ok(undefined);
    });
  };

/** Ten new backup codes; the ten before are worth nothing. */
export const renewBackupCodes =
  (deps: Deps) =>
  async (proofs: WithBothProofs, actor: Actor): Promise<Result<BackupCodes, Refusal>> => {
    if (actor.kind !== 'account') return err({ code: 'identity.account_not_found' });
    const made = await makeBackupCodes(deps);
    if (!made.ok) return made;
    return withBothProofs(deps, proofs, actor, 'Your backup codes were replaced: the ones before no longer work.', async (tx, factor, at) => {
      const renewed = SecondFactor.renewCodes(factor, made.value.hashed, at);
      if (!renewed.ok) return renewed;
      await tx.secondFactors.save(renewed.value);
      return ok({ backupCodes: made.value.texts });
    });
  };

/** Checks password and code, takes the code, and does what they were given for, all or nothing. */
async function withBothProofs<T>(
  deps: Deps,
  { password, code }: WithBothProofs,
  actor: AccountActor,
  what: string,
  work: (tx: IdentityTx, factor: SecondFactor, at: number) => Promise<Result<T, Refusal>>,
): Promise<Result<T, Refusal>> {
  const { accountId } = actor;
  const confirmed = await confirmOwner(deps)(actor, password);
  if (!confirmed.ok) return confirmed;
  const { attempts, policy, secrets } = deps.security;
  const [key, at] = [secrets.fingerprint('second-factor', accountId), deps.clock.now()];
  const taken = await attempts.take([{ key, policy: policy.secondFactor }], at);
  if (!taken.isAllowed) return tooMany(taken.availableAt, at);
  const proven = await proveCode(deps, await deps.queries.secondFactor(accountId), code, at);
  if (!proven.ok) return proven;

  const mailId = deps.ids.next();
  const done = await deps.uow.run(actor, async (tx): Promise<Result<T, Refusal>> => {
    const account = await tx.accounts.lock(accountId);
    const factor = await tx.secondFactors.lock(accountId);
    if (!account) return err({ code: 'identity.account_not_found' });
    if (!SecondFactor.isOn(factor)) return err({ code: 'identity.second_factor_off' });
    const used = takeCode(factor, proven.value, at);
    if (!used) return err({ code: 'identity.code_wrong' });
    await tx.secondFactors.save(used);
    const result = await work(tx, { ...used.state, version: used.state.version + used.events.length }, at);
    if (!result.ok) return result;
    await tx.mails.enqueue(mailTo(account, `factor:${mailId}`, 'security_notice', { what }));
    return result;
  });
  if (done.ok) await attempts.clear([key]);
  return done;
}

import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { BACKUP_CODES, SecondFactor } from '#domain/identity/second-factor.ts';
import { Session } from '#domain/identity/session.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { hashing } from '../hashing.ts';
import { confirmOwner, type NotConfirmed, tooMany } from '../password/check-password.ts';
import type { IdentityDeps } from '../ports.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { mailTo } from '../tokens/mail-link.ts';
import { proveCode } from './prove-code.ts';

type Deps = Pick<IdentityDeps, 'uow' | 'queries' | 'clock' | 'ids' | 'security'>;
type Invitation = { readonly secret: string; readonly url: string; readonly qrCode: string };
type BeginRefusal = NotConfirmed | IdentityErrorOf<'identity.account_not_found' | 'identity.second_factor_on'>;

/** Takes the password and gives a secret for an authenticator app. Nothing is asked for until a code of it was shown. */
export const beginSecondFactor =
  (deps: Deps) =>
  async ({ password }: { readonly password?: string | undefined }, actor: Actor): Promise<Result<Invitation, BeginRefusal>> => {
    if (actor.kind !== 'account') return err({ code: 'identity.account_not_found' });
    const { accountId } = actor;
    const confirmed = await confirmOwner(deps)(actor, password);
    if (!confirmed.ok) return confirmed;
    const { proofs, vault } = deps.security;
    const secret = proofs.totp.newSecret();
    const invitation = await proofs.totp.invitation(secret, confirmed.value.email);
    const [sealedSecret, at] = [vault.seal(secret, accountId), deps.clock.now()];
    return deps.uow.run(actor, async (tx) => {
      const begun = SecondFactor.enrol(await tx.secondFactors.lock(accountId), { accountId, sealedSecret }, at);
      if (!begun.ok) return begun;
      await tx.secondFactors.save(begun.value);
      return ok({ secret, ...invitation });
    });
  };

/** Codes as people get them: once, and never again. */
export type BackupCodes = { readonly backupCodes: readonly string[] };
type ConfirmRefusal = IdentityErrorOf<
  'identity.account_not_found' | 'identity.second_factor_not_begun' | 'identity.code_wrong' | 'identity.too_many_attempts' | 'identity.busy'
>;

/** The first code turns it on: this session has proven it, every other one ends. */
export const confirmSecondFactor =
  (deps: Deps) =>
  async ({ code }: { readonly code: string }, actor: Actor): Promise<Result<BackupCodes, ConfirmRefusal>> => {
    if (actor.kind !== 'account') return err({ code: 'identity.account_not_found' });
    const { accountId, sessionId } = actor;
    const { attempts, policy, secrets } = deps.security;
    const [key, at] = [secrets.fingerprint('second-factor', accountId), deps.clock.now()];
    const taken = await attempts.take([{ key, policy: policy.secondFactor }], at);
    if (!taken.isAllowed) return tooMany(taken.availableAt, at);
    const read = await deps.queries.secondFactor(accountId);
    if (read?.status !== 'pending') return err({ code: 'identity.second_factor_not_begun' });
    const proven = await proveCode(deps, read, code, at);
    if (!proven.ok) return proven;
    if (proven.value?.method !== 'totp') return err({ code: 'identity.code_wrong' });
    const made = await makeBackupCodes(deps);
    if (!made.ok) return made;

    const { step } = proven.value;
    const mailId = deps.ids.next();
    const done = await deps.uow.run(actor, async (tx): Promise<Result<BackupCodes, ConfirmRefusal>> => {
      const account = await tx.accounts.lock(accountId);
      const factor = await tx.secondFactors.lock(accountId);
      if (!account) return err({ code: 'identity.account_not_found' });
      if (factor?.sealedSecret !== read.sealedSecret) return err({ code: 'identity.second_factor_not_begun' }); // Begun anew meanwhile.
      const confirmed = SecondFactor.confirm(factor, step, made.value.hashed, at);
      if (!confirmed.ok) return confirmed;
      await tx.secondFactors.save(confirmed.value);
      await endSessions(tx, accountId, 'second_factor_changed', at, sessionId);
      const session = await tx.sessions.find(sessionId);
      const stronger = session && Session.strengthen(session, 'totp', at);
      if (stronger) await tx.sessions.save(stronger);
      const what = 'A second factor was turned on: signing in now takes a code from your phone as well.';
      await tx.mails.enqueue(mailTo(account, `factor-on:${mailId}`, 'security_notice', { what }));
      return ok({ backupCodes: made.value.texts });
    });
    if (done.ok) await attempts.clear([key]);
    return done;
  };

/** New codes with their hashes. They are of chance, so fewer rounds do. */
export async function makeBackupCodes({ security: { secrets, hashers } }: Pick<IdentityDeps, 'security'>) {
  const made = secrets.backupCodes(BACKUP_CODES);
  const hashed = await hashing(Promise.all(made.map(async ({ slot, code }) => ({ slot, hash: await hashers.codes.hash(code) }))));
  const texts = made.map(({ slot, code }) => `${slot}-${code.slice(0, 5)}-${code.slice(5)}`);
  return hashed.ok ? ok({ hashed: hashed.value, texts }) : hashed;
}

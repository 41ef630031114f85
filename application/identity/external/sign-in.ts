import { type Origin, UNKNOWN_ORIGIN } from '#application/shared/ports.ts';
import { Account } from '#domain/identity/account.ts';
import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { ExternalIdentity } from '#domain/identity/external/external-identity.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { answerTo, type Opened, openSession, type SecondFactorAsked } from '../sessions/open-session.ts';
import { prepareSession } from '../sessions/start-session.ts';
import type { SignedIn } from '../sessions/token-pair.ts';
import { mintToken } from '../tokens/give-token.ts';
import type { ExternalDeps } from './ports.ts';
import { CODE_INVALID, type ExternalCode, presentCode, type Vouched } from './present-code.ts';
import { newcomer, welcome } from './welcome.ts';

export type SignInExternally = ExternalCode & { readonly deviceToken?: string | undefined };

type Refusal = IdentityErrorOf<
  | 'identity.external_code_invalid'
  | 'identity.external_email_missing'
  | 'identity.external_email_unproven'
  | 'identity.too_many_external_identities'
  | 'identity.email_not_verified'
>;
type Answer = Result<SignedIn | SecondFactorAsked, Refusal>;
type Visit = { readonly vouched: Vouched; readonly deviceToken: string | undefined; readonly origin: Origin };

/** Somebody changed what was read before the transaction. */
const RACED = err({ code: 'raced' });

/** Gives what signing in with a password gives; whoever comes for the first time gets an account, or is joined with theirs. */
export const signInExternally =
  (deps: ExternalDeps) =>
  async ({ deviceToken, ...code }: SignInExternally, actor: Actor, origin: Origin = UNKNOWN_ORIGIN): Promise<Answer> => {
    const vouched = await presentCode(deps, code);
    if (vouched?.purpose.kind !== 'sign_in') return CODE_INVALID;
    const visit = { vouched, deviceToken, origin };
    const first = await arrive(deps, visit, actor);
    const last = first.ok || first.error.code !== 'raced' ? first : await arrive(deps, visit, actor); // What came between is read now.
    if (last.ok) return last;
    const { error } = last;
    return error.code === 'raced' ? CODE_INVALID : err(error);
  };

async function arrive(
  deps: ExternalDeps,
  { vouched, deviceToken, origin }: Visit,
  actor: Actor,
): Promise<Result<SignedIn | SecondFactorAsked, Refusal | typeof RACED.error>> {
  const { queries, security } = deps;
  const { issuer, subject, email } = vouched.profile;
  const known = await queries.externalIdentity(issuer, subject);
  const holder = known ? await queries.account(known.accountId) : email === null ? undefined : await queries.accountByEmail(email);
  const at = deps.clock.now();
  const fresh = newcomer(deps, vouched, at);
  const deviceId = holder && deviceToken !== undefined ? security.proofs.devices.read(deviceToken, holder) : undefined;
  const prepared = await prepareSession(deps, holder ?? fresh.account.state, deviceId);
  const minted = mintToken(deps, 'second_factor');

  const opened = await deps.uow.run(actor, async (tx): Promise<Result<Opened | undefined, Refusal | typeof RACED.error>> => {
    const held = holder && (await tx.accounts.lock(holder.id));
    const current = await tx.externalIdentities.find(issuer, subject);
    if (current?.id !== known?.id || (holder && !(held && Account.isActive(held)))) return RACED;
    if (!current && held && held.email !== email) return RACED;
    const used = current && ExternalIdentity.use(current, at);
    if (used) await tx.externalIdentities.save(used);
    const settled = used && held ? ok(held) : await welcome(tx, deps, { vouched, holder: held, fresh }, at);
    if (!settled.ok) return settled.error.code === 'identity.external_identity_taken' ? RACED : err(settled.error);
    const account = settled.value;
    if (security.policy.requireVerifiedEmail && account.emailVerifiedAt === null) return ok(undefined); // Registered all the same.
    const session = await openSession(tx, deps, prepared, minted, { account, proof: 'external', origin }, at);
    return session.ok ? session : RACED;
  });
  if (!opened.ok) return opened;
  if (opened.value === undefined) return err({ code: 'identity.email_not_verified' });
  return ok(await answerTo(deps, opened.value, prepared, minted, at));
}

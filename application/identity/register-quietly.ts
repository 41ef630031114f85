import { type Origin, UNKNOWN_ORIGIN } from '#application/shared/ports.ts';
import type { Account } from '#domain/identity/account.ts';
import { mask } from '#domain/identity/mask.ts';
import { networkOf } from '#domain/identity/network.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { takeMail } from './password/mail-allowance.ts';
import type { IdentityDeps } from './ports.ts';
import { type BadRegistration, type NotOpened, openAccount, type RegisterAccount, registerAccount, registrationOf } from './register-account.ts';
import { mailTo } from './tokens/mail-link.ts';

type Deps = Pick<IdentityDeps, 'uow' | 'queries' | 'clock' | 'ids' | 'security'>;
const TAKEN = err({ code: 'identity.email_taken' });

/**
 * Registers where nobody may learn who has an account: whoever has the address already is told by mail, and the answer,
 * the work and what can be done next are the same. A telephone number or username that is taken is left out. Who comes by
 * an invitation is told everything.
 */
export const registerQuietly =
  (deps: Deps) =>
  async (
    asked: RegisterAccount,
    actor: Actor,
    origin: Origin = UNKNOWN_ORIGIN,
  ): Promise<Result<{ readonly sentTo: string }, BadRegistration | NotOpened>> => {
    const { queries } = deps;
    const sent = ok({ sentTo: mask(asked.email) });
    if (asked.invitation !== undefined) {
      const opened = await registerAccount(deps)(asked, actor); // Whoever has it reads that mail: there is nothing to hide from them.
      return opened.ok ? sent : opened;
    }
    const registration = await registrationOf(deps, asked, actor);
    if (!registration.ok) return registration;
    const { email, phone, username } = registration.value;
    const owner = await queries.accountByEmail(email);
    const free = {
      phone: phone && !(await queries.accountByPhone(phone)) ? phone : null,
      username: username && !(await queries.accountByUsername(username)) ? username : null,
    };
    const allowance = await takeMail(deps, 'registration', { identifier: email, spelling: email, account: owner }, deps.clock.now());

    let opened = owner ? TAKEN : await openAccount(deps, { ...registration.value, ...free }, actor);
    // A name that was free is taken since a moment ago; if it was the address, then still.
    if (!opened.ok && !owner) opened = await openAccount(deps, { ...registration.value, phone: null, username: null }, actor);
    const isMailed = allowance.ok && allowance.value.isMailed;
    if (!opened.ok) await tellOwner(deps, owner ?? (await queries.accountByEmail(email)), { actor, origin, isMailed });
    return sent;
  };

type Attempt = { readonly actor: Actor; readonly origin: Origin; readonly isMailed: boolean };

/** Leaves a trace of the attempt and, unless they had too many, a mail to whose address it is. */
async function tellOwner({ uow, clock, ids }: Deps, owner: Account | undefined, { actor, origin, isMailed }: Attempt): Promise<void> {
  if (!owner) return; // It was closed a moment ago.
  const [at, mailId] = [clock.now(), ids.next()];
  await uow.run(actor, async (tx) => {
    tx.security.record({
      type: 'identity.registration_repeated',
      ...{ accountId: owner.id, identifier: mask(owner.email), ip: networkOf(origin.ip), at },
    });
    if (isMailed) await tx.mails.enqueue(mailTo(owner, `already-registered:${mailId}`, 'already_registered', {}));
    return ok(undefined);
  });
}

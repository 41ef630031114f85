import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import { SecondFactor } from '#domain/identity/second-factor.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { invariant } from '#domain/shared/invariant.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { identify } from '../identify.ts';
import type { IdentityDeps } from '../ports.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { supersedeTokens } from '../tokens/give-token.ts';
import { mailTo } from '../tokens/mail-link.ts';

type Deps = Pick<IdentityDeps, 'uow' | 'queries' | 'clock' | 'ids' | 'security'>;
type Refusal = IdentityErrorOf<'identity.account_not_found' | 'identity.second_factor_off'>;

/**
 * For who lost both phone and paper, once an operator of this installation has made sure who is asking: the factor goes,
 * every session ends, and its owner is told. The password stays, and is asked for.
 */
export const recoverSecondFactor =
  (deps: Deps) =>
  async ({ identifier }: { readonly identifier: string }, actor: Actor): Promise<Result<undefined, Refusal>> => {
    invariant(actor.kind === 'system', 'only the system takes a second factor from somebody else');
    const { account } = await identify(deps)(identifier);
    if (!account) return err({ code: 'identity.account_not_found' });
    const [at, mailId] = [deps.clock.now(), deps.ids.next()];
    return deps.uow.run(actor, async (tx): Promise<Result<undefined, Refusal>> => {
      const current = await tx.accounts.lock(account.id);
      const factor = await tx.secondFactors.lock(account.id);
      if (!current || !factor) return err({ code: 'identity.second_factor_off' });
      const off = SecondFactor.turnOff(factor, at);
      if (!off.ok) return off;
      await tx.secondFactors.save(off.value);
      await endSessions(tx, account.id, 'second_factor_changed', at);
      await supersedeTokens(tx, account.id, at, ['second_factor']);
      const what = 'Your second factor was removed by the people who run this service, because you asked them to.';
      await tx.mails.enqueue(mailTo(current, `factor-recovered:${mailId}`, 'security_notice', { what }));
      return ok(undefined);
    });
  };

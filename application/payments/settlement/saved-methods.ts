import type { PaymentsErrorOf } from '#domain/payments/errors.ts';
import { looksLikeCardNumber } from '#domain/payments/settlement/card-number.ts';
import type { SettlementErrorOf } from '#domain/payments/settlement/errors.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { invariant } from '#domain/shared/invariant.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { PaymentProvider, ProviderReply } from '../provider.ts';
import { isByHand } from '../save-payment.ts';
import type { SavedMethod, SettlementDeps } from './ports.ts';

export const METHODS_MAX = 20;
const RETRY_AFTER_SECONDS = 5;

export type SaveMethod = { readonly token: string };
type Refusal =
  | SettlementErrorOf<'payments.card_number_refused' | 'payments.too_many_methods'>
  | PaymentsErrorOf<'payments.token_unknown' | 'payments.no_saved_methods' | 'payments.provider_unreachable'>;
type Deps = Pick<SettlementDeps, 'uow' | 'queries' | 'facts' | 'payments'>;

/**
 * Remembers a way to pay by the token that the provider's own page made of it, if it is the caller's. No number of a card ever passes
 * through here: whatever looks like one is refused before anything else is done with it.
 */
export const saveMethod =
  (deps: Deps) =>
  async ({ token }: SaveMethod, actor: Actor): Promise<Result<SavedMethod, Refusal>> => {
    if (looksLikeCardNumber(token)) return err({ code: 'payments.card_number_refused' });
    invariant(actor.kind === 'account', 'only an account has ways to pay');
    const { accountId } = actor;
    const provider = providerOf(deps);
    if (!provider) return err({ code: 'payments.no_saved_methods', processor: deps.payments.settings.routes[0]?.processor ?? 'nobody' });
    const customer = await customerOf(deps, provider, accountId);
    if (!customer.ok) return customer;
    const tokens = await provider.tokensOf(customer.value);
    if (tokens.outcome !== 'succeeded') return unanswered(provider, tokens);
    const saved = tokens.value.find(({ tokenId }) => tokenId === token);
    if (!saved) return err({ code: 'payments.token_unknown' });

    const { ids, clock } = deps.payments.runtime;
    const [id, at] = [ids.next(), clock.now()];
    return deps.uow.run(actor, async (tx): Promise<Result<SavedMethod, Refusal>> => {
      await tx.methods.addCustomer(accountId, provider.name, customer.value);
      const all = await tx.methods.lockAll(accountId);
      const known = all.find(({ processor, tokenId }) => processor === provider.name && tokenId === token);
      if (known) return ok(known);
      if (all.length >= METHODS_MAX) return err({ code: 'payments.too_many_methods', limit: METHODS_MAX });
      const method: SavedMethod = { ...saved, id, accountId, processor: provider.name, savedAt: at };
      await tx.methods.add(method, { type: 'payments.method_saved', methodId: id, customerId: accountId, processor: provider.name, at });
      return ok(method);
    });
  };

/** Where the first payment of anybody would go. */
function providerOf({ payments: { providers, settings } }: Pick<Deps, 'payments'>): PaymentProvider | undefined {
  const name = settings.routes.map(({ processor }) => processor).find((processor) => providers.has(processor) && !isByHand(processor));
  return name === undefined ? undefined : providers.get(name);
}

type Customer = Result<string, PaymentsErrorOf<'payments.no_saved_methods' | 'payments.provider_unreachable'>>;

/** Who an account is at the provider: made there when it is first needed. Made twice at once, whoever is remembered first stays. */
async function customerOf({ queries, facts }: Deps, provider: PaymentProvider, accountId: string): Promise<Customer> {
  const known = await queries.methods.customer(accountId, provider.name);
  if (known !== undefined) return ok(known);
  const person = await facts.people.find(accountId);
  invariant(person !== undefined, `account ${accountId} is gone`);
  const made = await provider.createCustomer({ reference: accountId, ...person });
  return made.outcome === 'succeeded' ? ok(made.value.providerCustomerId) : unanswered(provider, made);
}

const unanswered = ({ name: processor }: PaymentProvider, { outcome }: Exclude<ProviderReply<unknown>, { outcome: 'succeeded' }>) =>
  outcome === 'failed'
    ? err({ code: 'payments.no_saved_methods' as const, processor })
    : err({ code: 'payments.provider_unreachable' as const, processor, retryAfterSeconds: RETRY_AFTER_SECONDS });

type RemovalRefusal = PaymentsErrorOf<'payments.method_not_found' | 'payments.provider_unreachable'>;

/** Forgets a way to pay, at the provider first: what is not on the list any more cannot be used any more. */
export const removeMethod =
  (deps: Deps) =>
  async ({ methodId }: { readonly methodId: string }, actor: Actor): Promise<Result<undefined, RemovalRefusal>> => {
    invariant(actor.kind === 'account', 'only an account has ways to pay');
    const { accountId } = actor;
    const mine = await deps.queries.methods.ofAccount(accountId);
    const method = mine.find(({ id }) => id === methodId);
    if (!method) return err({ code: 'payments.method_not_found', methodId });
    const provider = deps.payments.providers.get(method.processor);
    const customer = await deps.queries.methods.customer(accountId, method.processor);
    if (provider && customer !== undefined) {
      const removed = await provider.deleteToken(customer, method.tokenId);
      if (removed.outcome !== 'succeeded') {
        return err({ code: 'payments.provider_unreachable', processor: method.processor, retryAfterSeconds: RETRY_AFTER_SECONDS });
      }
    }
    const at = deps.payments.runtime.clock.now();
    return deps.uow.run(actor, async (tx): Promise<Result<undefined, RemovalRefusal>> => {
      const all = await tx.methods.lockAll(accountId);
      if (!all.some(({ id }) => id === methodId)) return err({ code: 'payments.method_not_found', methodId });
      const { processor } = method;
      await tx.methods.remove(method, { type: 'payments.method_removed', methodId, customerId: accountId, processor, at });
      return ok(undefined);
    });
  };

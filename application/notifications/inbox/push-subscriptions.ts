import type { InboxErrorOf } from '#domain/notifications/inbox/errors.ts';
import { type PushAddress, PushSubscription } from '#domain/notifications/inbox/push-subscription.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { personOf } from './person.ts';
import type { InboxDeps } from './ports.ts';

export type Subscribe = { readonly address: PushAddress; readonly device: string };
type Refusal = InboxErrorOf<'notifications.push_address_refused' | 'notifications.too_many_push_subscriptions'>;

/** Lets a browser be rung. Whoever signed in there before is rung there no more. */
export const subscribeToPush =
  (deps: Pick<InboxDeps, 'uow' | 'push' | 'seal' | 'digests' | 'clock' | 'ids'>) =>
  async ({ address, device }: Subscribe, actor: Actor): Promise<Result<PushSubscription, Refusal>> => {
    const { uow, push, seal, digests, clock, ids } = deps;
    if (!(await push.isAllowed(address.endpoint))) return err({ code: 'notifications.push_address_refused' });
    const [id, key, at, accountId] = [ids.next(), digests.of(address.endpoint), clock.now(), personOf(actor)];
    const draft = { id, accountId, key, sealedAddress: seal.seal(JSON.stringify(address), key), device, subscribedAt: at };
    return uow.run(actor, async ({ pushSubscriptions }) => {
      const mine = await pushSubscriptions.lockOf(accountId);
      const known = await pushSubscriptions.byKey(key);
      const subscribed = PushSubscription.subscribe(draft, mine.filter((one) => one.key !== key).length);
      if (!subscribed.ok) return subscribed;
      if (known) await pushSubscriptions.remove(PushSubscription.unsubscribe(known, at));
      await pushSubscriptions.save(subscribed.value);
      return ok({ ...subscribed.value.state, version: 1 });
    });
  };

export const unsubscribeFromPush =
  ({ uow, clock }: Pick<InboxDeps, 'uow' | 'clock'>) =>
  (
    { subscriptionId }: { readonly subscriptionId: string },
    actor: Actor,
  ): Promise<Result<undefined, InboxErrorOf<'notifications.push_subscription_not_found'>>> =>
    uow.run(actor, async ({ pushSubscriptions }) => {
      const found = (await pushSubscriptions.lockOf(personOf(actor))).find(({ id }) => id === subscriptionId);
      if (!found) return err({ code: 'notifications.push_subscription_not_found', subscriptionId });
      await pushSubscriptions.remove(PushSubscription.unsubscribe(found, clock.now()));
      return ok(undefined);
    });

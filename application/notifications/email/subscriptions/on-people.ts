import { distinct } from '#application/shared/distinct.ts';
import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import type { IdentityEvent } from '#domain/identity/events.ts';
import type { PartnersEvent } from '#domain/partners/events.ts';
import type { Draft } from '../mail-within.ts';
import type { MailTx } from './told.ts';

type Of<E extends { readonly type: string }, Type extends E['type']> = RecordedEvent<Extract<E, { readonly type: Type }>>;
export type Apps = { readonly customers: string; readonly partners: string };

/** Welcomes who has shown that an address is theirs, once for each account: before that we write to strangers. */
export const onEmailVerified = ({ apps }: { readonly apps: Apps }): Subscription<MailTx> => ({
  name: 'notifications-welcome',
  types: ['identity.email_verified'],
  async on({ mail, told }, events, isReplay) {
    if (isReplay) return;
    const verified = events as readonly Of<IdentityEvent, 'identity.email_verified'>[];
    const people = await told.people(distinct(verified.map(({ data }) => data.accountId)));
    const traces = new Map(verified.map(({ data, traceId }) => [data.accountId, traceId]));
    const drafts = [...people].map(
      ([accountId, { email, displayName }]): Draft => ({
        key: `welcome:${accountId}`,
        to: email,
        template: 'welcome',
        facts: { name: displayName, link: apps.customers },
        traceId: traces.get(accountId),
      }),
    );
    await mail.enqueueAll(drafts);
  },
});

const ROLES: Readonly<Record<string, string>> = {
  owner: 'an owner',
  manager: 'a manager',
  cashier: 'a cashier',
  waiter: 'a waiter',
  kitchen: 'kitchen staff',
  rider: 'a rider',
};

/** Tells people where they work from now on, and as what. */
export const onStaffAdded = ({ apps }: { readonly apps: Apps }): Subscription<MailTx> => ({
  name: 'notifications-invitations',
  types: ['partners.staff_added'],
  async on({ mail, told }, events, isReplay) {
    if (isReplay) return;
    const added = events as readonly Of<PartnersEvent, 'partners.staff_added'>[];
    const people = await told.people(distinct(added.map(({ data }) => data.accountId)));
    const restaurants = await told.restaurants(distinct(added.map(({ data }) => data.restaurantId)));
    const drafts = added.flatMap(({ id, traceId, data: { accountId, restaurantId, role } }): Draft[] => {
      const [person, restaurant] = [people.get(accountId), restaurants.get(restaurantId)];
      if (!person || !restaurant) return [];
      const facts = { name: person.displayName, restaurant: restaurant.name, role: ROLES[role] ?? '', link: apps.partners };
      return [{ key: `staff:${id}`, to: person.email, template: 'staff_added', facts, traceId }];
    });
    await mail.enqueueAll(drafts);
  },
});

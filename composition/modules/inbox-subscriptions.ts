import { memoryIdentityQueries } from '#adapters/memory/identity/identity.ts';
import { memoryOrderQueries } from '#adapters/memory/ordering/orders.ts';
import { memoryPartnersQueries } from '#adapters/memory/partners/partners.ts';
import type { MemoryStore } from '#adapters/memory/store.ts';
import { memoryWebhooksQueries } from '#adapters/memory/webhooks/webhooks.ts';
import { postgresIdentityQueries } from '#adapters/postgres/identity/queries.ts';
import { postgresOrderQueries } from '#adapters/postgres/ordering/queries.ts';
import { postgresPartnersQueries } from '#adapters/postgres/partners/queries.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import { postgresWebhooksQueries } from '#adapters/postgres/webhooks/queries.ts';
import type { IdentityQueries } from '#application/identity/ports.ts';
import { numberText } from '#application/notifications/email/wording.ts';
import type { InboxDeps, People } from '#application/notifications/inbox/ports.ts';
import { onRefundProcessed } from '#application/notifications/inbox/subscriptions/on-money.ts';
import { onOrderMoved, onOrderPlaced } from '#application/notifications/inbox/subscriptions/on-order-moved.ts';
import { onStockAlert } from '#application/notifications/inbox/subscriptions/on-stock-alert.ts';
import { onMessageSent, onTicketAssigned } from '#application/notifications/inbox/subscriptions/on-support.ts';
import { onWebhookDisabled } from '#application/notifications/inbox/subscriptions/on-webhook-disabled.ts';
import type { OrderTold, TellingTx, Told } from '#application/notifications/inbox/subscriptions/telling.ts';
import type { OrderQueries } from '#application/ordering/ports.ts';
import type { PartnersQueries } from '#application/partners/ports.ts';
import { distinct } from '#application/shared/distinct.ts';
import type { Subscription } from '#application/shared/events.ts';
import { together } from '#application/shared/together.ts';
import type { WebhooksQueries } from '#application/webhooks/ports.ts';
import { customPermissions, restaurantPermissions } from '#domain/identity/roles.ts';
import { OrderId } from '#domain/ordering/order.ts';
import type { Permission } from '#domain/shared/actor.ts';
import { webhookFrom } from './mail-subscriptions.ts';

/** Everything that people are told because of what stands in the log. */
export const inboxSubscriptions: readonly ((deps: Pick<InboxDeps, 'ids'>) => Subscription<TellingTx>)[] = [
  onOrderMoved,
  onOrderPlaced,
  onRefundProcessed,
  onStockAlert,
  onMessageSent,
  onTicketAssigned,
  onWebhookDisabled,
];

const HOLDERS_MAX = 50;

const toldBy = (ordering: OrderQueries, partners: PartnersQueries, webhooks: WebhooksQueries): Told => ({
  async orders(orderIds) {
    const orders = await ordering.some(orderIds.map(OrderId.of));
    const names = await namesOf(partners, distinct(orders.map(({ restaurantId }) => restaurantId)));
    return new Map(
      orders.flatMap(({ id, restaurantId, number, diningOption }): [string, OrderTold][] => {
        const restaurant = names.get(restaurantId);
        return restaurant === undefined ? [] : [[id, { number: numberText(number), restaurant, isDelivered: diningOption === 'delivery' }]];
      }),
    );
  },
  restaurants: (restaurantIds) => namesOf(partners, restaurantIds),
  webhook: webhookFrom(webhooks),
  async holders(restaurantIds, permission) {
    const holders = await together(...restaurantIds.map((restaurantId) => holdersOf(partners, restaurantId, permission)));
    return new Map(restaurantIds.map((restaurantId, i) => [restaurantId, holders[i] ?? []]));
  },
});

async function namesOf(partners: PartnersQueries, restaurantIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const restaurants = await together(...restaurantIds.map((restaurantId) => partners.restaurant(restaurantId)));
  return new Map(restaurants.flatMap((restaurant) => (restaurant ? [[restaurant.id, restaurant.name] as const] : [])));
}

async function holdersOf(partners: PartnersQueries, restaurantId: string, permission: Permission): Promise<readonly string[]> {
  const [{ data }, made] = await together(partners.staff(restaurantId, { limit: HOLDERS_MAX }), partners.roles(restaurantId));
  const allows = (role: string): boolean => {
    const own = made.find(({ id }) => id === role);
    return (own ? customPermissions(own.permissions) : restaurantPermissions(role)).includes(permission);
  };
  return data.flatMap(({ role, accountId }) => (role !== null && allows(role) ? [accountId] : []));
}

/** Only who is there is rung. */
const peopleFrom = (identity: IdentityQueries): People => ({
  async some(accountIds) {
    const accounts = await identity.accounts(accountIds);
    return new Map(accounts.flatMap(({ id, status, phone }) => (status === 'active' ? [[id, { phone }] as const] : [])));
  },
});

/** Inside the subscription's transaction: on an embedded database there is no other connection. */
export const postgresInboxTold = ({ sql }: PostgresTx): Told =>
  toldBy(
    postgresOrderQueries(() => sql),
    postgresPartnersQueries(() => sql),
    postgresWebhooksQueries(() => sql),
  );
export const memoryInboxTold = (store: MemoryStore): Told =>
  toldBy(memoryOrderQueries(store), memoryPartnersQueries(store), memoryWebhooksQueries(store));

export const postgresPeople = ({ sql }: PostgresTx): People => peopleFrom(postgresIdentityQueries(() => sql));
export const memoryPeople = (store: MemoryStore): People => peopleFrom(memoryIdentityQueries(store));

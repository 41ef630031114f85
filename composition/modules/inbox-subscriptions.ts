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
import type { TellingTx, Told } from '#application/notifications/inbox/subscriptions/telling.ts';
import type { OrderQueries } from '#application/ordering/ports.ts';
import type { PartnersQueries } from '#application/partners/ports.ts';
import type { Subscription } from '#application/shared/events.ts';
import type { WebhooksQueries } from '#application/webhooks/ports.ts';
import { customPermissions, restaurantPermissions } from '#domain/identity/roles.ts';
import { OrderId } from '#domain/ordering/order.ts';
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
  async order(orderId) {
    const found = await ordering.find(OrderId.of(orderId));
    const restaurant = found && (await partners.restaurant(found.restaurantId));
    return restaurant && { number: numberText(found.number), restaurant: restaurant.name, isDelivered: found.diningOption === 'delivery' };
  },
  restaurant: async (restaurantId) => (await partners.restaurant(restaurantId))?.name,
  webhook: webhookFrom(webhooks),
  async holders(restaurantId, permission) {
    const [{ data }, made] = [await partners.staff(restaurantId, { limit: HOLDERS_MAX }), await partners.roles(restaurantId)];
    const allows = (role: string): boolean => {
      const own = made.find(({ id }) => id === role);
      return (own ? customPermissions(own.permissions) : restaurantPermissions(role)).includes(permission);
    };
    return data.flatMap(({ role, accountId }) => (role !== null && allows(role) ? [accountId] : []));
  },
});

/** Only who is there is rung. */
const peopleFrom = (identity: IdentityQueries): People => ({
  async find(accountId) {
    const account = await identity.account(accountId);
    return account?.status === 'active' ? { displayName: account.displayName, phone: account.phone } : undefined;
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

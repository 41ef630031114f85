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
import { onCredentialChanged } from '#application/notifications/email/subscriptions/on-credential-changed.ts';
import { onChargeCaptured, onRefundProcessed, onRefundRequested } from '#application/notifications/email/subscriptions/on-money.ts';
import { onOrderMoved } from '#application/notifications/email/subscriptions/on-order-moved.ts';
import { onEmailVerified, onStaffAdded } from '#application/notifications/email/subscriptions/on-people.ts';
import { onStockAlert } from '#application/notifications/email/subscriptions/on-stock-alert.ts';
import { onWebhookDisabled } from '#application/notifications/email/subscriptions/on-webhook-disabled.ts';
import type { MailTx, Told, WebhookTold } from '#application/notifications/email/subscriptions/told.ts';
import type { AllPreferences } from '#application/notifications/inbox/ports.ts';
import type { OrderQueries } from '#application/ordering/ports.ts';
import type { PartnersQueries } from '#application/partners/ports.ts';
import type { Subscription } from '#application/shared/events.ts';
import { together } from '#application/shared/together.ts';
import type { WebhooksQueries } from '#application/webhooks/ports.ts';
import { type Category, DEFAULT_WISHES, Preferences } from '#domain/notifications/inbox/preferences.ts';
import { OrderId } from '#domain/ordering/order.ts';
import type { Config } from '../config.ts';

type Mailed = { readonly category: Category; of(config: Config): Subscription<MailTx> };

/** Everything that is mailed because of what stands in the log, and what people call it who wish none of it. */
export const mailSubscriptions: readonly Mailed[] = [
  { category: 'orders', of: ({ mail, publicUrl }) => onOrderMoved({ told: mail.orderStatuses, publicUrl }) },
  { category: 'payments', of: onChargeCaptured },
  { category: 'payments', of: onRefundProcessed },
  { category: 'payments', of: onRefundRequested },
  { category: 'stock', of: () => onStockAlert },
  { category: 'security', of: ({ identity }) => onEmailVerified(identity) },
  { category: 'staff', of: ({ identity }) => onStaffAdded(identity) },
  { category: 'security', of: () => onCredentialChanged },
  { category: 'security', of: ({ identity }) => onWebhookDisabled(identity.apps) },
];

/** Of the people asked for, those who wish to be told of such things by mail. */
export const wishing = (told: Told, category: Category, preferences: Pick<AllPreferences, 'of'>): Told => ({
  ...told,
  async people(accountIds) {
    const [people, wishes] = await together(told.people(accountIds), preferences.of(accountIds));
    return new Map([...people].filter(([id]) => Preferences.wants(wishes.get(id) ?? DEFAULT_WISHES, category, 'email', false)));
  },
});

const STAFF_MAX = 200;

/** Its path and query are left out: there may be a secret in them. */
export const webhookFrom =
  (webhooks: WebhooksQueries) =>
  async (restaurantId: string, endpointId: string): Promise<WebhookTold | undefined> => {
    const found = await webhooks.endpoint(restaurantId, endpointId);
    return found && { host: new URL(found.url).host, description: found.description, isDisabled: found.status === 'disabled' };
  };

/** What identity, ordering, partners and webhooks answer. Mail is for accounts that are there: those that were closed have no address any more. */
const toldBy = (identity: IdentityQueries, ordering: OrderQueries, partners: PartnersQueries, webhooks: WebhooksQueries): Told => {
  const byId = <T extends { readonly id: string }>(found: readonly T[]): ReadonlyMap<string, T> => new Map(found.map((one) => [one.id, one]));
  return {
    async people(accountIds) {
      const accounts = await identity.accounts(accountIds);
      return byId(accounts.filter(({ status }) => status === 'active'));
    },
    orders: async (orderIds) => byId(await ordering.some(orderIds.map(OrderId.of))),
    async restaurants(restaurantIds) {
      const restaurants = await together(...restaurantIds.map((id) => partners.restaurant(id)));
      return byId(restaurants.filter((restaurant) => restaurant !== undefined));
    },
    webhook: webhookFrom(webhooks),
    async responsible(restaurantId, who) {
      const { data } = await partners.staff(restaurantId, { limit: STAFF_MAX });
      const roles = who === 'owners' ? ['owner'] : ['owner', 'manager'];
      return data.filter(({ role }) => role !== null && roles.includes(role)).map(({ accountId }) => accountId);
    },
  };
};

/** Inside the subscription's transaction: on an embedded database there is no other connection. */
export const postgresTold = ({ sql }: PostgresTx): Told =>
  toldBy(
    postgresIdentityQueries(() => sql),
    postgresOrderQueries(() => sql),
    postgresPartnersQueries(() => sql),
    postgresWebhooksQueries(() => sql),
  );

export const memoryTold = (store: MemoryStore): Told =>
  toldBy(memoryIdentityQueries(store), memoryOrderQueries(store), memoryPartnersQueries(store), memoryWebhooksQueries(store));

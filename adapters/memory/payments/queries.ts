import type { PaymentQueries } from '#application/payments/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import type { Operation } from '#domain/payments/operation.ts';
import { Payment, PaymentId } from '#domain/payments/payment.ts';
import type { Payout } from '#domain/payments/payout.ts';
import type { PaymentException } from '#domain/payments/settlement/exception.ts';
import { newestFirst } from '../paging.ts';
import type { MemoryStore } from '../store.ts';
import type { StoredBalance, StoredEntry } from './books.ts';
import type { StoredProviderEvent } from './inbox.ts';
import { BALANCES, CHECKS, ENTRIES, EVENTS, EXCEPTIONS, OF_ORDER, OPERATIONS, PAYMENTS, PAYOUTS } from './tables.ts';

export const memoryPaymentQueries = (store: MemoryStore): PaymentQueries => ({
  find: async (paymentId) => store.row<Payment>(PAYMENTS, paymentId),
  async ofOrder(orderId) {
    const known = store.row<{ readonly id: string }>(OF_ORDER, orderId);
    return known && store.row<Payment>(PAYMENTS, known.id);
  },
  async forRestaurant(restaurantId, { status }, request) {
    const found = store
      .rows<Payment>(PAYMENTS)
      .filter((payment) => payment.restaurantId === restaurantId && (status === undefined || Payment.statusOf(payment) === status));
    return pageOf(newestFirst(found, idOf, request), request.limit, idOf, (payment) => payment);
  },
  async ledger(restaurantId, account, request) {
    const found = store
      .rows<StoredEntry>(ENTRIES)
      .filter((entry) => entry.restaurantId === restaurantId && (account === undefined || entry.account === account));
    return pageOf(newestFirst(found, idOf, request), request.limit, idOf, ({ restaurantId: _, ...entry }) => entry);
  },
  async balances(restaurantId) {
    return store
      .rows<StoredBalance>(BALANCES)
      .filter((balance) => balance.restaurantId === restaurantId)
      .map(({ account, currency, debit, credit }) => ({ account, currency, debit, credit }));
  },
  payout: async (payoutId) => store.row<Payout>(PAYOUTS, payoutId),
  exception: async (exceptionId) => store.row<PaymentException>(EXCEPTIONS, exceptionId),
  async dueOperations(at, limit) {
    return store
      .rows<Operation>(OPERATIONS)
      .filter(({ dueAt }) => dueAt !== null && dueAt <= at)
      .sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0))
      .slice(0, limit)
      .map(({ id }) => id);
  },
  async dueEvents(at, limit) {
    return store
      .rows<StoredProviderEvent>(EVENTS)
      .filter(({ status, dueAt }) => status === 'received' && dueAt <= at)
      .sort((a, b) => a.dueAt - b.dueAt)
      .slice(0, limit)
      .map(({ processor, eventId }) => ({ processor, eventId }));
  },
  async dueChecks(at, limit) {
    return [...store.table(CHECKS)]
      .map(([id, { json }]) => ({ id, at: (JSON.parse(json) as { readonly at: number }).at }))
      .filter((check) => check.at <= at)
      .sort((a, b) => a.at - b.at)
      .slice(0, limit)
      .map(({ id }) => PaymentId.of(id));
  },
});

const idOf = ({ id }: { readonly id: string }): string => id;

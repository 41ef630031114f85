import type { HistoryEntry, OrderHistory, OrderNumbers, OrderQueries, Orders } from '#application/ordering/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import type { OrderEvent } from '#domain/ordering/events.ts';
import { Order } from '#domain/ordering/order.ts';
import { eventually } from '../../shared/eventually.ts';
import { newestFirst } from '../paging.ts';
import type { MemoryStore } from '../store.ts';
import { DuplicateKey, type MemoryTx } from '../tx.ts';

const TABLE = 'ordering.orders';
const HISTORY = 'ordering.order_history';
const NUMBERS = 'ordering.order_numbers';
const HISTORY_WAIT_MS = 1_000;

type HistoryRecord = HistoryEntry & { readonly orderId: string };

export const memoryOrders = (tx: MemoryTx): Orders => ({
  async find(orderId) {
    const order = tx.get<Order>(TABLE, orderId);
    return order && Order.check(order);
  },
  async save({ state, events }) {
    const { id, version, restaurantId, businessDay, number } = Order.check(state);
    if (version === 0) tx.insert(NUMBERS, `${restaurantId}/${businessDay}/${number}`, { id });
    tx.put(TABLE, id, version, { ...state, version: version + events.length });
    tx.append({ stream: `order:${id}`, version, restaurantId }, events);
  },
});

export const memoryOrderHistory = (tx: MemoryTx): OrderHistory => ({
  async add(entries) {
    for (const entry of entries) {
      try {
        tx.insert(HISTORY, `${entry.orderId}/${String(entry.version).padStart(6, '0')}`, entry);
      } catch (error) {
        if (!(error instanceof DuplicateKey)) throw error;
      }
    }
  },
});

export const memoryOrderQueries = (store: MemoryStore): OrderQueries => {
  const page = (orders: readonly Order[], request: Parameters<OrderQueries['forCustomer']>[1]) =>
    pageOf(
      newestFirst(orders, ({ id }) => id, request),
      request.limit,
      ({ id }) => id,
      (order) => order,
    );
  return {
    find: async (orderId) => store.row<Order>(TABLE, orderId),
    some: async (orderIds) => orderIds.flatMap((orderId) => store.row<Order>(TABLE, orderId) ?? []),
    async asPlaced(orderId) {
      const first = store.events.find(({ stream, version }) => version === 1 && stream === `order:${orderId}`);
      return first && Order.fold(orderId, [JSON.parse(first.json) as OrderEvent]);
    },
    forCustomer: async (customerId, request) =>
      page(
        store.rows<Order>(TABLE).filter((order) => order.customerId === customerId),
        request,
      ),
    forRestaurant: async (restaurantId, { status }, request) =>
      page(
        store.rows<Order>(TABLE).filter((order) => order.restaurantId === restaurantId && (status === undefined || order.status === status)),
        request,
      ),
    history: (orderId, version) =>
      eventually(
        async () =>
          store
            .rows<HistoryRecord>(HISTORY)
            .filter((entry) => entry.orderId === orderId)
            .map(({ version, from, to, actor, reason, at }) => ({ version, from, to, actor, reason, at })),
        (entries) => (entries.at(-1)?.version ?? 0) >= version,
        HISTORY_WAIT_MS,
      ),
    lapsed: async (at, after, limit) =>
      store
        .rows<Order>(TABLE)
        .filter(({ id, status, expiresAt }) => status === 'pending' && expiresAt !== null && expiresAt <= at && (after === undefined || id > after))
        .slice(0, limit)
        .map(({ id }) => id),
  };
};

/** Counts per restaurant and day; alone in its process, it needs no blocks and leaves no gaps but those of refused orders. */
export function memoryOrderNumbers(): OrderNumbers {
  const last = new Map<string, number>();
  return {
    async next(restaurantId, businessDay) {
      const key = `${restaurantId}/${businessDay}`;
      const number = (last.get(key) ?? 0) + 1;
      last.set(key, number);
      return number;
    },
  };
}

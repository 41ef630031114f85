import { pageOf } from '#application/shared/page.ts';
import type { Deliveries, Endpoints, WebhooksQueries } from '#application/webhooks/ports.ts';
import { Delivery } from '#domain/webhooks/delivery.ts';
import { Endpoint } from '#domain/webhooks/endpoint.ts';
import { newestFirst } from '../paging.ts';
import type { MemoryStore } from '../store.ts';
import { DuplicateKey, type MemoryTx } from '../tx.ts';

const ENDPOINTS = 'webhooks.endpoints';
const DELIVERIES = 'webhooks.deliveries';
/** Which endpoint was told of which event. */
const TOLD = 'webhooks.told';
/** Rows that stand for nothing but a restaurant's turn to add. */
const ADDING = 'webhooks.adding';

const isOpen = ({ status }: Delivery): boolean => status === 'waiting' || status === 'sending';
const keyOf = ({ endpointId, eventId, eventType }: Delivery): string => `${endpointId}/${eventId}/${eventType}`;
const streamOf = ({ id, version, restaurantId }: Delivery) => ({ stream: `webhook_delivery:${id}`, version, restaurantId });
const live = (endpoint: Endpoint | undefined, restaurantId: string): Endpoint | undefined =>
  endpoint?.restaurantId === restaurantId && endpoint.status !== 'deleted' ? endpoint : undefined;

export const memoryEndpoints = (tx: MemoryTx): Endpoints => ({
  find: async (restaurantId, endpointId) => live(tx.get<Endpoint>(ENDPOINTS, endpointId), restaurantId),
  async countForAdding(restaurantId) {
    await tx.lock(ADDING, [restaurantId]);
    return tx.rows<Endpoint>(ENDPOINTS).filter((endpoint) => live(endpoint, restaurantId)).length;
  },
  of: async (restaurantIds) => tx.rows<Endpoint>(ENDPOINTS).filter((endpoint) => restaurantIds.some((id) => live(endpoint, id))),
  async save({ state, events }) {
    const { id, version, restaurantId } = Endpoint.check(state);
    tx.put(ENDPOINTS, id, version, { ...state, version: version + events.length });
    tx.append({ stream: `webhook_endpoint:${id}`, version, restaurantId }, events);
  },
  async forget(limit) {
    const left = new Set(tx.rows<Delivery>(DELIVERIES).map(({ endpointId }) => endpointId));
    const gone = tx.rows<Endpoint>(ENDPOINTS).filter(({ id, status }) => status === 'deleted' && !left.has(id));
    for (const { id } of gone.slice(0, limit)) tx.delete(ENDPOINTS, id);
    return Math.min(gone.length, limit);
  },
});

export const memoryDeliveries = (tx: MemoryTx): Deliveries => ({
  async add(changes) {
    for (const { state, events } of changes) {
      Delivery.check(state);
      try {
        if (state.eventId !== null) tx.insert(TOLD, keyOf(state), { id: state.id });
      } catch (error) {
        if (error instanceof DuplicateKey) continue;
        throw error;
      }
      tx.insert(DELIVERIES, state.id, { ...state, version: state.version + events.length });
      tx.append(streamOf(state), events);
    }
  },
  async due({ at, limit, perEndpoint, underWay, after }) {
    const isDue = (delivery: Delivery): boolean => isOpen(delivery) && delivery.dueAt <= at;
    const inLine = [...Map.groupBy(tx.rows<Delivery>(DELIVERIES).filter(isDue), ({ endpointId }) => endpointId)]
      .filter(([endpointId]) => endpointId > after)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const found = inLine.flatMap(([endpointId, deliveries]) => {
      const endpoint = tx.get<Endpoint>(ENDPOINTS, endpointId);
      const free = (endpoint?.failingSince === null ? perEndpoint : 1) - (underWay[endpointId] ?? 0);
      const isEnabled = endpoint?.status === 'enabled';
      return deliveries
        .sort((a, b) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1))
        .slice(0, Math.max(0, free))
        .map(({ id }) => ({ id, isEnabled }));
    });
    const taken = found.slice(0, limit);
    await tx.lock(
      DELIVERIES,
      taken.map(({ id }) => id),
    );
    // Somebody may have taken them while we waited.
    return taken.flatMap(({ id, isEnabled }) => {
      const delivery = tx.get<Delivery>(DELIVERIES, id);
      return delivery && isDue(delivery) ? [{ delivery, isEnabled }] : [];
    });
  },
  async lock(restaurantId, endpointId, deliveryId) {
    await tx.lock(DELIVERIES, [deliveryId]);
    const found = tx.get<Delivery>(DELIVERIES, deliveryId);
    return found?.restaurantId === restaurantId && found.endpointId === endpointId ? found : undefined;
  },
  async lockFailed(restaurantId, endpointId, { from, to }, limit) {
    const isWanted = (one: Delivery | undefined): one is Delivery =>
      one?.endpointId === endpointId &&
      one.restaurantId === restaurantId &&
      one.status === 'failed' &&
      one.eventId !== null &&
      one.queuedAt >= from &&
      one.queuedAt < to;
    const ids = tx
      .rows<Delivery>(DELIVERIES)
      .filter(isWanted)
      .sort((a, b) => a.queuedAt - b.queuedAt || (a.id < b.id ? -1 : 1))
      .slice(0, limit)
      .map(({ id }) => id);
    await tx.lock(DELIVERIES, ids);
    return ids.map((id) => tx.get<Delivery>(DELIVERIES, id)).filter(isWanted);
  },
  async save({ state, events }) {
    const { id, version } = Delivery.check(state);
    tx.set(DELIVERIES, id, { ...state, version: version + events.length });
    tx.append(streamOf(state), events);
  },
  async forget(queuedBefore, limit) {
    const old = tx.rows<Delivery>(DELIVERIES).filter((one) => !isOpen(one) && one.queuedAt < queuedBefore);
    for (const one of old.slice(0, limit)) {
      tx.delete(DELIVERIES, one.id);
      if (one.eventId !== null) tx.delete(TOLD, keyOf(one));
    }
    return Math.min(old.length, limit);
  },
});

export const memoryWebhooksQueries = (store: MemoryStore): WebhooksQueries => ({
  endpoint: async (restaurantId, endpointId) => live(store.row<Endpoint>(ENDPOINTS, endpointId), restaurantId),
  endpoints: async (restaurantId, page) =>
    pageOf(
      newestFirst(
        store.rows<Endpoint>(ENDPOINTS).filter((endpoint) => live(endpoint, restaurantId)),
        ({ id }) => id,
        page,
      ),
      page.limit,
      ({ id }) => id,
      (row) => row,
    ),
  async delivery(restaurantId, endpointId, deliveryId) {
    const found = store.row<Delivery>(DELIVERIES, deliveryId);
    return found?.restaurantId === restaurantId && found.endpointId === endpointId ? found : undefined;
  },
  deliveries: async (restaurantId, endpointId, { status }, page) =>
    pageOf(
      newestFirst(
        store
          .rows<Delivery>(DELIVERIES)
          .filter((one) => one.restaurantId === restaurantId && one.endpointId === endpointId && (status === undefined || one.status === status)),
        ({ id }) => id,
        page,
      ),
      page.limit,
      ({ id }) => id,
      (row) => row,
    ),
  async backlog(at) {
    const open = store.rows<Delivery>(DELIVERIES).filter(isOpen);
    const due = open.filter(({ dueAt }) => dueAt <= at).map(({ dueAt }) => dueAt);
    return { waiting: open.length, oldestDueAt: due.length === 0 ? null : Math.min(...due) };
  },
});

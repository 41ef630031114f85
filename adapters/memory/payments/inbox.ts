import { type Inbox, type InboxOutcome, type ReceivedEvent, webhookReceived } from '#application/payments/ports.ts';
import type { MemoryTx } from '../tx.ts';
import { EVENTS, referenceKey } from './tables.ts';

export type StoredProviderEvent = Omit<ReceivedEvent, 'body'> & {
  /** In hexadecimal: rows are JSON. */
  readonly body: string;
  readonly status: InboxOutcome['status'];
  readonly dueAt: number;
  readonly detail: string | null;
};

export const memoryInbox = (tx: MemoryTx): Inbox => ({
  async receive({ body, ...event }) {
    const key = referenceKey(event.processor, event.eventId);
    await tx.lock(EVENTS, [key]);
    if (tx.get(EVENTS, key) !== undefined) return false;
    const stored: StoredProviderEvent = {
      ...event,
      body: Buffer.from(body).toString('hex'),
      status: 'received',
      dueAt: event.receivedAt,
      detail: null,
    };
    tx.insert(EVENTS, key, stored);
    tx.append({ stream: `webhook:${event.processor}:${event.eventId}`, version: 0, restaurantId: null }, [webhookReceived(event)]);
    return true;
  },
  async lock(processor, eventId) {
    const key = referenceKey(processor, eventId);
    await tx.lock(EVENTS, [key]);
    const stored = tx.get<StoredProviderEvent>(EVENTS, key);
    if (stored?.status !== 'received') return undefined;
    const { type, body, receivedAt, tries } = stored;
    return { processor, eventId, type, body: Buffer.from(body, 'hex'), receivedAt, tries };
  },
  async settle(processor, eventId, outcome) {
    const key = referenceKey(processor, eventId);
    const stored = tx.get<StoredProviderEvent>(EVENTS, key);
    if (!stored) return;
    const { status, detail } = outcome;
    const dueAt = outcome.status === 'received' ? outcome.dueAt : stored.dueAt;
    tx.set(EVENTS, key, { ...stored, status, detail, dueAt, tries: stored.tries + 1 });
  },
});

import type { Emails } from '#application/notifications/ports.ts';
import { Email } from '#domain/notifications/email.ts';
import { DuplicateKey, type MemoryTx } from '../tx.ts';

const EMAILS = 'notifications.emails';
const KEYS = 'notifications.email_keys';
const OPEN: readonly string[] = ['pending', 'processing'];

export const memoryEmails = (tx: MemoryTx): Emails => ({
  async add({ state, events }) {
    const { id, key, version } = Email.check(state);
    try {
      tx.insert(KEYS, key, { emailId: id });
    } catch (error) {
      if (error instanceof DuplicateKey) return;
      throw error;
    }
    tx.insert(EMAILS, id, { ...state, version: version + events.length });
    tx.append({ stream: `email:${id}`, version, restaurantId: null }, events);
  },
  async due(at, limit) {
    const isDue = ({ status, dueAt }: Email): boolean => OPEN.includes(status) && dueAt <= at;
    const ids = tx
      .rows<Email>(EMAILS)
      .filter(isDue)
      .sort((a, b) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1))
      .slice(0, limit)
      .map(({ id }) => id);
    await tx.lock(EMAILS, ids);
    return ids.flatMap((id) => tx.get<Email>(EMAILS, id) ?? []).filter(isDue); // Somebody may have taken them while we waited.
  },
  async save({ state, events }) {
    const { id, version } = Email.check(state);
    tx.set(EMAILS, id, { ...state, version: version + events.length });
    tx.append({ stream: `email:${id}`, version, restaurantId: null }, events);
  },
  async forget(queuedBefore) {
    const old = tx.rows<Email>(EMAILS).filter(({ status, queuedAt }) => !OPEN.includes(status) && queuedAt < queuedBefore);
    for (const { id, key } of old) {
      tx.delete(EMAILS, id);
      tx.delete(KEYS, key);
    }
    return old.length;
  },
});

import type { Emails } from '#application/notifications/email/ports.ts';
import { Email, type EmailStatus, OPEN_STATUSES, PRIORITIES } from '#domain/notifications/email/email.ts';
import { DuplicateKey, type MemoryTx } from '../../tx.ts';
import { EMAILS, KEYS } from './tables.ts';

const isOpen = (status: EmailStatus): boolean => (OPEN_STATUSES as readonly EmailStatus[]).includes(status);
const byTurn = (a: Email, b: Email): number => PRIORITIES[a.priority] - PRIORITIES[b.priority] || a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1);

export const memoryEmails = (tx: MemoryTx): Emails => {
  const get = (id: string): Email | undefined => tx.get<Email>(EMAILS, id);
  /** Rows that fit, locked, as they are once they are. */
  const lockFitting = async (fits: (email: Email) => boolean, sorted: (a: Email, b: Email) => number, limit: number): Promise<readonly Email[]> => {
    const ids = tx
      .rows<Email>(EMAILS)
      .filter(fits)
      .sort(sorted)
      .slice(0, limit)
      .map(({ id }) => id);
    await tx.lock(EMAILS, ids);
    return ids.flatMap((id) => get(id) ?? []).filter(fits); // Somebody may have taken them while we waited.
  };
  const drop = ({ id, key }: Email): void => {
    tx.delete(EMAILS, id);
    tx.delete(KEYS, key);
  };
  return {
    async add(changes) {
      let added = 0;
      for (const { state, events } of changes) {
        const { id, key, version } = Email.check(state);
        try {
          tx.insert(KEYS, key, { emailId: id });
        } catch (error) {
          if (error instanceof DuplicateKey) continue;
          throw error;
        }
        tx.insert(EMAILS, id, { ...state, version: version + events.length });
        tx.append({ stream: `email:${id}`, version, restaurantId: null }, events);
        added += 1;
      }
      return added;
    },
    queuedFor: async (recipientDigest, templates, since) =>
      tx
        .rows<Email>(EMAILS)
        .filter((email) => email.recipientDigest === recipientDigest && templates.includes(email.template) && email.queuedAt > since).length,
    due: (at, limit) => lockFitting(({ status, dueAt }) => isOpen(status) && dueAt <= at, byTurn, limit),
    async lock(emailIds) {
      await tx.lock(EMAILS, emailIds);
      return emailIds.flatMap((id) => get(id) ?? []);
    },
    lockFailed: (template, at, limit) =>
      lockFitting(
        (email) =>
          email.status === 'failed' && email.sealedFacts !== '' && email.expiresAt > at && (template === undefined || email.template === template),
        (a, b) => (a.id < b.id ? -1 : 1),
        limit,
      ),
    lockExpired: (at, limit) => lockFitting(({ status, dueAt, expiresAt }) => isOpen(status) && dueAt <= at && expiresAt <= at, byTurn, limit),
    async save(changes) {
      for (const { state, events } of changes) {
        const { id, version } = Email.check(state);
        tx.set(EMAILS, id, { ...state, version: version + events.length });
        tx.append({ stream: `email:${id}`, version, restaurantId: null }, events);
      }
    },
    async forget(endedBefore, limit) {
      const old = tx
        .rows<Email>(EMAILS)
        .filter(({ endedAt }) => endedAt !== null && endedAt < endedBefore)
        .slice(0, limit);
      for (const email of old) drop(email);
      return old.length;
    },
    async emptyExpired(at, limit) {
      const old = tx
        .rows<Email>(EMAILS)
        .filter(({ status, sealedFacts, expiresAt }) => status === 'failed' && sealedFacts !== '' && expiresAt <= at)
        .slice(0, limit);
      for (const email of old) tx.set(EMAILS, email.id, { ...email, sealedFacts: '' });
      return old.length;
    },
  };
};

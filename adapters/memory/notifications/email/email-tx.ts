import type { EmailTx } from '#application/notifications/email/ports.ts';
import type { Campaign } from '#domain/notifications/email/campaign.ts';
import { Sending } from '#domain/notifications/email/sending.ts';
import type { Suppression } from '#domain/notifications/email/suppression.ts';
import { memoryRequests } from '../../requests.ts';
import type { MemoryTx } from '../../tx.ts';
import { memoryEmails } from './emails.ts';
import { CAMPAIGNS, SENDING, SUPPRESSED, SUPPRESSIONS, SWITCH } from './tables.ts';

/** E-mail inside an open transaction. */
export const memoryEmailTx = (tx: MemoryTx): EmailTx => {
  const entryOf = (address: string): Suppression | undefined => {
    const owner = tx.get<{ readonly id: string }>(SUPPRESSED, address);
    return owner && tx.get<Suppression>(SUPPRESSIONS, owner.id);
  };
  return {
    emails: memoryEmails(tx),
    requests: memoryRequests(tx),
    campaigns: {
      find: async (campaignId) => tx.get<Campaign>(CAMPAIGNS, campaignId),
      async add({ state, events }) {
        tx.insert(CAMPAIGNS, state.id, { ...state, version: events.length });
        tx.append({ stream: `email_campaign:${state.id}`, version: 0, restaurantId: null }, events);
      },
    },
    suppressions: {
      reasons: async (addresses) =>
        new Map(
          addresses.flatMap((address): [string, Suppression['reason']][] => {
            const entry = entryOf(address);
            return entry ? [[address, entry.reason]] : [];
          }),
        ),
      async lockAddress(address) {
        await tx.lock(SUPPRESSED, [address]);
        return entryOf(address);
      },
      async lock(suppressionId) {
        await tx.lock(SUPPRESSIONS, [suppressionId]);
        return tx.get<Suppression>(SUPPRESSIONS, suppressionId);
      },
      async add({ state, events }) {
        const { id, address } = state;
        const before = entryOf(address);
        if (before) tx.delete(SUPPRESSIONS, before.id);
        tx.set(SUPPRESSED, address, { id });
        tx.insert(SUPPRESSIONS, id, { ...state, version: events.length });
        tx.append({ stream: `suppression:${id}`, version: 0, restaurantId: null }, events);
      },
      async remove({ state: { id, address, version }, events }) {
        tx.delete(SUPPRESSED, address);
        tx.delete(SUPPRESSIONS, id);
        tx.append({ stream: `suppression:${id}`, version, restaurantId: null }, events);
      },
    },
    sending: {
      read: async () => tx.get<Sending>(SENDING, SWITCH) ?? Sending.RUNNING,
      async save({ state, events }) {
        const { version } = state;
        tx.put(SENDING, SWITCH, version, { ...state, version: version + events.length });
        tx.append({ stream: 'email_sending', version, restaurantId: null }, events);
      },
    },
    journal: { note: (id, event) => tx.append({ stream: `email_clean_up:${id}`, version: 0, restaurantId: null }, [event]) },
  };
};

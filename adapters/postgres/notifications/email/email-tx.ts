import type { EmailTx } from '#application/notifications/email/ports.ts';
import { postgresRequests } from '../../requests.ts';
import type { PostgresTx } from '../../tx.ts';
import { postgresCampaigns, postgresSendingSwitch } from './campaigns.ts';
import { postgresEmails } from './emails.ts';
import { postgresSuppressions } from './suppressions.ts';

/** E-mail inside an open transaction. */
export const postgresEmailTx =
  (now: () => number) =>
  (tx: PostgresTx): EmailTx => ({
    emails: postgresEmails(tx),
    campaigns: postgresCampaigns(tx),
    suppressions: postgresSuppressions(tx),
    sending: postgresSendingSwitch(tx),
    journal: { note: (id, event) => tx.append({ stream: `email_clean_up:${id}`, version: 0, restaurantId: null }, [event]) },
    requests: postgresRequests(tx, now),
  });

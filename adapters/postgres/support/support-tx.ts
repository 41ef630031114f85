import type { SupportTx } from '#application/support/ports.ts';
import type { PostgresTx } from '../tx.ts';
import { postgresCannedReplies } from './canned-replies.ts';
import { postgresThreads } from './threads.ts';
import { postgresTickets } from './tickets.ts';

export const postgresSupport = (tx: PostgresTx): SupportTx => ({
  threads: postgresThreads(tx),
  tickets: postgresTickets(tx),
  cannedReplies: postgresCannedReplies(tx),
});

import type { FraudTx } from '#application/fraud/ports.ts';
import type { PostgresTx } from '../tx.ts';
import { postgresDecisions } from './decisions.ts';
import { postgresHistories } from './histories.ts';
import { postgresLabelSets, postgresPolicies } from './labels.ts';
import { postgresListEntries } from './list-entries.ts';
import { postgresReviews } from './reviews.ts';

/** Fraud inside an open transaction, its own or that of a subscription. */
export const postgresFraud = (tx: PostgresTx): FraudTx => ({
  decisions: postgresDecisions(tx),
  histories: postgresHistories(tx),
  reviews: postgresReviews(tx),
  labels: postgresLabelSets(tx),
  entries: postgresListEntries(tx),
  policies: postgresPolicies(tx),
});

import type { PaymentsTx } from '#application/payments/ports.ts';
import type { Clock, Ids } from '#application/shared/ports.ts';
import { postgresRequests } from '../requests.ts';
import type { PostgresTx } from '../tx.ts';
import { postgresExceptions } from './exceptions.ts';
import { postgresInbox } from './inbox.ts';
import { postgresLedger } from './ledger.ts';
import { postgresOperations } from './operations.ts';
import { postgresPayments } from './payments.ts';
import { postgresPayouts } from './settlement/payouts.ts';

/** Payments inside an open transaction; what it does to orders is ordering's, and bound in composition. */
export const postgresPaymentsTx = (tx: PostgresTx, { ids, clock }: { readonly ids: Ids; readonly clock: Clock }): Omit<PaymentsTx, 'orders'> => ({
  payments: postgresPayments(tx),
  ledger: postgresLedger(tx, ids),
  operations: postgresOperations(tx),
  inbox: postgresInbox(tx),
  exceptions: postgresExceptions(tx, ids),
  payouts: postgresPayouts(tx),
  requests: postgresRequests(tx, () => clock.now()),
});

import type { PaymentsTx } from '#application/payments/ports.ts';
import type { Ids } from '#application/shared/ports.ts';
import { memoryRequests } from '../requests.ts';
import type { MemoryTx } from '../tx.ts';
import { memoryLedger } from './books.ts';
import { memoryExceptions } from './exceptions.ts';
import { memoryInbox } from './inbox.ts';
import { memoryOperations } from './operations.ts';
import { memoryPayments } from './payments.ts';
import { memoryPayouts } from './settlement/payouts.ts';

/** Payments inside an open transaction; what it does to orders is ordering's, and bound in composition. */
export const memoryPaymentsTx = (tx: MemoryTx, { ids }: { readonly ids: Ids }): Omit<PaymentsTx, 'orders'> => ({
  payments: memoryPayments(tx),
  ledger: memoryLedger(tx, ids),
  operations: memoryOperations(tx),
  inbox: memoryInbox(tx),
  exceptions: memoryExceptions(tx, ids),
  payouts: memoryPayouts(tx),
  requests: memoryRequests(tx),
});

import type { Payments } from '#application/payments/ports.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import { Payment, type PaymentId } from '#domain/payments/payment.ts';
import { newReferences } from '#domain/payments/references.ts';
import { DuplicateKey, type MemoryTx } from '../tx.ts';
import { CHECKS, OF_ORDER, PAYMENTS, REFERENCES, referenceKey } from './tables.ts';

type Id = { readonly id: PaymentId };

export const memoryPayments = (tx: MemoryTx): Payments => {
  const lock = async (paymentId: PaymentId | undefined): Promise<Payment | undefined> => {
    if (paymentId === undefined) return undefined;
    await tx.lock(PAYMENTS, [paymentId]);
    const payment = tx.get<Payment>(PAYMENTS, paymentId);
    return payment && Payment.check(payment);
  };
  return {
    lock,
    lockOfOrder: (orderId) => lock(tx.get<Id>(OF_ORDER, orderId)?.id),
    lockByReference: (processor, references) =>
      lock(references.flatMap((reference) => tx.get<Id>(REFERENCES, referenceKey(processor, reference))?.id ?? [])[0]),
    async save({ state, events }) {
      const { id, version, restaurantId, orderId } = Payment.check(state);
      if (version === 0) {
        insertOrConflict(tx, OF_ORDER, orderId, { id }, `order ${orderId} has a payment already`);
      }
      tx.put(PAYMENTS, id, version, { ...state, version: version + events.length });
      tx.append({ stream: `payment:${id}`, version, restaurantId }, events);
      for (const { processor, reference } of newReferences(state, events)) {
        const key = referenceKey(processor, reference);
        if (tx.get(REFERENCES, key) === undefined) tx.insert(REFERENCES, key, { id });
      }
    },
    async checkAt(paymentId, at) {
      if (at === null) tx.delete(CHECKS, paymentId);
      else tx.set(CHECKS, paymentId, { at });
    },
  };
};

function insertOrConflict(tx: MemoryTx, table: string, id: string, value: object, what: string): void {
  try {
    tx.insert(table, id, value);
  } catch (error) {
    throw error instanceof DuplicateKey ? new WriteConflict(what) : error;
  }
}

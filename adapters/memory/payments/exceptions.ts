import type { Exceptions } from '#application/payments/ports.ts';
import type { Ids } from '#application/shared/ports.ts';
import type { PaymentException } from '#domain/payments/settlement/exception.ts';
import type { MemoryTx } from '../tx.ts';
import { EXCEPTIONS } from './tables.ts';

export const memoryExceptions = (tx: MemoryTx, ids: Ids): Exceptions => ({
  async raise({ at: raisedAt, ...exception }) {
    const { kind, processor, reference } = exception;
    await tx.lock(EXCEPTIONS, [JSON.stringify([kind, processor, reference])]);
    const isOpen = tx
      .rows<PaymentException>(EXCEPTIONS)
      .some((one) => one.resolution === null && one.kind === kind && one.processor === processor && one.reference === reference);
    if (isOpen) return;
    const id = ids.next();
    const raised: PaymentException = { ...exception, id, raisedAt, resolution: null, version: 1 };
    tx.put(EXCEPTIONS, id, 0, raised);
  },
  async lock(exceptionId) {
    await tx.lock(EXCEPTIONS, [exceptionId]);
    return tx.get<PaymentException>(EXCEPTIONS, exceptionId);
  },
  async save({ state, events }) {
    const { id, version, restaurantId } = state;
    tx.append({ stream: `payment-exception:${id}`, version: 0, restaurantId }, events); // It ends once: that is all its stream tells.
    tx.put(EXCEPTIONS, id, version, { ...state, version: version + 1 });
  },
});

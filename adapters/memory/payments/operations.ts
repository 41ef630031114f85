import type { Operations } from '#application/payments/ports.ts';
import type { Operation } from '#domain/payments/operation.ts';
import type { MemoryTx } from '../tx.ts';
import { OPERATIONS } from './tables.ts';

export const memoryOperations = (tx: MemoryTx): Operations => ({
  async plan(operations) {
    for (const operation of operations) {
      if (tx.get(OPERATIONS, operation.id) === undefined) tx.put(OPERATIONS, operation.id, 0, { ...operation, version: 1 });
    }
  },
  async lock(operationId) {
    await tx.lock(OPERATIONS, [operationId]);
    return tx.get<Operation>(OPERATIONS, operationId);
  },
  async save(operation) {
    tx.put(OPERATIONS, operation.id, operation.version, { ...operation, version: operation.version + 1 });
  },
});

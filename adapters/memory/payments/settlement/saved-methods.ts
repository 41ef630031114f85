import type { MethodQueries, SavedMethod, SavedMethods } from '#application/payments/settlement/ports.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import type { MemoryStore } from '../../store.ts';
import type { MemoryTx } from '../../tx.ts';
import { CUSTOMERS, METHODS, referenceKey } from '../tables.ts';

type Customer = { readonly providerCustomerId: string };

export const memorySavedMethods = (tx: MemoryTx): SavedMethods => ({
  async addCustomer(accountId, processor, providerCustomerId) {
    await tx.lock(CUSTOMERS, [accountId]);
    const key = referenceKey(accountId, processor);
    if (tx.get(CUSTOMERS, key) === undefined) tx.insert(CUSTOMERS, key, { providerCustomerId });
  },
  async lockAll(accountId) {
    await tx.lock(CUSTOMERS, [accountId]);
    return tx.rows<SavedMethod>(METHODS).filter((method) => method.accountId === accountId);
  },
  async add(method, event) {
    tx.append({ stream: `payment-method:${method.id}`, version: 0, restaurantId: null }, [event]);
    tx.insert(METHODS, method.id, method);
  },
  async remove({ id }, event) {
    if (tx.get(METHODS, id) === undefined) throw new WriteConflict(`saved method ${id} moved on`);
    tx.append({ stream: `payment-method:${id}`, version: 1, restaurantId: null }, [event]);
    tx.delete(METHODS, id);
  },
});

export const memoryMethodQueries = (store: MemoryStore): MethodQueries => ({
  ofAccount: async (accountId) => store.rows<SavedMethod>(METHODS).filter((method) => method.accountId === accountId),
  customer: async (accountId, processor) => store.row<Customer>(CUSTOMERS, referenceKey(accountId, processor))?.providerCustomerId,
});

import type { CaseQueries, DisputeList, ListedDispute } from '#application/payments/settlement/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import type { PaymentException } from '#domain/payments/settlement/exception.ts';
import { newestFirst } from '../../paging.ts';
import type { MemoryStore } from '../../store.ts';
import type { MemoryTx } from '../../tx.ts';
import { DISPUTES, EXCEPTIONS } from '../tables.ts';

type StoredDispute = ListedDispute & { readonly version: number };

export const memoryDisputes = (tx: MemoryTx): DisputeList => ({
  async put(disputes) {
    for (const dispute of disputes) {
      const key = JSON.stringify([dispute.restaurantId, dispute.disputeId]);
      const known = tx.get<StoredDispute>(DISPUTES, key);
      if (known === undefined || known.version < dispute.version) tx.set(DISPUTES, key, dispute);
    }
  },
});

export const memoryCaseQueries = (store: MemoryStore): CaseQueries => ({
  async exceptions({ restaurantId, isOpen }, request) {
    const found = store
      .rows<PaymentException>(EXCEPTIONS)
      .filter((one) => restaurantId === undefined || one.restaurantId === restaurantId)
      .filter((one) => isOpen === undefined || (one.resolution === null) === isOpen);
    return pageOf(newestFirst(found, idOf, request), request.limit, idOf, (exception) => exception);
  },
  async disputes(restaurantId, { limit, after }) {
    const cursorOf = ({ at, disputeId }: ListedDispute): string => `${at}~${disputeId}`;
    const [time, name] = after === undefined ? [Number.POSITIVE_INFINITY, ''] : (after.split('~', 2) as [string, string]);
    const found = store
      .rows<StoredDispute>(DISPUTES)
      .filter((dispute) => dispute.restaurantId === restaurantId)
      .filter(({ at, disputeId }) => at < Number(time) || (at === Number(time) && disputeId < name))
      .sort((a, b) => b.at - a.at || (a.disputeId < b.disputeId ? 1 : -1));
    return pageOf(found.slice(0, limit + 1), limit, cursorOf, ({ version: _, ...dispute }) => dispute);
  },
});

const idOf = ({ id }: PaymentException): string => id;

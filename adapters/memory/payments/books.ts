import type { Balance, Ledger, LedgerEntry } from '#application/payments/ports.ts';
import type { Ids } from '#application/shared/ports.ts';
import { Posting } from '#domain/payments/books.ts';
import type { MemoryTx } from '../tx.ts';
import { BALANCES, BOOKED, ENTRIES } from './tables.ts';

export type StoredEntry = LedgerEntry & { readonly restaurantId: string };
export type StoredBalance = Balance & { readonly restaurantId: string };

export const memoryLedger = (tx: MemoryTx, ids: Ids): Ledger => ({
  async post(postings) {
    for (const posting of postings) {
      const { restaurantId, source, sequence, currency } = posting;
      const booked = `${source}/${sequence}`;
      if (tx.get(BOOKED, booked) !== undefined) continue;
      tx.insert(BOOKED, booked, {});
      const keyOf = (account: string): string => JSON.stringify([restaurantId, account, currency]);
      await tx.lock(
        BALANCES,
        posting.entries.map(({ account }) => keyOf(account)),
      );
      for (const line of Posting.lines(posting)) {
        const id = ids.next();
        tx.insert(ENTRIES, id, { ...line, id, restaurantId } satisfies StoredEntry & { readonly sequence: number });
        const { account, debit, credit } = line;
        const balance = tx.get<StoredBalance>(BALANCES, keyOf(account)) ?? { restaurantId, account, currency, debit: 0, credit: 0 };
        tx.set(BALANCES, keyOf(account), { ...balance, debit: balance.debit + debit, credit: balance.credit + credit });
      }
    }
  },
});

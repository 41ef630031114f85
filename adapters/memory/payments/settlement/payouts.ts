import type { Payouts } from '#application/payments/ports.ts';
import type { PayoutAccounts, PayoutQueries } from '#application/payments/settlement/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import { Payout } from '#domain/payments/payout.ts';
import { PayoutAccount } from '#domain/payments/settlement/payout-account.ts';
import { newestFirst } from '../../paging.ts';
import type { MemoryStore } from '../../store.ts';
import type { MemoryTx } from '../../tx.ts';
import type { StoredBalance } from '../books.ts';
import { BALANCES, PAYOUT_ACCOUNTS, PAYOUTS } from '../tables.ts';

export const memoryPayouts = (tx: MemoryTx): Payouts => {
  const lock = async (payoutId: string | undefined): Promise<Payout | undefined> => {
    if (payoutId === undefined) return undefined;
    await tx.lock(PAYOUTS, [payoutId]);
    const payout = tx.get<Payout>(PAYOUTS, payoutId);
    return payout && Payout.check(payout);
  };
  return {
    lock,
    lockByTransfer: (processor, transferId) =>
      lock(tx.rows<Payout>(PAYOUTS).find((payout) => payout.processor === processor && Object.keys(payout.transfers)[0] === transferId)?.id),
    async save({ state, events }) {
      const { id, restaurantId, version } = Payout.check(state);
      tx.put(PAYOUTS, id, version, { ...state, version: version + events.length });
      tx.append({ stream: `payout:${id}`, version, restaurantId }, events);
    },
  };
};

/** What is owed and is not in the restaurant's own till already, by currency. */
const payableOf = (balances: readonly StoredBalance[], restaurantId: string): ReadonlyMap<string, number> => {
  const payable = new Map<string, number>();
  for (const balance of balances) {
    if (balance.restaurantId !== restaurantId || (balance.account !== 'restaurant:payable' && balance.account !== 'cash:till')) continue;
    payable.set(balance.currency, (payable.get(balance.currency) ?? 0) + balance.credit - balance.debit);
  }
  return payable;
};

export const memoryPayoutAccounts = (tx: MemoryTx): PayoutAccounts => ({
  async lock(restaurantId) {
    await tx.lock(PAYOUT_ACCOUNTS, [restaurantId]);
    const account = tx.get<PayoutAccount>(PAYOUT_ACCOUNTS, restaurantId);
    return account && PayoutAccount.check(account);
  },
  payable: async (restaurantId, currency) => payableOf(tx.rows<StoredBalance>(BALANCES), restaurantId).get(currency) ?? 0,
  async save({ state, events }) {
    const { restaurantId, version } = PayoutAccount.check(state);
    tx.put(PAYOUT_ACCOUNTS, restaurantId, version, { ...state, version: version + events.length });
    tx.append({ stream: `payout-account:${restaurantId}`, version, restaurantId }, events);
  },
});

export const memoryPayoutQueries = (store: MemoryStore): PayoutQueries => ({
  account: async (restaurantId) => store.row<PayoutAccount>(PAYOUT_ACCOUNTS, restaurantId),
  async owed(atLeast, after, limit) {
    const balances = store.rows<StoredBalance>(BALANCES);
    return store
      .rows<PayoutAccount>(PAYOUT_ACCOUNTS)
      .filter(({ account, restaurantId }) => account !== null && (after === undefined || restaurantId > after))
      .flatMap(({ restaurantId }) => [...payableOf(balances, restaurantId).values()].map((payable) => ({ restaurantId, payable })))
      .filter(({ payable }) => payable >= Math.max(atLeast, 1))
      .slice(0, limit);
  },
  async forRestaurant(restaurantId, request) {
    const found = store.rows<Payout>(PAYOUTS).filter((payout) => payout.restaurantId === restaurantId);
    return pageOf(newestFirst(found, idOf, request), request.limit, idOf, (payout) => payout);
  },
  async watched(since, after, limit) {
    return store
      .rows<Payout>(PAYOUTS)
      .filter((payout) => Payout.pending(payout) > 0 || payout.requestedAt >= since)
      .filter(({ id }) => after === undefined || id > after)
      .slice(0, limit);
  },
});

const idOf = ({ id }: Payout): string => id;

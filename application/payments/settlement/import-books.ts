import type { Job } from '#application/shared/job.ts';
import type { BookRow, ChargeFact } from '#domain/payments/facts.ts';
import { applyFacts } from '#domain/payments/observing.ts';
import type { Payment } from '#domain/payments/payment.ts';
import { BookRows, type KnownRow } from '#domain/payments/settlement/book-row.ts';
import { type Comparison, compareRow } from '#domain/payments/settlement/comparison.ts';
import { system } from '#domain/shared/actor.ts';
import { err, ok } from '#domain/shared/result.ts';
import { applyProviderFacts, contextOf } from '../apply-facts.ts';
import { isByHand, type SaveContext, savePayment } from '../save-payment.ts';
import type { SettlementDeps, SettlementTx } from './ports.ts';
import { DAY_MS, dayOf, walk } from './walk.ts';

const ACTOR = system('import-books');

/** Every hour until it is done: the providers' own books of yesterday and of the day before, once a day, since what is in them may be settled later. */
export const importBooks = (deps: SettlementDeps): Job => ({
  name: 'payments-import-books',
  cron: '41 * * * *',
  async run() {
    const now = deps.payments.runtime.clock.now();
    let done = 0;
    for (const [processor, provider] of deps.payments.providers) {
      if (isByHand(processor)) continue;
      for (const day of [dayOf(now - DAY_MS), dayOf(now - 2 * DAY_MS)]) {
        const { taken } = await walk<BookRow>(deps, {
          id: `books:${processor}:${day}:${dayOf(now)}`,
          page: (after) => provider.bookOf(day, after),
          take: (row) => importRow(deps)(processor, row),
        });
        done += taken;
      }
    }
    return done;
  },
});

/**
 * Takes one row into our books: to whom it belongs, what it cost, and that it was settled, each once. A charge that leads to nothing
 * of ours is looked up at the provider first: perhaps nobody has told us of it yet.
 */
export const importRow =
  (deps: Pick<SettlementDeps, 'uow' | 'payments'>) =>
  async (processor: string, told: BookRow): Promise<Comparison | undefined> => {
    const row = BookRows.dated(told);
    const context = contextOf(deps.payments);
    const imported = await deps.uow.run(ACTOR, (tx) => take(tx, processor, row, context, false));
    if (imported.ok) return imported.value;
    const charge = await deps.payments.providers.get(processor)?.charge(row.chargeId ?? row.id);
    if (charge?.outcome === 'succeeded') await applyProviderFacts(deps.payments)({ processor, facts: [charge.value] }, ACTOR);
    const again = await deps.uow.run(ACTOR, (tx) => take(tx, processor, row, context, true));
    return again.ok ? again.value : undefined;
  };

async function take(tx: SettlementTx, processor: string, row: BookRow, context: SaveContext, isLookedUp: boolean) {
  const { at } = context;
  const before = await tx.rows.find({ processor, kind: row.kind, id: row.id });
  if (before && before.restaurantId !== null) {
    const known = BookRows.join(before, row);
    await tx.rows.save(known);
    await tx.ledger.post(BookRows.postings(known, at));
    return ok(undefined);
  }
  const owner = await ownerOf(tx, processor, row, context);
  if (owner === NOBODY && row.kind === 'charge' && !isLookedUp) return err('unknown');
  const known: KnownRow = { ...(before ? BookRows.join(before, row) : row), processor, ...owner.known };
  await tx.rows.save(known);
  await tx.ledger.post(BookRows.postings(known, at));
  const comparison = owner !== NOBODY && row.kind === 'adjustment' ? 'matched' : compareRow(row, owner.ours);
  // What people were told of once they have dealt with, or will.
  if (comparison !== 'matched' && !before) await raise(tx, known, comparison, owner.ours, at);
  return ok(comparison);
}

type Owner = {
  readonly known: Pick<KnownRow, 'restaurantId' | 'paymentId' | 'payoutId' | 'knownFee' | 'knownFeeTax'>;
  readonly ours: { readonly amount: number; readonly fee: number | null } | undefined;
};
const NOBODY: Owner = { known: { restaurantId: null, paymentId: null, payoutId: null, knownFee: 0, knownFeeTax: 0 }, ours: undefined };

async function ownerOf(tx: SettlementTx, processor: string, row: BookRow, context: SaveContext): Promise<Owner> {
  if (row.kind === 'transfer' || (row.kind === 'adjustment' && row.chargeId === null)) {
    const payout = await tx.payouts.lockByTransfer(processor, row.id); // What a transfer took comes back under its own name when it fails.
    if (!payout) return NOBODY;
    const { restaurantId, id: payoutId, amount } = payout;
    return { known: { ...NOBODY.known, restaurantId, payoutId }, ours: { amount, fee: null } };
  }
  const chargeId = row.kind === 'charge' ? row.id : row.chargeId;
  const found = chargeId === null ? undefined : await tx.payments.lockByReference(processor, [chargeId]);
  if (!found || chargeId === null) return NOBODY;
  const payment = row.kind === 'charge' ? await withFee(tx, found, row, context) : found;
  const { restaurantId, id: paymentId } = payment;
  const of = { ...NOBODY.known, restaurantId, paymentId };
  if (row.kind === 'refund') {
    const refund = payment.refunds.find(({ providerRefundId }) => providerRefundId === row.id);
    return { known: of, ours: refund && { amount: refund.amount, fee: null } };
  }
  const charge = payment.observed.charges[chargeId];
  if (row.kind === 'adjustment' || charge?.status !== 'captured') return { known: of, ours: undefined };
  return { known: { ...of, knownFee: charge.fee ?? 0, knownFeeTax: charge.feeTax ?? 0 }, ours: charge };
}

/** The provider's books are the first to say what a charge cost, if nobody did before. */
function withFee(tx: SettlementTx, payment: Payment, row: BookRow, context: SaveContext): Promise<Payment> | Payment {
  const charge = payment.observed.charges[row.id];
  if (charge?.status !== 'captured' || charge.fee !== null) return payment;
  const fact: ChargeFact = { ...charge, fee: BookRows.kept(row), feeTax: row.feeTax };
  return savePayment(tx, payment, applyFacts(payment, [fact], context.at), context);
}

function raise(tx: SettlementTx, row: KnownRow, comparison: Exclude<Comparison, 'matched'>, ours: Owner['ours'], at: number): Promise<void> {
  const { processor, kind, id: reference, restaurantId, paymentId, amount, fee, currency, description } = row;
  const theirs = { amount, fee };
  const detail = { what: kind, currency, theirs, ours: ours ? { amount: ours.amount, fee: ours.fee } : null, description };
  return tx.exceptions.raise({ kind: comparison, processor, reference, restaurantId, paymentId, detail, at });
}

import type { PayoutEvent } from '#domain/payments/events.ts';
import type { ProviderFact, TransferFact } from '#domain/payments/facts.ts';
import { Payout, PayoutId } from '#domain/payments/payout.ts';
import { postingsOfPayout } from '#domain/payments/settlement/payout-books.ts';
import type { Change } from '#domain/shared/change.ts';
import type { PaymentsTx, Told } from '../ports.ts';

/** The one way a payout is saved: with its events, its postings, and a word to people about what only they can mend. */
export async function savePayout(tx: PaymentsTx, before: Payout, { state, events }: Change<Payout, PayoutEvent>, at: number): Promise<Payout> {
  if (events.length === 0) return before;
  await tx.payouts.save({ state, events });
  await tx.ledger.post(postingsOfPayout(before, events));
  const { id: reference, processor, restaurantId, amount } = state;
  const about = { processor, reference, restaurantId, paymentId: null, at };
  if (Payout.statusOf(state) === 'failed' && Payout.statusOf(before) !== 'failed') {
    await tx.exceptions.raise({ ...about, kind: 'payout_failed', detail: { amount, ...state.refusal } });
  }
  if (Payout.isContradicted(state)) {
    await tx.exceptions.raise({ ...about, kind: 'facts_contradict', detail: { amount, transfers: Object.values(state.transfers) } });
  }
  return { ...state, version: state.version + events.length };
}

/** Takes what is told of transfers to the payouts they are of; how many were ours. */
export async function applyTransfers(tx: PaymentsTx, { processor, facts }: Told, at: number): Promise<number> {
  let ours = 0;
  for (const fact of facts.filter(isTransfer)) {
    const { payoutId, providerTransferId } = fact;
    const payout =
      (await tx.payouts.lockByTransfer(processor, providerTransferId)) ?? (isId(payoutId) ? await tx.payouts.lock(PayoutId.of(payoutId)) : undefined);
    if (payout?.processor !== processor) continue;
    await savePayout(tx, payout, Payout.observe(payout, [fact], at), at);
    ours += 1;
  }
  return ours;
}

const isTransfer = (fact: ProviderFact): fact is TransferFact => fact.kind === 'transfer';
/** A note at the provider is whatever somebody wrote there. */
const isId = (note: string | null): note is string => note !== null && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(note);

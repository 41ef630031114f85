import { err, ok, type Result } from '../shared/result.ts';
import { mulDivRound } from '../shared/rounding.ts';
import type { PaymentsErrorOf } from './errors.ts';
import type { Payment } from './payment.ts';
import type { RefundedLine } from './refund.ts';

/** A line as it was paid: `total` is what all of it cost, tax included. */
type PaidLine = { readonly quantity: number; readonly total: number };

/**
 * What portions of an order's lines cost, in minor units. Each portion is priced as the difference between what all portions given
 * back so far cost, rounded, before and after it: the last one takes what rounding left over. None is given back twice.
 */
export function amountOfLines(
  { refunds }: Payment,
  paid: readonly PaidLine[],
  asked: readonly RefundedLine[],
): Result<number, PaymentsErrorOf<'payments.line_not_found' | 'payments.line_refunded'>> {
  const before = new Map<number, number>();
  for (const { line, quantity } of refunds.filter(({ status }) => status !== 'failed').flatMap(({ lines }) => lines)) {
    before.set(line, (before.get(line) ?? 0) + quantity);
  }
  let amount = 0;
  for (const { line, quantity } of asked) {
    const whole = paid[line];
    if (!whole) return err({ code: 'payments.line_not_found', line });
    const gone = before.get(line) ?? 0;
    if (gone + quantity > whole.quantity) return err({ code: 'payments.line_refunded', line, quantity, left: whole.quantity - gone });
    const costOf = (portions: number): number => mulDivRound(whole.total, portions, whole.quantity);
    amount += costOf(gone + quantity) - costOf(gone);
    before.set(line, gone + quantity);
  }
  return ok(amount);
}

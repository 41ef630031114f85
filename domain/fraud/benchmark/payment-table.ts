import { type CardPayment, DAY_SECONDS } from './card-payment.ts';

/** A labelled stream as columns, in time order; what a million payments fit in. Scenarios are for reports, never for features; 0 is genuine or unknown. */
export type PaymentTable = {
  readonly ids: Int32Array;
  readonly times: Int32Array;
  readonly customers: Int32Array;
  readonly terminals: Int32Array;
  readonly amounts: Int32Array;
  readonly frauds: Uint8Array;
  readonly scenarios: Uint8Array | undefined;
};

const payment = ({ ids, times, customers, terminals, amounts }: PaymentTable, row: number): CardPayment => ({
  id: ids[row] as number,
  at: times[row] as number,
  customer: customers[row] as number,
  terminal: terminals[row] as number,
  amount: amounts[row] as number,
});

const day = ({ times }: PaymentTable, row: number): number => Math.floor((times[row] as number) / DAY_SECONDS);

/** The first row on or after the beginning of a day. */
function firstOf({ times }: PaymentTable, ofDay: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) < ofDay * DAY_SECONDS) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The rows of the days from `from` to before `until`. */
function rowsOf(table: PaymentTable, from: number, until: number): Uint32Array {
  const first = firstOf(table, from);
  return Uint32Array.from({ length: firstOf(table, until) - first }, (_, i) => first + i);
}

export const PaymentTable = { payment, day, rowsOf, firstOf };

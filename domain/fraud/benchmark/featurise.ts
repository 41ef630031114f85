import { Examples } from '../learning/examples.ts';
import { DAY_SECONDS } from './card-payment.ts';
import { createFeatureStore } from './feature-store.ts';
import { PaymentTable } from './payment-table.ts';

/** The vectors of some rows of a table. */
export type Featurised = {
  /** `rows` must be among the wanted. */
  readonly examples: (rows: Uint32Array, weights?: Float64Array, featureNames?: readonly string[]) => Examples;
  readonly count: number;
};

export type FeaturiseSettings = {
  readonly epochDay: number;
  readonly delayDays: number;
  readonly onProgress?: (done: number) => void;
};

const PROGRESS_ROWS = 100_000;

/** Sends the whole stream through the online store, once, and keeps the vectors of the rows that are wanted. */
export function featurise(table: PaymentTable, wanted: Uint8Array, { epochDay, delayDays, onProgress }: FeaturiseSettings): Featurised {
  const store = createFeatureStore({ epochDay });
  const width = store.featureNames.length;
  const places = new Int32Array(wanted.length).fill(-1);
  const count = wanted.reduce((sum, isWanted) => sum + isWanted, 0);
  const values = new Float64Array(count * width);
  const last = wanted.lastIndexOf(1);

  for (let row = 0, place = 0; row <= last; row++) {
    const payment = PaymentTable.payment(table, row);
    if (wanted[row] === 1) {
      values.set(store.features(payment), place * width);
      places[row] = place++;
    }
    store.remember(payment);
    store.tell({ payment, at: payment.at + delayDays * DAY_SECONDS, isFraud: table.frauds[row] === 1 });
    if (row % PROGRESS_ROWS === 0) onProgress?.(row);
  }
  const all: Examples = { featureNames: store.featureNames, values, labels: Uint8Array.from(pickWanted(table, wanted)) };
  return {
    count,
    examples(rows, weights, featureNames) {
      const picked = Examples.pick(
        all,
        rows.map((row) => places[row] as number),
        featureNames,
      );
      return weights === undefined ? picked : { ...picked, weights };
    },
  };
}

const pickWanted = ({ frauds }: PaymentTable, wanted: Uint8Array): Uint8Array => frauds.filter((_, row) => wanted[row] === 1);

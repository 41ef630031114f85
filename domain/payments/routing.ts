/** Where payments go: processors in order of preference, each perhaps for some amounts or currencies only. */
export type Route = {
  readonly processor: string;
  readonly currencies?: readonly string[];
  /** In minor units, both inclusive. */
  readonly from?: number;
  readonly to?: number;
};

/**
 * The processors to try for an amount, best first. The next one is asked only after the one before it has said clearly that it will
 * not take the money; as long as nobody knows, nobody else is asked.
 */
export const routesFor = (routes: readonly Route[], amount: number, currency: string): readonly string[] =>
  routes
    .filter(({ currencies, from = 0, to = Number.POSITIVE_INFINITY }) => (currencies?.includes(currency) ?? true) && amount >= from && amount <= to)
    .map(({ processor }) => processor);

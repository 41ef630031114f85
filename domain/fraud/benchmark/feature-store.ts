import { invariant } from '../../shared/invariant.ts';
import { createAgenda } from './agenda.ts';
import type { CardPayment, FraudLabel } from './card-payment.ts';
import { FEATURES, type Moment } from './features.ts';
import { type CustomerHistory, newCustomer, newTerminal, rememberLabel, rememberPayment, type TerminalHistory } from './histories.ts';

/**
 * Features of payments as they come, from nothing but what came before: a deterministic reducer over payments in time order and labels in any order.
 * A label waits for its own time however early it is told, and payments of one second do not see each other. What one key takes is bounded.
 */
export type FeatureStore = {
  readonly featureNames: readonly string[];
  /** The vector of a payment, not remembering it. */
  readonly features: (payment: CardPayment) => Float64Array;
  readonly remember: (payment: CardPayment) => void;
  readonly tell: (label: FraudLabel) => void;
};

/** `epochDay`: the day, counted from 1970, that the payments' time 0 begins. */
export function createFeatureStore({ epochDay }: { readonly epochDay: number }): FeatureStore {
  const featureNames = Object.keys(FEATURES);
  const computed = Object.values(FEATURES);
  const customers = new Map<number, CustomerHistory>();
  const terminals = new Map<number, TerminalHistory>();
  const agenda = createAgenda();
  let now = Number.NEGATIVE_INFINITY;
  let ofThisSecond: CardPayment[] = [];

  const customerOf = (id: number): CustomerHistory => known(customers, id, newCustomer);
  const terminalOf = (id: number): TerminalHistory => known(terminals, id, newTerminal);

  const moveTo = (at: number): void => {
    invariant(at >= now, `payments come in time order: ${at} after ${now}`);
    if (at === now) return;
    ofThisSecond.sort((a, b) => a.id - b.id);
    for (const payment of ofThisSecond) rememberPayment(customerOf(payment.customer), payment);
    ofThisSecond = [];
    now = at;
    for (let label = agenda.takeDue(now); label !== undefined; label = agenda.takeDue(now)) {
      rememberLabel(customerOf(label.payment.customer), terminalOf(label.payment.terminal), label);
    }
  };

  return {
    featureNames,
    features(payment) {
      moveTo(payment.at);
      const customer = customerOf(payment.customer);
      const terminal = terminalOf(payment.terminal);
      for (const sums of [customer.paid, customer.unusual, customer.knownFrauds, terminal.labelled, terminal.unexplained]) sums.advance(now);
      const moment: Moment = { payment, customer, terminal, epochDay };
      const vector = new Float64Array(computed.length);
      for (let i = 0; i < vector.length; i++) vector[i] = (computed[i] as (moment: Moment) => number)(moment);
      return vector;
    },
    remember(payment) {
      moveTo(payment.at);
      ofThisSecond.push(payment);
    },
    tell(label) {
      invariant(label.at >= label.payment.at, 'nothing is known of a payment before it is made');
      agenda.add(label.at < now ? { ...label, at: now } : label); // What is told late is known from then on.
    },
  };
}

function known<T>(map: Map<number, T>, id: number, create: () => T): T {
  const found = map.get(id);
  if (found !== undefined) return found;
  const created = create();
  map.set(id, created);
  return created;
}

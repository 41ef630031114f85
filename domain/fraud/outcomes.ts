import type { OrderEvent } from '#domain/ordering/events.ts';
import type { AssessedEvent, LabelEvent } from './events.ts';
import type { Observation, Observed } from './history.ts';
import { type Key, keysOf, type Signals, shortOf } from './signals.ts';

/** What payments tells of a charge; of one charge several may be told. */
export type ChargeMoved = {
  readonly type: 'payments.charge_failed' | 'payments.charge_authorized' | 'payments.charge_captured';
  readonly paymentId: string;
  readonly charge: {
    readonly chargeId: string;
    readonly amount: number;
    readonly instrument: { readonly method: string; readonly fingerprint: string | null } | null;
  };
  readonly at: number;
};
/** What payments tells of money that is to go back. */
export type RefundRequested = {
  readonly type: 'payments.refund_requested';
  readonly paymentId: string;
  /** `requested`: somebody asked for it, and it was not ours to give back anyway. `fraud`: it was one. */
  readonly refund: { readonly id: string; readonly amount: number; readonly reason: string };
  readonly at: number;
};

/** What the histories listen to. */
export const OUTCOME_TYPES = [
  'fraud.assessed',
  'fraud.labelled',
  'ordering.order_completed',
  'ordering.order_returned',
  'ordering.order_cancelled',
  'payments.charge_failed',
  'payments.charge_authorized',
  'payments.charge_captured',
  'payments.refund_requested',
] as const;
export type OutcomeEvent =
  | AssessedEvent
  | LabelEvent
  | Extract<OrderEvent, { readonly type: (typeof OUTCOME_TYPES)[number] }>
  | ChargeMoved
  | RefundRequested;

/** An observation, and whose histories it belongs to. */
export type Seen = { readonly keys: readonly Key[]; readonly observation: Observation };

/** What is known of an attempt that an outcome belongs to. */
export type Context = Pick<Signals, 'restaurantId' | 'customerId' | 'tokens' | 'amount' | 'method' | 'place'>;
/** Finds the attempt an outcome belongs to: the latest of its order, the one of its payment, or the one decided. */
export type ContextOf = (by: { readonly orderId?: string; readonly paymentId?: string; readonly decisionId?: string }) => Context | undefined;

/** An attempt as histories remember it. */
export function attemptSeen({ decisionId, signals }: Pick<AssessedEvent, 'decisionId' | 'signals'>): Seen {
  return outcomeSeen('attempt', decisionId, signals.at, signals);
}

/** What an event tells the histories; undefined when it tells them nothing. `tokenOf` makes the token of an instrument's fingerprint. */
export function seenIn(event: OutcomeEvent, contextOf: ContextOf, tokenOf: (fingerprint: string) => string): Seen | undefined {
  switch (event.type) {
    case 'fraud.assessed':
      return attemptSeen(event);
    case 'fraud.labelled': {
      const { held, decisionId, source, labelTime } = event;
      const context = contextOf({ decisionId });
      if (!context || held.before === held.after) return undefined;
      return outcomeSeen(held.after ? 'fraud' : 'cleared', `${decisionId}:${source}`, labelTime, context);
    }
    case 'ordering.order_completed':
      return ofOrder('completed', event, contextOf);
    case 'ordering.order_returned':
      return ofOrder('no_show', event, contextOf);
    case 'ordering.order_cancelled':
      return event.from === 'pending' ? undefined : ofOrder('cancelled', event, contextOf); // What was never paid was never taken back.
    case 'payments.charge_failed':
    case 'payments.charge_authorized':
    case 'payments.charge_captured':
      return ofCharge(event, contextOf, tokenOf);
    case 'payments.refund_requested': {
      const { paymentId, refund, at } = event;
      const context = refund.reason === 'requested' ? contextOf({ paymentId }) : undefined;
      return context && outcomeSeen('refund', refund.id, at, { ...context, amount: refund.amount });
    }
  }
}

/** An order that nobody assessed, one in cash say, still tells something of its customer. */
function ofOrder(what: Observed, { orderId, customerId, restaurantId, at }: OrderEvent, contextOf: ContextOf): Seen {
  const context = contextOf({ orderId });
  if (context) return outcomeSeen(what, orderId, at, context);
  const keys = keysOf({ customerId, restaurantId, tokens: {} });
  return { keys, observation: { id: orderId, at, what, customer: shortOf(customerId), restaurant: shortOf(restaurantId) } };
}

function ofCharge({ type, paymentId, charge, at }: ChargeMoved, contextOf: ContextOf, tokenOf: (fingerprint: string) => string): Seen | undefined {
  const context = contextOf({ paymentId });
  if (!context) return undefined;
  const { chargeId, amount, instrument } = charge;
  const fingerprint = instrument?.fingerprint;
  const tokens = fingerprint ? { ...context.tokens, instrument: tokenOf(fingerprint) } : context.tokens;
  const what = type === 'payments.charge_failed' ? 'failure' : 'paid';
  return outcomeSeen(what, chargeId, at, { ...context, tokens, amount, method: instrument?.method ?? context.method });
}

/** An outcome of an attempt as histories remember it. */
export function outcomeSeen(what: Observed, id: string, at: number, context: Context): Seen {
  const { restaurantId, customerId, tokens, amount, method, place } = context;
  const observation: Observation = {
    id,
    at,
    what,
    amount,
    customer: shortOf(customerId),
    restaurant: shortOf(restaurantId),
    ...(tokens.device !== undefined && { device: shortOf(tokens.device) }),
    ...(tokens.instrument !== undefined && { instrument: shortOf(tokens.instrument) }),
    ...(method !== null && { method }),
    ...(place !== null && { place }),
  };
  return { keys: keysOf(context), observation };
}

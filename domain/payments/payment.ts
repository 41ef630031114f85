import type { Brand } from '../shared/brand.ts';
import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import { type Minor, Money } from '../shared/money.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { PaymentsErrorOf } from './errors.ts';
import type { PaymentEvent } from './events.ts';
import type { ChargeFact, OpeningFailure } from './facts.ts';
import { NOTHING_OBSERVED, type Observed } from './observed.ts';
import type { Refund, Shares } from './refund.ts';
import { sumOfShares } from './shares.ts';

export type PaymentId = Brand<string, 'PaymentId'>;
export const PaymentId = { of: (raw: string): PaymentId => raw as PaymentId };

export const CHANNELS = ['checkout', 'link', 'bank_transfer', 'cash'] as const;
export type Channel = (typeof CHANNELS)[number];

/** What an order costs its customer, and whose it will be; agreed when the payment is opened. */
export type PaymentTerms = {
  readonly restaurantId: string;
  readonly orderId: string;
  readonly customerId: string;
  readonly amount: Minor;
  readonly currency: string;
  /** Within the amount. */
  readonly tax: Minor;
  /** Within the amount: what the platform keeps. */
  readonly commission: Minor;
  readonly openedAt: number;
};

/** One way the customer was given to pay: an order at a provider, a link, a counter. */
export type Attempt = {
  readonly id: string;
  readonly processor: string;
  readonly channel: Channel;
  /** `manual`: what is authorised waits for somebody's approval. */
  readonly capture: 'automatic' | 'manual';
  /** Somebody approved what waits. */
  readonly isReleased: boolean;
  /** opening: the provider has not said yes yet. failed: it said no, and nothing can be paid there. */
  readonly status: 'opening' | 'open' | 'failed' | 'closed';
  readonly providerOrderId: string | null;
  readonly linkId: string | null;
  readonly url: string | null;
  readonly failure: OpeningFailure | null;
  readonly at: number;
};

export const PAYMENT_STATUSES = ['pending', 'failed', 'authorized', 'voided', 'captured', 'partially_refunded', 'refunded'] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

/** What a captured charge was for. */
export type Capture = Shares & { readonly unapplied: Minor };

export type Payment = PaymentTerms & {
  readonly id: PaymentId;
  readonly attempts: readonly Attempt[];
  readonly observed: Observed;
  readonly captures: Readonly<Record<string, Capture>>;
  readonly refunds: readonly Refund[];
  /** 0 until first saved; the repository owns the increment. */
  readonly version: number;
};

/** What has become of the money, in minor units. */
export type Standing = {
  readonly captured: number;
  /** Gone back, wherever it was asked for. */
  readonly refunded: number;
  /** The part of it that was not set aside here: made at the provider itself, or come through after it was given up. */
  readonly refundedElsewhere: number;
  /** Set aside for refunds that are under way. */
  readonly reserved: number;
  readonly fees: number;
};

const isDone = ({ status }: Refund): boolean => status === 'processed';
const isUnderWay = ({ status }: Refund): boolean => status === 'reserved' || status === 'processing';
const sumOf = (refunds: readonly Refund[]): number => refunds.reduce((sum, { amount }) => sum + amount, 0);

const capturedCharges = ({ observed }: Pick<Payment, 'observed'>): readonly ChargeFact[] =>
  Object.values(observed.charges)
    .filter(({ status }) => status === 'captured')
    .sort((a, b) => a.at - b.at || (a.chargeId < b.chargeId ? -1 : 1));

function standing(payment: Payment): Standing {
  const charges = capturedCharges(payment);
  const done = payment.refunds.filter(isDone);
  return {
    captured: charges.reduce((sum, { amount }) => sum + amount, 0),
    refunded: sumOf(done),
    refundedElsewhere: sumOf(done.filter(({ reason, wasGivenUp }) => reason === 'elsewhere' || wasGivenUp)),
    reserved: sumOf(payment.refunds.filter(isUnderWay)),
    fees: charges.reduce((sum, { fee }) => sum + (fee ?? 0), 0),
  };
}

/** What can still be given back of one charge. */
function refundable({ observed, refunds }: Payment, chargeId: string): number {
  const charge = observed.charges[chargeId];
  if (charge?.status !== 'captured') return 0;
  const taken = refunds.filter((refund) => refund.chargeId === chargeId && (isDone(refund) || isUnderWay(refund)));
  return Math.max(0, charge.amount - sumOf(taken));
}

function statusOf(payment: Payment): PaymentStatus {
  const { captured, refunded } = standing(payment);
  if (captured > 0) return refunded === 0 ? 'captured' : refunded < captured ? 'partially_refunded' : 'refunded';
  const statuses = new Set(Object.values(payment.observed.charges).map(({ status }) => status));
  if (statuses.has('authorized')) return 'authorized';
  if (statuses.has('created') || statuses.size === 0) return 'pending';
  return statuses.has('voided') ? 'voided' : 'failed';
}

/** Whether all that was owed has been taken, whatever went back later. */
const isPaid = (payment: Payment): boolean => sumOfShares(unpaidShares(payment)) === 0;

function evolve(payment: Payment, event: PaymentEvent): Payment {
  switch (event.type) {
    case 'payments.payment_opened':
      return payment;
    case 'payments.attempt_started':
      return { ...payment, attempts: [...payment.attempts, event.attempt] };
    case 'payments.attempt_opened': {
      const { attemptId, providerOrderId, linkId, url } = event;
      return withAttempt(payment, attemptId, { status: 'open', providerOrderId, linkId, url });
    }
    case 'payments.attempt_released':
      return withAttempt(payment, event.attemptId, { isReleased: true });
    case 'payments.attempt_ended':
      return withAttempt(payment, event.attemptId, { status: event.failure === null ? 'closed' : 'failed', failure: event.failure });
    case 'payments.refund_observed':
      return { ...payment, observed: { ...payment.observed, refunds: { ...payment.observed.refunds, [event.fact.providerRefundId]: event.fact } } };
    case 'payments.refund_requested':
      return { ...payment, refunds: [...payment.refunds, event.refund] };
    case 'payments.refund_processing':
    case 'payments.refund_processed':
    case 'payments.refund_failed': {
      const status = event.type.slice('payments.refund_'.length) as Refund['status'];
      const refunds = payment.refunds.map((refund) =>
        refund.id === event.refundId
          ? {
              ...refund,
              status,
              providerRefundId: event.providerRefundId ?? refund.providerRefundId,
              ...(refund.status === 'failed' && { wasGivenUp: true as const }),
            }
          : refund,
      );
      return { ...payment, refunds };
    }
    case 'payments.dispute_changed':
      return { ...payment, observed: { ...payment.observed, disputes: { ...payment.observed.disputes, [event.dispute.disputeId]: event.dispute } } };
    case 'payments.charge_captured': {
      const captures = { ...payment.captures, [event.charge.chargeId]: { ...event.shares, unapplied: event.unapplied } };
      return withCharge({ ...payment, captures }, event.charge);
    }
    default:
      return withCharge(payment, event.charge);
  }
}

const withAttempt = (payment: Payment, attemptId: string, fields: Partial<Attempt>): Payment => ({
  ...payment,
  attempts: payment.attempts.map((attempt) => (attempt.id === attemptId ? { ...attempt, ...fields } : attempt)),
});
const withCharge = (payment: Payment, charge: ChargeFact): Payment => ({
  ...payment,
  observed: { ...payment.observed, charges: { ...payment.observed.charges, [charge.chargeId]: charge } },
});

const blank = (id: PaymentId, terms: PaymentTerms): Payment => ({
  ...terms,
  id,
  attempts: [],
  observed: NOTHING_OBSERVED,
  captures: {},
  refunds: [],
  version: 0,
});

export const aboutOf = ({ id, orderId, restaurantId, customerId }: Payment, at: number) => ({ paymentId: id, orderId, restaurantId, customerId, at });

/** The change that events make to a payment. */
export const changed = (payment: Payment, events: readonly PaymentEvent[]): Change<Payment, PaymentEvent> => ({
  state: events.reduce(evolve, payment),
  events,
});

function open(id: PaymentId, terms: PaymentTerms): Change<Payment, PaymentEvent> {
  const payment = blank(id, terms);
  return changed(payment, [{ type: 'payments.payment_opened', ...aboutOf(payment, terms.openedAt), terms }]);
}

type NewAttempt = Pick<Attempt, 'id' | 'processor' | 'channel' | 'capture'>;

/** Gives the customer a way to pay. What has been paid needs none. */
function startAttempt(
  payment: Payment,
  attempt: NewAttempt,
  at: number,
): Result<Change<Payment, PaymentEvent>, PaymentsErrorOf<'payments.already_paid'>> {
  if (isPaid(payment)) return err({ code: 'payments.already_paid', paymentId: payment.id });
  const started: Attempt = { ...attempt, isReleased: false, status: 'opening', providerOrderId: null, linkId: null, url: null, failure: null, at };
  return ok(changed(payment, [{ type: 'payments.attempt_started', ...aboutOf(payment, at), attempt: started }]));
}

type Opened = Pick<Attempt, 'providerOrderId' | 'linkId' | 'url'>;
const openAttempt = (payment: Payment, attemptId: string, opened: Opened, at: number): Change<Payment, PaymentEvent> =>
  changed(payment, [{ type: 'payments.attempt_opened', ...aboutOf(payment, at), attemptId, ...opened }]);

const endAttempt = (payment: Payment, attemptId: string, failure: OpeningFailure | null, at: number): Change<Payment, PaymentEvent> =>
  changed(payment, [{ type: 'payments.attempt_ended', ...aboutOf(payment, at), attemptId, failure }]);

/** Approves what waits at manual attempts, now or when it comes. */
const release = (payment: Payment, at: number): Change<Payment, PaymentEvent> =>
  changed(
    payment,
    payment.attempts
      .filter(({ capture, isReleased }) => capture === 'manual' && !isReleased)
      .map(({ id }) => ({ type: 'payments.attempt_released', ...aboutOf(payment, at), attemptId: id })),
  );

/** The attempt a charge belongs to. */
const attemptOf = ({ attempts }: Payment, { providerOrderId, linkId }: Pick<ChargeFact, 'providerOrderId' | 'linkId'>): Attempt | undefined =>
  attempts.find(
    (attempt) =>
      (attempt.providerOrderId !== null && attempt.providerOrderId === providerOrderId) || (attempt.linkId !== null && attempt.linkId === linkId),
  );

/** Authorised charges that may be captured: all but those that wait for an approval. */
const capturable = (payment: Payment): readonly (ChargeFact & { readonly attempt: Attempt })[] =>
  Object.values(payment.observed.charges).flatMap((charge) => {
    const attempt = attemptOf(payment, charge);
    if (charge.status !== 'authorized' || attempt === undefined) return [];
    return attempt.capture === 'automatic' || attempt.isReleased ? [{ ...charge, attempt }] : [];
  });

/** The payment its events tell of. */
function fold(id: PaymentId, events: readonly PaymentEvent[]): Payment {
  const [first] = events;
  invariant(first?.type === 'payments.payment_opened', `payment ${id} has no beginning`);
  return { ...events.reduce(evolve, blank(id, first.terms)), version: events.length };
}

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(payment: Payment): Payment {
  const { captured, refunded, refundedElsewhere, reserved } = standing(payment);
  invariant(payment.tax + payment.commission <= payment.amount, `payment ${payment.id}: tax and commission exceed the amount`);
  invariant(refunded - refundedElsewhere + reserved <= captured, `payment ${payment.id}: more is refunded than was captured`);
  for (const [chargeId, { restaurant, tax, commission, unapplied }] of Object.entries(payment.captures)) {
    const amount = payment.observed.charges[chargeId]?.amount;
    invariant(restaurant + tax + commission + unapplied === amount, `charge ${chargeId}: its shares are not its amount`);
  }
  return payment;
}

/** What no charge has been taken for yet: whose it will be. */
export function unpaidShares({ amount, tax, commission, captures }: Payment): Shares {
  const taken = Object.values(captures);
  const left = (whole: number, share: (capture: Capture) => number): Minor =>
    Money.of(Math.max(0, whole - taken.reduce((sum, capture) => sum + share(capture), 0)));
  return {
    restaurant: left(amount - tax - commission, (capture) => capture.restaurant),
    tax: left(tax, (capture) => capture.tax),
    commission: left(commission, (capture) => capture.commission),
  };
}

export const Payment = {
  open,
  startAttempt,
  openAttempt,
  endAttempt,
  release,
  capturable,
  attemptOf,
  standing,
  statusOf,
  isPaid,
  refundable,
  capturedCharges,
  evolve,
  fold,
  check,
};

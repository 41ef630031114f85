import type { Page, PageRequest } from '#application/shared/page.ts';
import type { Clock, Ids, Log } from '#application/shared/ports.ts';
import type { RequestQueries, Requests } from '#application/shared/requests.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { Posting } from '#domain/payments/books.ts';
import type { ExceptionResolved, PaymentEvent, PayoutEvent, WebhookReceived } from '#domain/payments/events.ts';
import type { ProviderFact } from '#domain/payments/facts.ts';
import type { Operation } from '#domain/payments/operation.ts';
import type { Payment, PaymentId, PaymentStatus } from '#domain/payments/payment.ts';
import type { Payout, PayoutId } from '#domain/payments/payout.ts';
import type { Ending } from '#domain/payments/refunding.ts';
import type { Route } from '#domain/payments/routing.ts';
import type { ExceptionKind, PaymentException } from '#domain/payments/settlement/exception.ts';
import type { Change } from '#domain/shared/change.ts';
import type { PaymentProvider } from './provider.ts';

export type Payments = {
  /** Locks it until the transaction ends: whoever changes the money of one payment does so alone. */
  lock(paymentId: PaymentId): Promise<Payment | undefined>;
  lockOfOrder(orderId: string): Promise<Payment | undefined>;
  /** The one that a provider's order, charge or link belongs to. */
  lockByReference(processor: string, references: readonly string[]): Promise<Payment | undefined>;
  /** Writes the state, its events and how providers' ids lead to it, or throws WriteConflict. An order has one payment. */
  save(change: Change<Payment, PaymentEvent>): Promise<void>;
  /** When to ask its providers next how it stands; null when there is nothing left to be told. */
  checkAt(paymentId: PaymentId, at: number | null): Promise<void>;
};

/** The double-entry ledger. A fact that is booked already is not booked again. */
export type Ledger = { post(postings: readonly Posting[]): Promise<void> };

export type Operations = {
  /** Plans what is not planned yet: an operation's id is its target's. */
  plan(operations: readonly Operation[]): Promise<void>;
  lock(operationId: string): Promise<Operation | undefined>;
  save(operation: Operation): Promise<void>;
};

/** Events as a provider sent them, byte for byte, each once. */
export type Inbox = {
  /** False when an event of that id is there already. */
  receive(event: ReceivedEvent): Promise<boolean>;
  /** Locks one that waits; undefined when it was dealt with meanwhile. */
  lock(processor: string, eventId: string): Promise<ReceivedEvent | undefined>;
  settle(processor: string, eventId: string, outcome: InboxOutcome): Promise<void>;
};
export type ReceivedEvent = {
  readonly processor: string;
  readonly eventId: string;
  readonly type: string;
  readonly body: Uint8Array;
  readonly receivedAt: number;
  readonly tries: number;
};
/** The event that goes with it, for the log. */
export const webhookReceived = ({ processor, eventId, type, receivedAt }: Omit<ReceivedEvent, 'body' | 'tries'>): WebhookReceived => ({
  type: 'payments.webhook_received',
  processor,
  eventId,
  eventType: type,
  at: receivedAt,
});
/** `parked` waits for a person; `unmatched` told of nothing of ours. */
export type InboxOutcome =
  | { readonly status: 'processed' | 'unmatched' | 'parked'; readonly detail: string | null; readonly at: number }
  | { readonly status: 'received'; readonly detail: string; readonly dueAt: number };

/** What ordering does for a payment inside its transaction. */
export type OrderPayments = {
  /** Places the order if it waits for its money and all of it is there. How it stands: over, and why, or not. */
  settle(orderId: string, isPaid: boolean, at: number): Promise<Ending | undefined>;
};

/** What people must look at because the program cannot know: listed, with what can be done about it. */
export type Exceptions = {
  /** One that is open already, of the same kind about the same thing, stays as it is. */
  raise(exception: NewException): Promise<void>;
  lock(exceptionId: string): Promise<PaymentException | undefined>;
  /** Writes who dealt with it and how, or throws WriteConflict. */
  save(change: Change<PaymentException, ExceptionResolved>): Promise<void>;
};
/** Payouts to restaurants. */
export type Payouts = {
  lock(payoutId: PayoutId): Promise<Payout | undefined>;
  /** The one that a provider's transfer belongs to. */
  lockByTransfer(processor: string, providerTransferId: string): Promise<Payout | undefined>;
  /** Writes the state and its events, or throws WriteConflict. */
  save(change: Change<Payout, PayoutEvent>): Promise<void>;
};
export type NewException = {
  readonly kind: ExceptionKind;
  readonly processor: string;
  /** The provider's id, or ours, of what it is about. */
  readonly reference: string;
  readonly restaurantId: string | null;
  readonly paymentId: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly at: number;
};
export { EXCEPTION_KINDS, type ExceptionKind } from '#domain/payments/settlement/exception.ts';

export type PaymentsTx = {
  readonly payments: Payments;
  readonly ledger: Ledger;
  readonly operations: Operations;
  readonly inbox: Inbox;
  readonly orders: OrderPayments;
  readonly exceptions: Exceptions;
  readonly payouts: Payouts;
  readonly requests: Requests;
};

/** An order as payments sees it; ordering answers. */
export type PayableOrder = {
  readonly orderId: string;
  readonly restaurantId: string;
  /** Whom the customer pays, as they know it. */
  readonly restaurantName: string;
  readonly customerId: string;
  readonly number: number;
  readonly status: string;
  /** Over without food: nothing may be paid for it any more. */
  readonly isOver: boolean;
  readonly amount: number;
  readonly tax: number;
  readonly tip: number;
  readonly currency: string;
  readonly expiresAt: number | null;
  readonly lines: readonly { readonly name: string; readonly quantity: number; readonly total: number }[];
};
export type PayableOrders = { find(orderId: string): Promise<PayableOrder | undefined> };

/** Whether a payment may be taken, before any provider hears of it; fraud answers. */
export type Screening = {
  assess(attempt: ScreenedAttempt): Promise<'allow' | 'step_up' | 'review' | 'block'>;
};
export type ScreenedAttempt = {
  readonly paymentId: string;
  readonly attemptId: string;
  readonly restaurantId: string;
  readonly orderId: string;
  readonly customerId: string;
  readonly amount: number;
  readonly currency: string;
  readonly channel: string;
  readonly ip: string | null;
  readonly deviceId: string | null;
  readonly at: number;
};

/** What the platform keeps of a restaurant's sales, in hundredths of a percent of what is left after tax and tip. */
export type Commissions = { of(restaurantId: string): Promise<number> };

export type PaymentFilter = { readonly status?: PaymentStatus };
export type Balance = { readonly account: string; readonly currency: string; readonly debit: number; readonly credit: number };
export type LedgerEntry = {
  readonly id: string;
  readonly account: string;
  readonly currency: string;
  readonly debit: number;
  readonly credit: number;
  readonly kind: string;
  readonly source: string;
  readonly at: number;
};
export type PaymentQueries = {
  find(paymentId: PaymentId): Promise<Payment | undefined>;
  ofOrder(orderId: string): Promise<Payment | undefined>;
  forRestaurant(restaurantId: string, filter: PaymentFilter, page: PageRequest): Promise<Page<Payment>>;
  ledger(restaurantId: string, account: string | undefined, page: PageRequest): Promise<Page<LedgerEntry>>;
  balances(restaurantId: string): Promise<readonly Balance[]>;
  /** What an operation may be about besides a payment. */
  payout(payoutId: PayoutId): Promise<Payout | undefined>;
  exception(exceptionId: string): Promise<PaymentException | undefined>;
  /** Operations whose time has come, the longest due first. */
  dueOperations(at: number, limit: number): Promise<readonly string[]>;
  /** Events that wait to be dealt with, in the order they came. */
  dueEvents(at: number, limit: number): Promise<readonly { readonly processor: string; readonly eventId: string }[]>;
  /** Payments whose providers are to be asked how they stand. */
  dueChecks(at: number, limit: number): Promise<readonly PaymentId[]>;
};

export type PaymentSettings = {
  readonly routes: readonly Route[];
  readonly captureWithinMinutes: number;
};

/** The answers of other modules, gathered before a transaction. */
export type PaymentFacts = { readonly orders: PayableOrders; readonly screening: Screening; readonly commissions: Commissions };
export type Providers = ReadonlyMap<string, PaymentProvider>;

export type PaymentsDeps = {
  readonly uow: UnitOfWork<PaymentsTx>;
  readonly queries: PaymentQueries;
  readonly requests: RequestQueries;
  readonly facts: PaymentFacts;
  readonly providers: Providers;
  readonly settings: PaymentSettings;
  /** What every use case may need of where it runs. */
  readonly runtime: { readonly clock: Clock; readonly ids: Ids; readonly log: Log };
};

/** Facts, and who brought them. */
export type Told = { readonly processor: string; readonly facts: readonly ProviderFact[] };

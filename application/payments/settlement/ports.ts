import type { Page, PageRequest } from '#application/shared/page.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { PayoutAccountChanged, SavedMethodEvent } from '#domain/payments/events.ts';
import type { DisputeFact } from '#domain/payments/facts.ts';
import type { Payout, PayoutId } from '#domain/payments/payout.ts';
import type { KnownRow } from '#domain/payments/settlement/book-row.ts';
import type { PaymentException } from '#domain/payments/settlement/exception.ts';
import type { PayoutAccount } from '#domain/payments/settlement/payout-account.ts';
import type { Change } from '#domain/shared/change.ts';
import type { PaymentsDeps, PaymentsTx } from '../ports.ts';
import type { SavedToken } from '../provider.ts';

export type PayoutAccounts = {
  /** Locks it until the transaction ends: whoever pays out to one restaurant does so alone. */
  lock(restaurantId: string): Promise<PayoutAccount | undefined>;
  /** What a restaurant is owed and has not in its own till already, in minor units; below zero when it owes. */
  payable(restaurantId: string, currency: string): Promise<number>;
  /** Writes the state and its events, or throws WriteConflict. */
  save(change: Change<PayoutAccount, PayoutAccountChanged>): Promise<void>;
};

/** The providers' own books, a row each. */
export type BookRowStore = {
  find(key: RowKey): Promise<KnownRow | undefined>;
  save(row: KnownRow): Promise<void>;
};
export type RowKey = Pick<KnownRow, 'processor' | 'kind' | 'id'>;

/** How far a job has got with something that has pages, so that one that died goes on. */
export type Walks = {
  find(id: string): Promise<Walk | undefined>;
  save(walk: Walk): Promise<void>;
  /** Notes that a provider lists a charge; noting it again changes nothing. */
  list(processor: string, chargeIds: readonly string[], at: number): Promise<void>;
  /** Forgets what was listed before an instant. */
  forgetListed(before: number): Promise<void>;
};
export type Walk = {
  readonly id: string;
  /** What to ask for next; null at the beginning. */
  readonly after: string | null;
  readonly isDone: boolean;
  readonly counts: Readonly<Record<string, number>>;
  readonly at: number;
};

export type SavedMethod = SavedToken & { readonly id: string; readonly accountId: string; readonly processor: string; readonly savedAt: number };
export type SavedMethods = {
  /** Remembers who an account is at a processor; whoever was remembered first stays. */
  addCustomer(accountId: string, processor: string, providerCustomerId: string): Promise<void>;
  /** Locks the account's list; all of it. */
  lockAll(accountId: string): Promise<readonly SavedMethod[]>;
  add(method: SavedMethod, event: SavedMethodEvent): Promise<void>;
  remove(method: SavedMethod, event: SavedMethodEvent): Promise<void>;
};

/** Disputes as a list, kept from the log. `version` is that of the event that told of it: an older one changes nothing. */
export type DisputeList = { put(disputes: readonly (ListedDispute & { readonly version: number })[]): Promise<void> };
export type ListedDispute = DisputeFact & { readonly restaurantId: string; readonly paymentId: string; readonly orderId: string };

export type SettlementTx = PaymentsTx & {
  readonly accounts: PayoutAccounts;
  readonly rows: BookRowStore;
  readonly walks: Walks;
  readonly methods: SavedMethods;
};

export type PayoutQueries = {
  account(restaurantId: string): Promise<PayoutAccount | undefined>;
  /** Restaurants that can be paid, and are owed at least so much, by id. */
  owed(atLeast: number, after: string | undefined, limit: number): Promise<readonly { readonly restaurantId: string; readonly payable: number }[]>;
  forRestaurant(restaurantId: string, page: PageRequest): Promise<Page<Payout>>;
  /** Payouts nobody has told the end of, the oldest first, and those that were asked for after `since`, which may still come back. */
  watched(since: number, after: PayoutId | undefined, limit: number): Promise<readonly Payout[]>;
};

/** What one bank transfer of a provider brought a restaurant. */
export type Settlement = {
  readonly settlementId: string;
  readonly processor: string;
  readonly utr: string | null;
  readonly settledAt: number;
  readonly currency: string;
  readonly gross: number;
  readonly fees: number;
  readonly tax: number;
  readonly net: number;
  readonly rows: number;
};
export type SettlementRow = KnownRow;
export type BookQueries = {
  settlements(restaurantId: string, page: PageRequest): Promise<Page<Settlement>>;
  rowsOf(restaurantId: string, settlementId: string, page: PageRequest): Promise<Page<SettlementRow>>;
  /** Captured charges of ours that began in a time and that their provider did not list, by payment and charge. */
  unlisted(processor: string, from: number, to: number, after: string | null, limit: number): Promise<readonly UnlistedCharge[]>;
};
export type UnlistedCharge = {
  readonly paymentId: string;
  readonly restaurantId: string;
  readonly chargeId: string;
  readonly amount: number;
  readonly currency: string;
};

export type ExceptionFilter = { readonly restaurantId?: string; readonly isOpen?: boolean };
export type CaseQueries = {
  exceptions(filter: ExceptionFilter, page: PageRequest): Promise<Page<PaymentException>>;
  disputes(restaurantId: string, page: PageRequest): Promise<Page<ListedDispute>>;
};
export type MethodQueries = {
  ofAccount(accountId: string): Promise<readonly SavedMethod[]>;
  customer(accountId: string, processor: string): Promise<string | undefined>;
};

/** What other modules know. */
export type Restaurants = { currencyOf(restaurantId: string): Promise<string | undefined> };
export type People = { find(accountId: string): Promise<{ readonly name: string; readonly email: string } | undefined> };

export type SettlementSettings = {
  /** What the platform keeps of a restaurant that nothing else was agreed with. */
  readonly commissionBasisPoints: number;
  /** Less than this is not worth a payout of its own. */
  readonly payoutMinimum: number;
};

export type SettlementDeps = {
  readonly uow: UnitOfWork<SettlementTx>;
  readonly queries: { readonly payouts: PayoutQueries; readonly books: BookQueries; readonly cases: CaseQueries; readonly methods: MethodQueries };
  readonly facts: { readonly restaurants: Restaurants; readonly people: People };
  readonly settings: SettlementSettings;
  readonly payments: PaymentsDeps;
};

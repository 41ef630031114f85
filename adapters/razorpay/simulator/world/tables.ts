import type { Customer, Plan, Subscription, Token } from './customer-entities.ts';
import type { Account, Dispute, Downtime, Link, Order, Payment, ReconRow, Refund, Reversal, Settlement, Transfer } from './entities.ts';

/** How an order's money is to be captured, and what is to be passed on. */
export type Terms = {
  readonly capture: 'automatic' | 'manual';
  readonly automaticMinutes: number;
  readonly manualMinutes: number;
  readonly transfers: readonly PlannedTransfer[];
};
export type PlannedTransfer = {
  readonly account: string;
  readonly amount: number;
  readonly currency: string;
  readonly notes?: Record<string, string | number> | undefined;
  readonly linked_account_notes?: readonly string[] | undefined;
  readonly on_hold?: boolean | 0 | 1 | undefined;
  readonly on_hold_until?: number | undefined;
};

export type Answered = { readonly body: string; readonly answer: unknown };

/** Everything there is, in the order it came to be. */
export type Tables = {
  readonly orders: Map<string, Order>;
  readonly terms: Map<string, Terms>;
  readonly payments: Map<string, Payment>;
  readonly refunds: Map<string, Refund>;
  readonly transfers: Map<string, Transfer>;
  readonly reversals: Map<string, Reversal>;
  readonly disputes: Map<string, Dispute>;
  readonly settlements: Map<string, Settlement>;
  readonly links: Map<string, Link>;
  readonly customers: Map<string, Customer>;
  /** By customer and token. */
  readonly tokens: Map<string, Map<string, Token>>;
  readonly plans: Map<string, Plan>;
  readonly subscriptions: Map<string, Subscription>;
  readonly downtimes: Map<string, Downtime>;
  readonly accounts: Map<string, Account>;
  readonly books: ReconRow[];
  /** By kind of call and key. */
  readonly answers: Map<string, Answered>;
};

export const emptyTables = (): Tables => ({
  orders: new Map(),
  terms: new Map(),
  payments: new Map(),
  refunds: new Map(),
  transfers: new Map(),
  reversals: new Map(),
  disputes: new Map(),
  settlements: new Map(),
  links: new Map(),
  customers: new Map(),
  tokens: new Map(),
  plans: new Map(),
  subscriptions: new Map(),
  downtimes: new Map(),
  accounts: new Map(),
  books: [],
  answers: new Map(),
});

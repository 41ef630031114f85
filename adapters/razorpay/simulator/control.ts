import type { z } from 'zod';
import { type FaultName, FaultRule } from './faults/rules.ts';
import { balanceOf, post, settle } from './machines/books.ts';
import { type Decision, decide, dispute, type NewDispute } from './machines/disputes.ts';
import { endDowntime, startDowntime } from './machines/downtimes.ts';
import { type Paid, Paying, pay } from './machines/paying.ts';
import { failRefund, refundHere } from './machines/refunds.ts';
import { held } from './machines/refusal.ts';
import { charge } from './machines/subscriptions.ts';
import { failTransfer } from './machines/transfers.ts';
import type { Dispute, Downtime, Method, Refund, Settlement } from './world/entities.ts';
import type { LogLine } from './world/records.ts';
import type { Settings } from './world/settings.ts';
import type { World } from './world/world.ts';

/** What is not Razorpay's: the customer, the bank, the dashboard, time and misfortune. The same as under `/_sim`. */
export type Control = {
  pay(paying: z.input<typeof Paying>): Promise<Paid>;
  /** Virtual time only. Everything due happens, webhooks included, before it resolves. */
  advance(seconds: number): Promise<void>;
  /** With somebody else's clock and no timers: makes happen what is due. */
  runDue(): Promise<void>;
  /** Resolves when no webhook is on its way. */
  idle(): Promise<void>;
  now(): number;
  configure(settings: Partial<Settings>): Settings;

  setFaults(rules: readonly FaultRule[]): void;
  addFault(rule: FaultRule): void;
  swarm(seed: number, among?: readonly FaultName[]): readonly FaultRule[];
  struck(): Readonly<Record<string, number>>;

  dispute(wanted: NewDispute): Dispute;
  decide(disputeId: string, decision: Decision): Dispute;
  /** At the dashboard. */
  refund(paymentId: string, amount?: number): Refund | undefined;
  failRefund(refundId: string): void;
  failTransfer(transferId: string): void;
  settle(olderThanSeconds?: number): Settlement | undefined;
  /** Something that nobody expects in the books. */
  adjust(amount: number, description: string): void;
  chargeSubscription(subscriptionId: string, succeeds?: boolean): void;
  startDowntime(method: Method, seconds?: number): Downtime;
  endDowntime(downtimeId: string): void;
  /** A linked account, to pass money on to. */
  addAccount(name: string): string;

  addWebhook(hook: { readonly url: string; readonly secret: string; readonly events?: readonly string[] }): string;
  rotateSecret(webhookId: string, secret: string): void;
  enableWebhook(webhookId: string): void;
  replay(eventIds?: readonly string[]): void;

  log(): readonly LogLine[];
  /** Everything as it is, to compare books with. */
  state(): SimulatorState;
  close(): void;
};

export type SimulatorState = ReturnType<typeof stateOf>;

export function controlOf(world: World): Control {
  const { faults, webhooks, timeline, tables, settings } = world;
  return {
    async pay(paying) {
      const paid = pay(world, Paying.parse(paying));
      await webhooks.flushEarly(); // Before the browser comes back.
      return paid;
    },
    advance: (seconds) => timeline.advance(seconds * 1_000),
    runDue: () => timeline.runDue(),
    idle: () => webhooks.idle(),
    now: () => timeline.now(),
    configure: (changes) => Object.assign(settings, changes),

    setFaults: (rules) => faults.set(rules.map((rule) => FaultRule.parse(rule))),
    addFault: (rule) => faults.add(FaultRule.parse(rule)),
    swarm: (seed, among) => faults.swarm(seed, among),
    struck: () => Object.fromEntries(faults.struck),

    dispute: (wanted) => structuredClone(dispute(world, wanted)),
    decide: (id, decision) => structuredClone(decide(world, id, decision)),
    refund: (paymentId, amount) => structuredClone(refundHere(world, held(tables.payments, paymentId), amount)),
    failRefund: (refundId) => failRefund(world, held(tables.refunds, refundId)),
    failTransfer: (transferId) => failTransfer(world, held(tables.transfers, transferId)),
    settle: (olderThanSeconds) => structuredClone(settle(world, olderThanSeconds)),
    adjust(amount, description) {
      const side = amount < 0 ? { debit: -amount } : { credit: amount };
      post(world, { entity_id: world.id('adj'), type: 'adjustment', amount: Math.abs(amount), currency: 'INR', description, ...side });
    },
    chargeSubscription: (id, succeeds) => charge(world, held(tables.subscriptions, id), succeeds),
    startDowntime: (method, seconds) => structuredClone(startDowntime(world, method, seconds)),
    endDowntime: (id) => endDowntime(world, held(tables.downtimes, id)),
    addAccount(name) {
      const id = world.id('acc');
      tables.accounts.set(id, { id, entity: 'account', type: 'route', status: 'created', legal_business_name: name, created_at: world.now() });
      return id;
    },

    addWebhook: (hook) => webhooks.add({ id: world.id('wh'), ...hook }).id,
    rotateSecret: (id, secret) => webhooks.rotate(id, secret),
    enableWebhook: (id) => webhooks.enable(id),
    replay: (eventIds) => webhooks.replay(eventIds),

    log: () => structuredClone(world.log),
    state: () => stateOf(world),
    close: () => timeline.close(),
  };
}

function stateOf(world: World) {
  const { tables, webhooks, timeline } = world;
  const all = <T>(table: ReadonlyMap<string, T>): T[] => structuredClone([...table.values()]);
  return {
    now: world.now(),
    balance: balanceOf(world),
    waiting: timeline.waiting,
    orders: all(tables.orders),
    payments: all(tables.payments),
    refunds: all(tables.refunds),
    transfers: all(tables.transfers),
    reversals: all(tables.reversals),
    disputes: all(tables.disputes),
    settlements: all(tables.settlements),
    links: all(tables.links),
    customers: all(tables.customers),
    subscriptions: all(tables.subscriptions),
    downtimes: all(tables.downtimes),
    books: structuredClone(tables.books),
    webhooks: [...webhooks.all.values()].map(({ id, url, active, failingSince }) => ({ id, url, active, failingSince })),
    sent: webhooks.sent.map(({ eventId, event, at }) => ({ eventId, event, at })),
  };
}

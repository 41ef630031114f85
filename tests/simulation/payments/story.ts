import type { FaultName } from '#adapters/razorpay/simulator/faults/rules.ts';
import type { PaymentProvider } from '#application/payments/provider.ts';
import { Ordering } from '#composition/modules/ordering.ts';
import { Payments } from '#composition/modules/payments.ts';
import { Platform } from '#composition/modules/platform.ts';
import { OrderId } from '#domain/ordering/order.ts';
import { Payment, PaymentId } from '#domain/payments/payment.ts';
import { Money } from '#domain/shared/money.ts';
import { Chance } from '../../support/random.ts';
import { type Opening, type Stage, setStage } from './stage.ts';
import { verdictOn } from './verdict.ts';

/** The process dies with a call on its way, or just after it worked: nothing after it is done. */
class Crash extends Error {}
type Mood = { dies: number; deaths: number };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const STEPS = 26;
/** What may go wrong at the provider. */
const FAULTS: readonly FaultName[] = [
  'F1',
  'F2',
  'F4',
  'F5',
  'F6',
  'F7',
  'F8',
  'W1',
  'W2',
  'W3',
  'W4',
  'W5',
  'W6',
  'W7',
  'W8',
  'W9',
  'P1',
  'P2',
  'P3',
  'P4',
  'P5',
  'P6',
  'P9',
];

export type Telling = { readonly seed: number; readonly broken: readonly string[]; readonly happened: Readonly<Record<string, number>> };
export type Variant = (provider: PaymentProvider) => PaymentProvider;

/** Tells one story: customers, staff, a provider and a network that fail in every way, then healing and four days. What is broken then. */
export async function tell(opening: Opening, seed: number, variant: Variant = (provider) => provider): Promise<Telling> {
  const chance = new Chance(seed);
  const mood: Mood = { dies: chance.next() < 0.5 ? 0.1 : 0, deaths: 0 };
  const stage = await setStage(opening, seed, (provider) => mortal(variant(provider), chance, mood));
  const story = new Story(stage, chance);
  try {
    stage.simulator.swarm(seed, FAULTS);
    for (let left = STEPS; left > 0; ) {
      const burst = Array.from({ length: 1 + chance.int(3) }, () => story.step());
      left -= burst.length;
      await Promise.all(burst.map((go) => go().catch(survive)));
      await story.pass(chance.weighted({ short: 6, minutes: 3, hour: 1 }));
    }
    const struck = stage.simulator.struck();
    mood.dies = 0;
    stage.simulator.setFaults([]);
    await story.heal();
    const happened = { ...struck, crash: mood.deaths, ...(await story.outcomes()) };
    return { seed, broken: await verdictOn(stage, story.orders), happened };
  } finally {
    await stage.close();
  }
}

function survive(error: unknown): void {
  if (!(error instanceof Crash)) throw error;
}

/** Each call may be the last thing the process did, before or after its effect. */
function mortal(provider: PaymentProvider, chance: Chance, mood: Mood): PaymentProvider {
  const die = (): void => {
    if (chance.next() >= mood.dies / 2) return;
    mood.deaths += 1;
    throw new Crash();
  };
  const dying = { createOrder: true, capture: true, refund: true, charge: true, factsOf: true } as const;
  const wrapped = { ...provider } as Record<string, unknown>;
  for (const name of Object.keys(dying) as (keyof typeof dying)[]) {
    const call = provider[name] as (...args: unknown[]) => Promise<unknown>;
    wrapped[name] = async (...args: unknown[]) => {
      die();
      const reply = await call(...args);
      die();
      return reply;
    };
  }
  return wrapped as PaymentProvider;
}

class Story {
  readonly orders: string[] = [];
  readonly #stage: Stage;
  readonly #chance: Chance;
  readonly #opened: { orderId: string; paymentId: string; providerOrderId: string }[] = [];
  readonly #returning: { paymentId: string; chargeId: string; signature: string }[] = [];
  #keys = 0;

  constructor(stage: Stage, chance: Chance) {
    this.#stage = stage;
    this.#chance = chance;
  }

  /** What happened, so that a set of stories in which something never happens is noticed. */
  async outcomes(): Promise<Record<string, number>> {
    const seen: Record<string, number> = {};
    for (const orderId of this.orders) {
      const order = await this.#stage.container.get(Ordering.queries).find(OrderId.of(orderId));
      const payment = await this.#stage.container.get(Payments.queries).ofOrder(orderId);
      const facts = [
        `order ${order?.status}`,
        `payment ${payment ? Payment.statusOf(payment) : 'none'}`,
        ...(payment?.refunds ?? []).map(({ reason }) => `refund ${reason}`),
      ];
      for (const fact of facts) seen[fact] = (seen[fact] ?? 0) + 1;
    }
    return seen;
  }

  /** Chooses now what somebody does, for the caller to let happen. */
  step(): () => Promise<void> {
    const what = this.#chance.weighted({ order: 3, open: 3, pay: 9, come_back: 5, cancel: 2, refund: 2, accept: 2, cash: 1, forge: 1 });
    const order = this.orders.length === 0 ? undefined : this.#chance.pick(this.orders);
    const opened = this.#opened.length === 0 ? undefined : this.#chance.pick(this.#opened.slice(-4)); // Who opened one lately pays it.
    switch (what) {
      case 'pay':
        return opened ? () => this.#pay(opened.paymentId, opened.providerOrderId) : () => this.#order();
      case 'come_back': {
        const back = this.#returning.length === 0 ? undefined : this.#chance.pick(this.#returning);
        return async () => {
          if (back) await this.#stage.payments.confirmPayment({ ...back, paymentId: PaymentId.of(back.paymentId) }, this.#stage.customer);
        };
      }
      case 'open':
        return order ? () => this.#open(order) : () => this.#order();
      case 'cancel':
      case 'accept':
        return async () => {
          if (!order) return;
          const action = what === 'cancel' ? 'cancellation' : 'acceptance';
          await this.#stage.container.get(Ordering.useCases).actOnOrder({ orderId: OrderId.of(order), action, reason: null }, this.#stage.owner);
        };
      case 'refund': {
        const [amount, note, key] = [this.#chance.next() < 0.5 ? null : 100 + this.#chance.int(20_000), null, `refund-${++this.#keys}`];
        return async () => {
          if (!opened) return;
          const paymentId = PaymentId.of(opened.paymentId);
          await this.#stage.payments.requestRefund({ paymentId, amount, lines: [], note, key, fingerprint: key }, this.#stage.owner);
        };
      }
      case 'cash': {
        const key = `cash-${++this.#keys}`;
        return async () => {
          if (order) await this.#stage.payments.takeCash({ orderId: order, tendered: null, key, fingerprint: key }, this.#stage.owner);
        };
      }
      case 'forge':
        return async () => {
          if (!opened) return;
          const paymentId = PaymentId.of(opened.paymentId);
          await this.#stage.payments.confirmPayment({ paymentId, chargeId: 'pay_forged00000001', signature: 'f'.repeat(64) }, this.#stage.customer);
          const body = Buffer.from(JSON.stringify({ entity: 'event', event: 'payment.captured', payload: {} }));
          await this.#stage.payments.receiveWebhook({ processor: 'razorpay', body, signature: 'e'.repeat(64), eventId: 'forged' });
        };
      default:
        return () => this.#order();
    }
  }

  async #order(): Promise<void> {
    const { container, kitchen, customer } = this.#stage;
    const key = `order-${++this.#keys}`;
    const request = {
      restaurantId: kitchen.restaurantId,
      diningOption: 'takeaway' as const,
      payment: 'online' as const,
      lines: [
        {
          itemId: kitchen.items.thali,
          quantity: 1 + this.#chance.int(3),
          modifiers: [{ optionId: kitchen.options.regular, quantity: 1 }],
          note: null,
        },
      ],
      tip: Money.of(this.#chance.int(2_000)),
      deliveryAddress: null,
      scheduledFor: null,
    };
    const placed = await container.get(Ordering.useCases).placeOrder({ request, key, fingerprint: key }, customer);
    if (!placed.ok) return;
    this.orders.push(placed.value.id);
    await this.#open(placed.value.id);
  }

  /** Opens a payment, and asks again under the same key when nobody knows. */
  async #open(orderId: string): Promise<void> {
    const key = `open-${++this.#keys}`;
    const manual = { channel: 'checkout', ip: null, deviceId: null } as const;
    for (let i = 0; i < 2; i++) {
      const opened = await this.#stage.payments.openPayment({ orderId, key, fingerprint: key, ...manual }, this.#stage.customer);
      if (opened.ok && opened.value.attempt.providerOrderId !== null) {
        this.#opened.push({ orderId, paymentId: opened.value.payment.id, providerOrderId: opened.value.attempt.providerOrderId });
        return;
      }
    }
  }

  async #pay(paymentId: string, providerOrderId: string): Promise<void> {
    const { simulator } = this.#stage;
    const outcome = this.#chance.weighted({ success: 8, failure: 3, no_bank_answer: 1, late_success: 2, cancelled: 1 });
    const method = this.#chance.pick(['upi', 'card', 'netbanking'] as const);
    const after_seconds = this.#chance.pick([11 * 60, 2 * 3_600, 69 * 3_600]);
    const force = this.#chance.next() < 0.2;
    const paid = await simulator
      .pay({ order_id: providerOrderId, method, outcome, force, ...(outcome === 'late_success' && { after_seconds }) })
      .catch(() => undefined); // The provider takes no second payment of a paid order.
    if (paid?.signature) this.#returning.push({ paymentId, chargeId: paid.payment_id, signature: paid.signature });
  }

  /** Lets time pass, and everything that time starts happen. */
  async pass(how: 'short' | 'minutes' | 'hour' | number): Promise<void> {
    const { clock, simulator, container, eventLog } = this.#stage;
    clock.advance(
      typeof how === 'number' ? how : how === 'short' ? this.#chance.int(20_000) : how === 'minutes' ? this.#chance.int(10 * MINUTE) : HOUR,
    );
    await simulator.runDue();
    for (const job of container.getAll(Platform.jobs)) if (/^(payments|ordering)-/.test(job.name)) await job.run().catch(survive);
    await simulator.idle();
    await eventLog.settle();
  }

  /** All faults are gone; then four days, first by the minute. */
  async heal(): Promise<void> {
    for (let i = 0; i < 22; i++) await this.pass(MINUTE);
    for (let i = 0; i < 6; i++) await this.pass(20 * MINUTE);
    for (let i = 0; i < 16; i++) await this.pass(6 * HOUR);
    await this.#handOver();
    for (let i = 0; i < 4; i++) await this.pass(MINUTE); // What the last sweep began is ended.
  }

  /** People hand over the cash that is owed: nobody else can. */
  async #handOver(): Promise<void> {
    for (const orderId of this.orders) {
      const payment = await this.#stage.container.get(Payments.queries).ofOrder(orderId);
      if (!payment) continue;
      for (const { id } of payment.refunds.filter(({ status }) => status === 'reserved')) {
        await this.#stage.payments.completeRefund({ paymentId: payment.id, refundId: id }, this.#stage.owner); // Refused where it is not theirs.
      }
    }
  }
}

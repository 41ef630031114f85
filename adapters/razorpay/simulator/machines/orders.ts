import type { Notes, Order } from '../world/entities.ts';
import type { PlannedTransfer } from '../world/tables.ts';
import type { World } from '../world/world.ts';
import { Refusal } from './refusal.ts';

export type NewOrder = {
  readonly amount: number;
  readonly currency: string;
  readonly receipt?: string | null | undefined;
  readonly notes?: Notes | undefined;
  readonly unique_receipt?: boolean | undefined;
  readonly payment?:
    | {
        readonly capture: 'automatic' | 'manual';
        readonly capture_options?:
          | {
              readonly automatic_expiry_period?: number | undefined;
              readonly manual_expiry_period?: number | undefined;
              readonly refund_speed?: string | undefined;
            }
          | undefined;
      }
    | undefined;
  readonly transfers?: readonly PlannedTransfer[] | undefined;
};

export function createOrder(world: World, wanted: NewOrder): Order {
  const receipt = wanted.receipt ?? null;
  const policy = world.faults.strike('F8', 'order')?.policy ?? world.settings.receiptPolicy;
  const twin = receipt === null ? undefined : [...world.tables.orders.values()].find((order) => order.receipt === receipt);
  if (twin && (policy === 'C' || wanted.unique_receipt)) return twin;
  if (twin && policy === 'B') throw new Refusal('Order receipt should be unique.', { step: 'order_creation', field: 'receipt' });

  const order: Order = {
    id: world.id('order'),
    entity: 'order',
    amount: wanted.amount,
    amount_paid: 0,
    amount_due: wanted.amount,
    currency: wanted.currency,
    receipt,
    offer_id: null,
    status: 'created',
    attempts: 0,
    notes: wanted.notes ?? [],
    created_at: world.now(),
  };
  world.tables.orders.set(order.id, order);
  world.tables.terms.set(order.id, termsOf(world, wanted));
  return order;
}

function termsOf(world: World, { payment, transfers = [] }: NewOrder) {
  const whole = world.settings.autoRefundDays * 24 * 60;
  const { automatic_expiry_period: automatic, manual_expiry_period: manual } = payment?.capture_options ?? {};
  return {
    capture: payment?.capture ?? world.settings.capture,
    automaticMinutes: automatic ?? whole,
    manualMinutes: Math.max(manual ?? whole, automatic ?? 0),
    transfers,
  };
}

/** Of an order that money came for: how much, and whether that is all of it. */
export function receive(order: Order, amount: number): void {
  order.amount_paid = Math.min(order.amount, order.amount_paid + amount);
  order.amount_due = order.amount - order.amount_paid;
  if (order.amount_due === 0) order.status = 'paid';
}

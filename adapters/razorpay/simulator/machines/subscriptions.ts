import type { Plan, Subscription } from '../world/customer-entities.ts';
import type { Notes } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import { createOrder } from './orders.ts';
import { Paying, pay } from './paying.ts';
import { held, Refusal } from './refusal.ts';

export type NewSubscription = {
  readonly plan_id: string;
  readonly total_count: number;
  readonly quantity?: number | undefined;
  readonly start_at?: number | undefined;
  readonly expire_by?: number | undefined;
  readonly customer_notify?: boolean | undefined;
  readonly notes?: Notes | undefined;
};

const DAYS: Readonly<Record<Plan['period'], number>> = { daily: 1, weekly: 7, monthly: 30, quarterly: 91, yearly: 365 };

export function createSubscription(world: World, wanted: NewSubscription): Subscription {
  held(world.tables.plans, wanted.plan_id);
  const id = world.id('sub');
  const made: Subscription = {
    id,
    entity: 'subscription',
    plan_id: wanted.plan_id,
    customer_id: null,
    status: 'created',
    current_start: null,
    current_end: null,
    ended_at: null,
    quantity: wanted.quantity ?? 1,
    notes: wanted.notes ?? [],
    charge_at: wanted.start_at ?? null,
    start_at: wanted.start_at ?? null,
    end_at: null,
    auth_attempts: 0,
    total_count: wanted.total_count,
    paid_count: 0,
    customer_notify: wanted.customer_notify ?? true,
    created_at: world.now(),
    expire_by: wanted.expire_by ?? null,
    short_url: `${world.publicUrl}/checkout/${id}`,
    has_scheduled_changes: false,
    change_scheduled_at: null,
    source: 'api',
    remaining_count: wanted.total_count,
  };
  world.tables.subscriptions.set(id, made);
  return made;
}

/** The customer agrees: what a mandate is. */
export function authenticate(world: World, made: Subscription): void {
  move(world, made, ['created'], 'authenticated', 'subscription.authenticated');
}

/** One period is charged; what fails twice halts. */
export function charge(world: World, made: Subscription, succeeds = true): void {
  if (made.status === 'created') authenticate(world, made);
  if (made.status !== 'authenticated' && made.status !== 'active' && made.status !== 'pending') throw new Refusal(`Subscription is ${made.status}`);
  const plan = held(world.tables.plans, made.plan_id);
  const order = createOrder(world, { amount: plan.item.amount * made.quantity, currency: plan.item.currency });
  const { payment_id } = pay(world, Paying.parse({ order_id: order.id, method: 'card', outcome: succeeds ? 'success' : 'failure' }));
  const payment = held(world.tables.payments, payment_id);
  if (!succeeds) {
    made.auth_attempts += 1;
    made.status = made.auth_attempts > 1 ? 'halted' : 'pending';
    world.webhooks.emit(`subscription.${made.status}`, { subscription: made });
    return;
  }
  const seconds = DAYS[plan.period] * plan.interval * 86_400;
  Object.assign(made, { auth_attempts: 0, current_start: world.now(), current_end: world.now() + seconds, charge_at: world.now() + seconds });
  made.paid_count += 1;
  made.remaining_count -= 1;
  if (made.status !== 'active') move(world, made, ['authenticated', 'pending'], 'active', 'subscription.activated');
  world.webhooks.emit('subscription.charged', { subscription: made, payment });
  if (made.remaining_count === 0) end(world, made, 'completed');
}

export const pause = (world: World, made: Subscription): void => move(world, made, ['active', 'authenticated'], 'paused', 'subscription.paused');
export const resume = (world: World, made: Subscription): void => move(world, made, ['paused'], 'active', 'subscription.resumed');

export function cancel(world: World, made: Subscription, atCycleEnd: boolean): void {
  if (made.status === 'cancelled' || made.status === 'completed' || made.status === 'expired')
    throw new Refusal(`Subscription is not cancellable in ${made.status} status.`);
  if (atCycleEnd && made.current_end !== null) world.timeline.at(made.current_end * 1_000, () => end(world, made, 'cancelled'));
  else end(world, made, 'cancelled');
}

function end(world: World, made: Subscription, status: 'cancelled' | 'completed'): void {
  if (made.ended_at !== null) return;
  Object.assign(made, { status, ended_at: world.now(), charge_at: null });
  world.webhooks.emit(`subscription.${status}`, { subscription: made });
}

function move(world: World, made: Subscription, from: readonly Subscription['status'][], to: Subscription['status'], event: string): void {
  if (!from.includes(made.status)) throw new Refusal(`Subscription is ${made.status}`);
  made.status = to;
  world.webhooks.emit(event, { subscription: made });
}

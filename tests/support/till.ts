import { Payments } from '#composition/modules/payments.ts';
import { type Kitchen, openKitchen } from './kitchen.ts';
import type { Answer, Json, World } from './world.ts';

/** A kitchen with a till: its staff, its orders, and ways to pay for them as people do. */
export class Till {
  readonly world: World;
  readonly kitchen: Kitchen;
  readonly staff: Readonly<Record<'waiter' | 'cashier' | 'manager', string>>;
  #keys = 0;

  constructor(world: World, kitchen: Kitchen, staff: Till['staff']) {
    this.world = world;
    this.kitchen = kitchen;
    this.staff = staff;
  }

  /** An order for the customer, and what it comes to. */
  async order(lines: readonly object[] = [this.kitchen.line('dal', 2)], changes: object = { payment: 'online' }): Promise<Json> {
    const placed = await this.world.order(this.kitchen.body(lines, changes), this.kitchen.customer);
    if (placed.status !== 201) throw new Error(JSON.stringify(placed.body));
    return placed.body;
  }

  /** A key that nobody has used. */
  key = (): string => `till-${++this.#keys}`;

  pay = (orderId: string, body: object, token = this.kitchen.customer, key = this.key()): Promise<Answer> =>
    this.world.post(`/orders/${orderId}/payments`, body, token, { 'idempotency-key': key });
  refund = (paymentId: string, body: object, token = this.staff.cashier, key = this.key()): Promise<Answer> =>
    this.world.post(`/payments/${paymentId}/refunds`, body, token, { 'idempotency-key': key });
  payment = async (paymentId: string, token = this.kitchen.owner): Promise<Json> => (await this.world.get(`/payments/${paymentId}`, token)).body;

  /** An order that was paid at the counter. */
  async paidInCash(lines?: readonly object[]): Promise<{ readonly order: Json; readonly payment: Json }> {
    const order = await this.order(lines);
    const paid = await this.pay(order.id, { channel: 'cash' }, this.staff.waiter);
    if (paid.status !== 201) throw new Error(JSON.stringify(paid.body));
    return { order, payment: paid.body };
  }

  /** An order whose customer has the checkout open. */
  async atCheckout(lines?: readonly object[]): Promise<{ readonly order: Json; readonly payment: Json; readonly providerOrderId: string }> {
    const order = await this.order(lines);
    const opened = await this.pay(order.id, {});
    if (opened.status !== 201) throw new Error(JSON.stringify(opened.body));
    return { order, payment: opened.body, providerOrderId: opened.body.checkout.providerOrderId };
  }

  /** What happens at the provider. */
  get provider() {
    const { simulator } = this.world.container.get(Payments.processors);
    if (!simulator) throw new Error('this world has no simulated provider');
    return simulator.control;
  }

  /** An order that was paid at the provider and confirmed by the browser. */
  async paidOnline(lines?: readonly object[]): Promise<{ readonly order: Json; readonly payment: Json; readonly proof: object }> {
    const { order, payment, providerOrderId } = await this.atCheckout(lines);
    const proof = proofOf(await this.provider.pay({ order_id: providerOrderId }));
    const confirmed = await this.world.post(`/payments/${payment.id}/confirmation`, proof, this.kitchen.customer);
    if (confirmed.status !== 200) throw new Error(JSON.stringify(confirmed.body));
    return { order, payment: confirmed.body, proof };
  }
}

/** As the checkout hands it over. */
export const proofOf = ({ payment_id, order_id, signature }: { payment_id: string; order_id: string; signature: string | null }) => ({
  razorpay_payment_id: payment_id,
  razorpay_order_id: order_id,
  razorpay_signature: signature ?? '',
});

let opened = 0;

export async function openTill(world: World): Promise<Till> {
  const n = ++opened;
  const kitchen = await openKitchen(world, { rice: 1_000, lentils: 1_000 });
  const hire = async (role: string): Promise<string> => {
    const email = `${role}${n}@till.test`;
    await world.account(email);
    const hired = await world.post(`/restaurants/${kitchen.restaurantId}/staff`, { email, role }, kitchen.owner);
    if (hired.status >= 300) throw new Error(JSON.stringify(hired.body));
    return world.signIn(email);
  };
  return new Till(world, kitchen, { waiter: await hire('waiter'), cashier: await hire('cashier'), manager: await hire('manager') });
}

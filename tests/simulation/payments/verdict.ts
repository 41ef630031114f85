import type { StoredProviderEvent } from '#adapters/memory/payments/inbox.ts';
import { BALANCES, EVENTS, EXCEPTIONS, OPERATIONS } from '#adapters/memory/payments/tables.ts';
import type { Balance } from '#application/payments/ports.ts';
import { Ordering } from '#composition/modules/ordering.ts';
import { Payments } from '#composition/modules/payments.ts';
import { Platform } from '#composition/modules/platform.ts';
import { OrderId } from '#domain/ordering/order.ts';
import { booksOf } from '#domain/payments/books.ts';
import type { PaymentEvent } from '#domain/payments/events.ts';
import type { Operation } from '#domain/payments/operation.ts';
import { Payment } from '#domain/payments/payment.ts';
import type { PaymentException } from '#domain/payments/settlement/exception.ts';
import type { Stage } from './stage.ts';

const ENDED = ['expired', 'cancelled', 'rejected'];

/** Every promise about money, orders and stock that does not hold once everything has come to rest. */
export async function verdictOn(stage: Stage, orderIds: readonly string[]): Promise<readonly string[]> {
  const broken: string[] = [];
  const demand = (holds: boolean, what: string): void => void (holds || broken.push(what));
  const { container, simulator } = stage;
  const truth = simulator.state();
  const store = container.get(Platform.store);
  const open = new Set(
    store
      .rows<PaymentException>(EXCEPTIONS)
      .filter(({ resolution }) => resolution === null)
      .map(({ paymentId }) => paymentId),
  );
  const expected = new Map<string, number>();
  const known = new Set<string>();

  for (const orderId of orderIds) {
    const order = await container.get(Ordering.queries).find(OrderId.of(orderId));
    const payment = await container.get(Payments.queries).ofOrder(orderId);
    demand(order !== undefined && order.status !== 'pending', `order ${orderId} is still pending`);
    if (!order || !payment) continue;
    const { captured, refunded, reserved } = Payment.standing(payment);

    // I15, I19: whoever has a paid order has paid for it once; whoever has none has their money back.
    // A refund may take the provider longer than that; then it is as slow there as it is here.
    const slow = payment.refunds.filter(
      ({ status, providerRefundId }) =>
        status === 'processing' && truth.refunds.some((one) => one.id === providerRefundId && one.status === 'pending'),
    );
    const isSlow = new Set(slow.map(({ id }) => id));
    const onItsWay = slow.reduce((sum, { amount }) => sum + amount, 0);
    const net = captured - refunded - onItsWay;
    const asked = payment.refunds.filter(
      ({ id, reason, status }) => (reason === 'requested' || reason === 'elsewhere') && (status === 'processed' || isSlow.has(id)),
    );
    const wanted = asked.reduce((sum, { amount }) => sum + amount, 0);
    if (ENDED.includes(order.status))
      demand(net === 0 || open.has(payment.id), `order ${orderId} is ${order.status}, and ${net} of its money is still here`);
    else
      demand(
        net === payment.amount - wanted || open.has(payment.id),
        `order ${orderId} is ${order.status}; ${net} taken of ${payment.amount}, ${wanted} given back as asked`,
      );
    demand(reserved === onItsWay, `order ${orderId} has a refund under way`);
    demand(
      !ENDED.includes(order.status) === captured >= payment.amount || ENDED.includes(order.status),
      `order ${orderId} is ${order.status} without its money`,
    );

    // I12: what we know is what happened there.
    for (const charge of truth.payments.filter(({ order_id }) => payment.attempts.some(({ providerOrderId }) => providerOrderId === order_id))) {
      known.add(charge.id);
      const ours = payment.observed.charges[charge.id];
      const isCaptured = charge.captured;
      demand(!isCaptured || ours?.status === 'captured', `charge ${charge.id} is ${charge.status} there, ${ours?.status ?? 'unknown'} here`);
      demand(isCaptured || ours?.status !== 'captured', `charge ${charge.id} was never captured there`);
      const there = truth.refunds
        .filter(({ payment_id, status }) => payment_id === charge.id && status === 'processed')
        .reduce((sum, { amount }) => sum + amount, 0);
      const here = payment.refunds
        .filter(({ chargeId, status }) => chargeId === charge.id && status === 'processed')
        .reduce((sum, { amount }) => sum + amount, 0);
      demand(!isCaptured || there === here, `charge ${charge.id}: ${there} refunded there, ${here} here`);
      for (const { id, payment_id, notes } of truth.refunds) {
        const askedBy = Array.isArray(notes) ? undefined : notes['refundId'];
        if (payment_id !== charge.id || askedBy === undefined) continue; // Made at the dashboard.
        demand(
          payment.refunds.some((refund) => refund.id === askedBy && refund.providerRefundId === id),
          `refund ${id} was made there for nobody here`,
        );
      }
      demand(there <= charge.amount, `charge ${charge.id}: ${there} of ${charge.amount} refunded`);
    }
    // I9: its events tell it.
    const events = store.events.filter(({ stream }) => stream === `payment:${payment.id}`).map(({ json }) => JSON.parse(json) as PaymentEvent);
    demand(
      JSON.stringify(sorted(Payment.fold(payment.id, events))) === JSON.stringify(sorted(payment)),
      `payment ${payment.id} is not what its events tell`,
    );
    for (const [account, amount] of booksOf(payment)) expected.set(account, (expected.get(account) ?? 0) + amount);
  }

  // I11, I14: the ledger balances, and says what the payments say.
  const balances = store.rows<Balance>(BALANCES);
  demand(balances.reduce((sum, { debit, credit }) => sum + debit - credit, 0) === 0, 'the ledger does not sum to zero');
  for (const { account, debit, credit } of balances) {
    demand(debit - credit === (expected.get(account) ?? 0), `${account} stands at ${debit - credit}, the payments say ${expected.get(account) ?? 0}`);
  }
  // I7: nobody paid for an order we do not know.
  for (const { id, captured, refund_status } of truth.payments)
    demand(known.has(id) || !captured || refund_status === 'full', `charge ${id} belongs to nothing here`);
  // I18, I21 and liveness.
  for (const { id, status } of store.rows<Operation>(OPERATIONS)) {
    demand(status === 'succeeded' || status === 'failed' || status === 'cancelled', `operation ${id} is ${status}`);
  }
  for (const { eventId, status } of store.rows<StoredProviderEvent>(EVENTS))
    demand(status !== 'received' && status !== 'parked', `event ${eventId} is ${status}`);
  return broken;
}

/** The same members in the same order, for comparing what was stored with what was folded. */
const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : value !== null && typeof value === 'object'
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, member]) => [key, sorted(member)]),
        )
      : value;

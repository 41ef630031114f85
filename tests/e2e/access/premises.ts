import { Fraud } from '#composition/modules/fraud.ts';
import { Platform } from '#composition/modules/platform.ts';
import { MINUTE, type MoneyStage } from '../../support/money.ts';
import type { Answer, Json } from '../../support/world.ts';

/** One of everything that a restaurant has and that a path can name: by the name of its parameter, or by the operation where that says too little. */
export async function furnish(money: MoneyStage): Promise<Readonly<Record<string, string>>> {
  const { world, till, owner, restaurantId } = money;
  const { kitchen } = till;
  const at = `/restaurants/${restaurantId}`;
  const post = async (path: string, body: object, token = owner): Promise<Json> =>
    must(await world.post(path, body, token, { 'idempotency-key': money.key() }));

  const order = await till.order();
  const { payment } = await till.paidInCash();
  const refund = must(await till.refund(payment.id, { amount: 100 }));
  const online = await till.paidOnline();
  const charge = (await till.payment(online.payment.id)).charges[0].id;
  const { id: disputeId } = till.provider.dispute({ payment_id: charge });
  await money.pass(MINUTE);
  const transfer = await till.order();
  const expected = must(await till.pay(transfer.id, { channel: 'bank_transfer' }, till.staff.cashier));

  const diner = await world.account('diner@access.test');
  await post(`${at}/staff`, { email: diner.email, role: 'cashier' });
  const assessed = await world.container.get(Fraud.useCases).assess({
    restaurantId,
    orderId: crypto.randomUUID(),
    customerId: diner.accountId, // The cashier eats at their own till: somebody must look at it.
    paymentId: crypto.randomUUID(),
    amount: 450_00,
    currency: 'INR',
    method: 'card',
    at: money.clock.now(),
  });
  if (!assessed.review) throw new Error('a review was expected');
  const entry = await post(`${at}/fraud/list-entries`, { list: 'deny', kind: 'email', value: 'x@y.test', reason: 'tried cards' });
  const role = await post(`${at}/roles`, { name: 'Held by nobody', permissions: ['orders:read'] });
  const invitation = await post(`${at}/invitations`, { email: 'invited@access.test', role: 'rider' });
  const key = await post(`${at}/api-keys`, { name: 'Furniture', scopes: ['orders:read'] });
  const leaver = await world.account('leaver@access.test');
  await post(`${at}/staff`, { email: leaver.email, role: 'rider' });
  const ticket = await post('/support/tickets', { restaurantId, title: 'Cold', text: 'It was cold.' }, kitchen.customer);
  const category = await post(`${at}/menu/categories`, { name: 'Empty' });
  const group = await post(`${at}/menu/modifier-groups`, { name: 'Sauce', min: 0, max: 1, options: [{ name: 'Mint', price: 0 }] });
  await world.container.get(Platform.eventLog).settle();
  const notices = await world.get('/me/notifications', kitchen.customer);
  return {
    restaurantId,
    orderId: order.id,
    paymentId: payment.id,
    refundId: refund.id,
    disputeId,
    reviewId: assessed.review.reviewId,
    decisionId: assessed.decisionId,
    entryId: entry.id,
    roleId: role.id,
    invitationId: invitation.id,
    apiKeyId: key.id,
    accountId: leaver.accountId,
    role: 'support',
    ticketId: ticket.id,
    noticeId: notices.body.data[0].id,
    categoryId: category.id,
    groupId: group.id,
    optionId: group.options[0].id,
    itemId: kitchen.items.dal,
    sellableId: kitchen.items.dal,
    stockItemId: kitchen.stock.lentils,
    'contestDispute.paymentId': online.payment.id,
    'acceptDispute.paymentId': online.payment.id,
    'listOrderPayments.orderId': transfer.id,
    'receiveTransfer.paymentId': expected.id,
  };
}

function must({ status, body }: Answer): Json {
  if (status >= 300) throw new Error(JSON.stringify(body));
  return body;
}

import { z } from 'zod';
import type { Ordering } from '#application/ordering/module.ts';
import { ORDER_ACTIONS, type OrderAction, OrderId } from '#domain/ordering/order.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { etag, Id, IdempotencyKey, link, PageQuery, pageRequest, pageView, RestaurantParams } from '../schemas.ts';
import { HISTORY_EXAMPLE, ORDER_EXAMPLE, QUOTE_EXAMPLE, REQUEST_EXAMPLE } from './examples.ts';
import { Note, OrderBody } from './inputs.ts';
import { ORDERING_PROBLEMS } from './problems.ts';
import { HistoryView, historyView, OrderView, orderView, QuoteView, quoteView, Status } from './views.ts';

const KeyHeader = z.object({
  'idempotency-key': IdempotencyKey.meta({
    description: 'Your own name for this request. Sent again with the same body, it answers the same order and makes no other.',
    example: 'b4a1c8e2-order-1',
  }),
});
const OrderParams = z.object({ orderId: Id.transform(OrderId.of) });
const ReasonBody = z.strictObject({ reason: Note.min(1).optional() }).optional();

const PREPARATION = pick(
  ORDERING_PROBLEMS,
  'ordering.restaurant_not_found',
  'ordering.restaurant_closed',
  'ordering.dining_option_not_offered',
  'ordering.address_required',
  'ordering.address_unexpected',
  'ordering.schedule_out_of_range',
  'ordering.empty_order',
  'ordering.too_many_lines',
  'ordering.bad_quantity',
  'ordering.item_not_found',
  'ordering.item_unavailable',
  'ordering.option_not_found',
  'ordering.option_unavailable',
  'ordering.option_repeated',
  'ordering.modifier_missing',
  'ordering.too_many_modifiers',
  'ordering.total_too_large',
);
const NOT_FOUND = pick(ORDERING_PROBLEMS, 'ordering.order_not_found');

export const orderingRoutes = (ordering: Ordering): readonly AnyRoute[] => [
  route({
    method: 'post',
    path: '/orders/quotes',
    operationId: 'quoteOrder',
    tag: 'Orders',
    summary: 'Ask what an order would cost',
    description: 'The same body as an order, the same prices and refusals; nothing is held and nothing is made.',
    access: 'public',
    body: OrderBody,
    status: 200,
    response: QuoteView,
    example: { body: REQUEST_EXAMPLE, response: QUOTE_EXAMPLE },
    problems: PREPARATION,
    async handle({ body }) {
      const quoted = await ordering.quoteOrder(body);
      return quoted.ok ? ok(quoteView(quoted.value.restaurant.currency, quoted.value)) : quoted;
    },
  }),
  route({
    method: 'post',
    path: '/orders',
    operationId: 'placeOrder',
    tag: 'Orders',
    summary: 'Place an order',
    description:
      'Prices, taxes and the total are ours; the answer explains every minor unit. The whole order is placed with its stock held, or nothing is. ' +
      'Cash orders are placed at once; online orders are pending, with their stock held for 15 minutes, until they are paid.',
    access: 'authenticated',
    headers: KeyHeader,
    body: OrderBody,
    status: 201,
    response: OrderView,
    example: { body: REQUEST_EXAMPLE, response: ORDER_EXAMPLE },
    problems: {
      ...PREPARATION,
      ...pick(ORDERING_PROBLEMS, 'ordering.insufficient_stock', 'ordering.idempotency_key_reused', 'ordering.request_in_progress'),
    },
    replyHeaders: (order) => ({ ...etag(order), location: `/orders/${order.id}` }),
    async handle({ body, headers }, { actor, fingerprint }) {
      const placed = await ordering.placeOrder({ request: body, key: headers['idempotency-key'], fingerprint: fingerprint() }, actor);
      return placed.ok ? ok(orderView(placed.value)) : placed;
    },
  }),
  route({
    method: 'get',
    path: '/orders/{orderId}',
    operationId: 'getOrder',
    tag: 'Orders',
    summary: 'Read an order',
    description: 'For its customer, and for who may read orders in its restaurant.',
    access: 'authenticated',
    params: OrderParams,
    status: 200,
    response: OrderView,
    example: { response: ORDER_EXAMPLE },
    problems: NOT_FOUND,
    replyHeaders: etag,
    async handle({ params }, { actor }) {
      const found = await ordering.order(params.orderId, actor);
      return found.ok ? ok(orderView(found.value)) : found;
    },
  }),
  route({
    method: 'get',
    path: '/orders/{orderId}/history',
    operationId: 'getOrderHistory',
    tag: 'Orders',
    summary: 'Read what happened to an order, and who did it',
    access: 'authenticated',
    params: OrderParams,
    status: 200,
    response: HistoryView,
    example: { response: HISTORY_EXAMPLE },
    problems: NOT_FOUND,
    async handle({ params }, { actor }) {
      const history = await ordering.history(params.orderId, actor);
      return history.ok ? ok(historyView(history.value)) : history;
    },
  }),
  route({
    method: 'get',
    path: '/me/orders',
    operationId: 'listMyOrders',
    tag: 'Orders',
    summary: 'List your own orders, newest first',
    access: 'authenticated',
    query: PageQuery,
    status: 200,
    response: pageView(OrderView),
    example: { response: { data: [ORDER_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { query }) => link('/me/orders', page, query),
    async handle({ query }, { actor }) {
      const page = await ordering.ordersOfCustomer(actor.kind === 'account' ? actor.accountId : '', pageRequest(query));
      return ok({ data: page.data.map(orderView), next: page.next });
    },
  }),
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/orders',
    operationId: 'listRestaurantOrders',
    tag: 'Orders',
    summary: "List a restaurant's orders, newest first",
    access: { permission: 'orders:read', in: 'restaurant' },
    params: RestaurantParams,
    query: PageQuery.extend({ status: Status.optional() }),
    status: 200,
    response: pageView(OrderView),
    example: { response: { data: [ORDER_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { params, query }) => link(`/restaurants/${params.restaurantId}/orders`, page, query),
    async handle({ params, query: { status, ...query } }) {
      const page = await ordering.ordersOfRestaurant(params.restaurantId, status === undefined ? {} : { status }, pageRequest(query));
      return ok({ data: page.data.map(orderView), next: page.next });
    },
  }),
  ...(Object.keys(ORDER_ACTIONS) as OrderAction[]).map((action) => actionRoute(ordering, action)),
];

const SUMMARIES: Readonly<Record<OrderAction, string>> = {
  acceptance: 'Accept an order',
  rejection: 'Reject an order',
  preparation: 'Begin to prepare an order',
  readiness: 'Say that an order is ready',
  dispatch: 'Send a delivery on its way',
  completion: 'Complete an order: delivered, collected or served',
  cancellation: 'Cancel an order',
  return: 'Take a delivery back',
};

function actionRoute(ordering: Ordering, action: OrderAction): AnyRoute {
  const { to, permission } = ORDER_ACTIONS[action];
  return route({
    method: 'post',
    path: `/orders/{orderId}/${action}`,
    operationId: `${action}OfOrder`,
    tag: 'Orders',
    summary: SUMMARIES[action],
    ...(action === 'cancellation' && { description: 'Its customer may, too, until the kitchen has accepted it.' }),
    access: { permission, in: 'resource' },
    params: OrderParams,
    body: ReasonBody,
    status: 200,
    response: OrderView,
    example: { body: { reason: 'as agreed by phone' }, response: { ...ORDER_EXAMPLE, status: to, reason: 'as agreed by phone', version: 2 } },
    problems: pick(
      ORDERING_PROBLEMS,
      'ordering.order_not_found',
      'ordering.not_permitted',
      'ordering.too_late_to_cancel',
      'ordering.not_a_delivery',
      'ordering.not_dispatched',
      'ordering.illegal_transition',
    ),
    replyHeaders: etag,
    async handle({ params, body }, { actor }) {
      const moved = await ordering.actOnOrder({ orderId: params.orderId, action, reason: body?.reason ?? null }, actor);
      return moved.ok ? ok(orderView(moved.value)) : moved;
    },
  });
}

import type { OrderingError } from '#domain/ordering/errors.ts';
import type { Problems } from '../problem.ts';

const when = (at: number): string => new Date(at).toISOString();

export const ORDERING_PROBLEMS: Problems<OrderingError> = {
  'ordering.restaurant_not_found': { status: 404, title: 'There is no such restaurant', detail: 'Check restaurantId; GET /restaurants lists them.' },
  'ordering.restaurant_closed': {
    status: 409,
    title: 'The restaurant is closed',
    detail: ({ at, isPaused }) =>
      isPaused
        ? 'It takes no orders for now. Try again later.'
        : `It is closed at ${when(at)}. Its hours are in GET /restaurants/{restaurantId}; order ahead with scheduledFor.`,
  },
  'ordering.dining_option_not_offered': {
    status: 422,
    title: 'The restaurant does not offer that',
    detail: ({ diningOption, offered }) => `It does not offer ${diningOption}; choose ${offered.join(' or ')}.`,
  },
  'ordering.address_required': { status: 422, title: 'A delivery needs an address', detail: 'Send deliveryAddress.' },
  'ordering.address_unexpected': {
    status: 422,
    title: 'Only a delivery has an address',
    detail: ({ diningOption }) => `Leave deliveryAddress out of a ${diningOption} order.`,
  },
  'ordering.schedule_out_of_range': {
    status: 422,
    title: 'The order cannot be made for that time',
    detail: ({ earliest, latest }) => `Choose scheduledFor between ${when(earliest)} and ${when(latest)}, or leave it out.`,
  },
  'ordering.empty_order': { status: 422, title: 'The order has no lines', detail: 'Add at least one line.' },
  'ordering.too_many_lines': { status: 422, title: 'The order has too many lines', detail: ({ limit }) => `Order at most ${limit} lines at once.` },
  'ordering.bad_quantity': {
    status: 422,
    title: 'A quantity cannot be ordered',
    detail: ({ line, limit }) => `Line ${line} needs whole quantities from 1 to ${limit}.`,
  },
  'ordering.item_not_found': {
    status: 422,
    title: 'An item is not on the menu',
    detail: ({ line }) => `Line ${line} names an item this restaurant does not have. Read its menu again.`,
  },
  'ordering.item_unavailable': {
    status: 409,
    title: 'An item cannot be ordered now',
    detail: ({ line, name, reason }) =>
      reason === 'hours' ? `Line ${line}: ${name} is not served at that time.` : `Line ${line}: ${name} has run out. Take it off the order.`,
  },
  'ordering.option_not_found': {
    status: 422,
    title: 'A modifier does not belong to its item',
    detail: ({ line }) => `Line ${line} names an option its item does not have. Read the menu again.`,
  },
  'ordering.option_unavailable': {
    status: 409,
    title: 'A modifier cannot be had now',
    detail: ({ line, name }) => `Line ${line}: ${name} has run out. Choose another.`,
  },
  'ordering.option_repeated': {
    status: 422,
    title: 'Too many of one modifier',
    detail: ({ line, name, limit }) => `Line ${line}: take ${name} at most ${limit} times for each portion.`,
  },
  'ordering.modifier_missing': {
    status: 422,
    title: 'A choice is missing',
    detail: ({ line, name, min }) => `Line ${line}: choose at least ${min} of ${name}.`,
  },
  'ordering.too_many_modifiers': {
    status: 422,
    title: 'Too many choices',
    detail: ({ line, name, max }) => `Line ${line}: choose at most ${max} of ${name}.`,
  },
  'ordering.total_too_large': {
    status: 422,
    title: 'The order is too dear to be real',
    detail: ({ limit }) => `An order may come to at most ${limit} minor units. Split it.`,
  },
  'ordering.insufficient_stock': {
    status: 409,
    title: 'There is not enough left',
    detail: ({ shortages }) =>
      `Nothing was held. Short of ${shortages.map(({ name, unit, needed, available }) => `${name} (${needed} ${unit} needed, ${available} there)`).join(', ')}. Order less or something else.`,
  },
  'ordering.idempotency_key_reused': {
    status: 422,
    title: 'That key was used for another request',
    detail: 'Send a new Idempotency-Key with a new request; repeat a request only with the same body.',
  },
  'ordering.request_in_progress': {
    status: 409,
    title: 'The same request is being handled right now',
    detail: 'Wait a moment and send it again with the same key: it will answer what came of it.',
  },
  'ordering.order_not_found': { status: 404, title: 'There is no such order', detail: 'Check the id; GET /me/orders lists yours.' },
  'ordering.not_permitted': {
    status: 403,
    title: 'You may not do this to the order',
    detail: ({ permission }) => `It takes the permission ${permission} in its restaurant.`,
  },
  'ordering.too_late_to_cancel': {
    status: 409,
    title: 'It is too late to cancel',
    detail: ({ orderStatus }) => `The order is ${orderStatus}. Ask the restaurant to cancel it.`,
  },
  'ordering.not_a_delivery': {
    status: 409,
    title: 'Only deliveries are dispatched',
    detail: ({ diningOption }) => `The order is ${diningOption}: complete it when it is handed over.`,
  },
  'ordering.not_dispatched': { status: 409, title: 'The delivery has not left yet', detail: 'Dispatch it first; complete it when it has arrived.' },
  'ordering.illegal_transition': {
    status: 409,
    title: 'The order cannot go there from here',
    detail: ({ from, to, allowed }) =>
      `It is ${from} and cannot become ${to}${allowed.length > 0 ? `; it can become ${allowed.join(', ')}` : ': that is final'}.`,
  },
};

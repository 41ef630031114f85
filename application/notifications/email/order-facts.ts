import type { Facts } from './ports.ts';
import type { OrderTold, Person, RestaurantTold } from './subscriptions/told.ts';
import { amountText, numberText, timeText } from './wording.ts';

const LINES_SHOWN_MAX = 30;
const DINING: Readonly<Record<string, string>> = { delivery: 'Delivery', takeaway: 'Pick-up', dine_in: 'At the table' };
const PAYMENT: Readonly<Record<string, string>> = { online: 'Online', cash: 'Cash' };

/** Everything a mail may say of an order, in the restaurant's money and time. */
export function orderFacts(order: OrderTold, restaurant: RestaurantTold, person: Person, publicUrl: string): Facts {
  const { price, currency, deliveryAddress: address } = order;
  const money = (minor: number): string => amountText(minor, currency);
  const shown = order.lines.slice(0, LINES_SHOWN_MAX);
  return {
    name: person.displayName,
    restaurant: restaurant.name,
    number: numberText(order.number),
    link: `${publicUrl.replace(/\/$/, '')}/track/${order.id}`,
    placedAt: timeText(order.placedAt, { ...restaurant, currency }),
    dining: DINING[order.diningOption] ?? '',
    isDelivery: order.diningOption === 'delivery',
    payment: PAYMENT[order.payment] ?? '',
    lines: shown.map(({ quantity, name, modifiers, note, subtotal }) => ({
      quantity: String(quantity),
      name,
      modifiers: modifiers.map((modifier) => ({ name: modifier.name, ...(modifier.quantity > 1 && { times: `× ${modifier.quantity}` }) })),
      ...(note !== null && { note }),
      amount: money(subtotal),
    })),
    ...(order.lines.length > shown.length && { more: String(order.lines.length - shown.length) }),
    subtotal: money(price.subtotal),
    taxes: price.taxes.map(({ name, percent, amount }) => ({ name, percent: `${percent}%`, amount: money(amount) })),
    isTaxIncluded: price.pricesIncludeTax,
    ...(price.tip > 0 && { tip: money(price.tip) }),
    ...(price.rounding !== 0 && { rounding: money(price.rounding) }),
    total: money(price.total),
    ...(address && {
      address: [address.line1, address.line2, `${address.city} ${address.postalCode}`].filter((line) => line !== null && line !== ''),
    }),
    ...(order.scheduledFor !== null && { scheduledFor: timeText(order.scheduledFor, { ...restaurant, currency }) }),
  };
}

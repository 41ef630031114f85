import { z } from 'zod';
import type { HistoryEntry } from '#application/ordering/ports.ts';
import { ORDER_STATUSES, type Order, type OrderFacts, PAYMENTS } from '#domain/ordering/order.ts';
import { DINING_OPTIONS } from '#domain/shared/dining.ts';
import { Id, Instant, MoneyView } from '../schemas.ts';

const TaxView = z.object({ name: z.string(), percent: z.number(), amount: MoneyView });
const LineView = z.object({
  itemId: Id,
  name: z.string(),
  quantity: z.int(),
  unitPrice: MoneyView,
  modifiers: z.array(z.object({ optionId: Id, name: z.string(), quantity: z.int(), unitPrice: MoneyView })),
  note: z.string().nullable(),
  subtotal: MoneyView,
  taxes: z.array(TaxView),
});
const PriceView = z.object({
  pricesIncludeTax: z.boolean(),
  subtotal: MoneyView,
  taxes: z.array(TaxView.extend({ taxable: MoneyView })),
  tip: MoneyView,
  rounding: MoneyView,
  total: MoneyView,
});
const AddressView = z.object({
  line1: z.string(),
  line2: z.string().nullable(),
  city: z.string(),
  postalCode: z.string(),
  phone: z.string().nullable(),
});

export const Status = z.enum(ORDER_STATUSES);
export const QuoteView = z.object({ currency: z.string(), lines: z.array(LineView), ...PriceView.shape });
export const OrderView = z.object({
  id: Id,
  number: z.string(),
  businessDay: z.iso.date(),
  restaurantId: Id,
  customerId: Id,
  status: Status,
  reason: z.string().nullable(),
  diningOption: z.enum(DINING_OPTIONS),
  payment: z.enum(PAYMENTS),
  ...QuoteView.shape,
  deliveryAddress: AddressView.nullable(),
  scheduledFor: Instant.nullable(),
  placedAt: Instant,
  expiresAt: Instant.nullable(),
  version: z.int(),
});
export const HistoryView = z.object({
  data: z.array(z.object({ version: z.int(), from: Status.nullable(), to: Status, actor: z.string(), reason: z.string().nullable(), at: Instant })),
});

const iso = (at: number): string => new Date(at).toISOString();
const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

export function quoteView(currency: string, { lines, price }: Pick<OrderFacts, 'lines' | 'price'>): z.input<typeof QuoteView> {
  const money = (amount: number) => ({ amount, currency });
  return {
    currency,
    lines: lines.map(({ itemId, name, quantity, unitPrice, modifiers, note, subtotal, taxes }) => ({
      itemId,
      name,
      quantity,
      unitPrice: money(unitPrice),
      modifiers: modifiers.map((modifier) => ({ ...modifier, unitPrice: money(modifier.unitPrice) })),
      note,
      subtotal: money(subtotal),
      taxes: taxes.map((tax) => ({ ...tax, amount: money(tax.amount) })),
    })),
    pricesIncludeTax: price.pricesIncludeTax,
    subtotal: money(price.subtotal),
    taxes: price.taxes.map((tax) => ({ ...tax, amount: money(tax.amount), taxable: money(tax.taxable) })),
    tip: money(price.tip),
    rounding: money(price.rounding),
    total: money(price.total),
  };
}

export function orderView(order: Order): z.input<typeof OrderView> {
  const { id, number, businessDay, restaurantId, customerId, status, reason, diningOption, payment, deliveryAddress, version } = order;
  return {
    id,
    number: String(number).padStart(4, '0'),
    businessDay,
    restaurantId,
    customerId,
    status,
    reason,
    diningOption,
    payment,
    ...quoteView(order.currency, order),
    deliveryAddress,
    scheduledFor: isoOrNull(order.scheduledFor),
    placedAt: iso(order.placedAt),
    expiresAt: isoOrNull(order.expiresAt),
    version,
  };
}

export const historyView = (entries: readonly HistoryEntry[]): z.input<typeof HistoryView> => ({
  data: entries.map((entry) => ({ ...entry, at: iso(entry.at) })),
});

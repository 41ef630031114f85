import { z } from 'zod';
import { LINES_MAX, PAYMENTS, QUANTITY_MAX } from '#domain/ordering/order.ts';
import { DINING_OPTIONS } from '#domain/shared/dining.ts';
import { Money } from '#domain/shared/money.ts';
import { Id, Instant } from '../schemas.ts';
import { Amount, count, Name, Phone, Text } from '../validators.ts';

const Quantity = count(QUANTITY_MAX);
export const Note = Text(500);
/** How it will be paid for: nothing of a card is ever sent here. */
const Payment = z.enum(PAYMENTS);
const Line = z.strictObject({
  itemId: Id,
  quantity: Quantity,
  modifiers: z
    .array(z.strictObject({ optionId: Id, quantity: Quantity.default(1) }))
    .max(50)
    .default([]),
  note: Note.nullish().transform((note) => note || null),
});
const Address = z.strictObject({
  line1: Name,
  line2: Name.nullish().transform((line) => line ?? null),
  city: Name,
  postalCode: z.string().trim().min(2).max(12),
  phone: Phone.nullish().transform((phone) => phone ?? null),
});
/** What somebody orders, and how it gets to them. */
export const OrderBody = z.strictObject({
  restaurantId: Id,
  diningOption: z.enum(DINING_OPTIONS),
  payment: Payment,
  lines: z.array(Line).min(1).max(LINES_MAX),
  tip: Amount.default(0).transform((tip) => Money.of(tip)),
  deliveryAddress: Address.nullish().transform((address) => address ?? null),
  scheduledFor: Instant.nullish().transform((at) => (at ? Date.parse(at) : null)),
});

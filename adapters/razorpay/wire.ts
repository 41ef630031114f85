import { z } from 'zod';

/**
 * What Razorpay sends, as far as we look at it. Lenient: fields may be missing, more may be there, numbers may come as text, and
 * what only decorates may be anything. What money depends on must be right, or the whole answer counts as unreadable.
 */
const whole = z.union([z.int(), z.stringFormat('integer', /^-?\d{1,15}$/).transform(Number)]);
const minor = whole.pipe(z.int().min(0));
const wholeOrNull = whole.nullish().transform((value) => value ?? null);
/** Always there; whoever leaves it out is not refused for it. */
const instant = whole.nullish().transform((value) => value ?? 0);
const minorOrZero = minor.nullish().transform((value) => value ?? 0);
const text = z
  .string()
  .nullish()
  .catch(null)
  .transform((value) => value || null);
const flag = z
  .union([z.boolean(), z.literal([0, 1, '0', '1', 'true', 'false'])])
  .nullish()
  .catch(null)
  .transform((value) => (value === null || value === undefined ? null : value === true || value === 1 || value === '1' || value === 'true'));
const idOf = (prefix: string) => z.string().startsWith(`${prefix}_`).max(64);
const currency = z.stringFormat('currency', /^[A-Za-z]{3}$/).transform((code) => code.toUpperCase());
const decoration = <S extends z.ZodType>(schema: S) => schema.nullish().catch(null);

/** `[]` when there are none, `{}` when there were some. */
const notes = z
  .record(z.string(), z.unknown())
  .catch({})
  .default({})
  .transform((pairs) => new Map(Object.entries(pairs).map(([key, value]) => [key, String(value)])));

export const Card = z.object({ last4: text, network: text, type: text, issuer: text, international: flag });
export type Card = z.output<typeof Card>;

export const Payment = z.object({
  id: idOf('pay'),
  amount: minor,
  currency,
  status: z.string().min(1),
  order_id: text,
  method: text,
  captured: flag,
  international: flag,
  card: decoration(Card),
  token_id: text,
  bank: text,
  wallet: text,
  vpa: text,
  upi: decoration(z.object({ vpa: text })),
  fee: wholeOrNull,
  tax: wholeOrNull,
  error_code: text,
  error_description: text,
  error_reason: text,
  created_at: instant,
});
export type Payment = z.output<typeof Payment>;

export const Order = z.object({
  id: idOf('order'),
  amount: minor,
  currency,
  receipt: text,
  status: z.string().min(1),
  created_at: instant,
});
export type Order = z.output<typeof Order>;

export const Refund = z.object({
  id: idOf('rfnd'),
  payment_id: idOf('pay'),
  amount: minor,
  currency,
  status: z.string().nullish(),
  receipt: text,
  notes,
  created_at: instant,
});
export type Refund = z.output<typeof Refund>;

export const Transfer = z.object({
  id: idOf('trf'),
  source: text,
  recipient: z.string().min(1),
  amount: minor,
  currency,
  amount_reversed: minorOrZero,
  status: text,
  transfer_status: text,
  notes,
  created_at: instant,
});
export type Transfer = z.output<typeof Transfer>;

export const Dispute = z.object({
  id: idOf('disp'),
  payment_id: idOf('pay'),
  amount: minor,
  currency,
  amount_deducted: minorOrZero,
  reason_code: text,
  respond_by: wholeOrNull,
  status: z.string().min(1),
  phase: text,
  created_at: instant,
});
export type Dispute = z.output<typeof Dispute>;

const LinkPayment = z.object({ payment_id: idOf('pay') });
export const Link = z.object({
  id: idOf('plink'),
  reference_id: text,
  amount: minor,
  currency,
  status: z.enum(['created', 'partially_paid', 'expired', 'cancelled', 'paid']),
  short_url: text,
  order_id: text,
  payments: z
    .union([z.array(LinkPayment), LinkPayment.transform((payment) => [payment])])
    .nullish()
    .catch([])
    .transform((payments) => payments ?? []),
});
export type Link = z.output<typeof Link>;

export const Customer = z.object({ id: idOf('cust') });

export const Token = z.object({
  id: idOf('token'),
  method: text,
  bank: text,
  wallet: text,
  card: decoration(Card),
  vpa: decoration(z.object({ username: text, handle: text })),
  expired_at: wholeOrNull,
});
export type Token = z.output<typeof Token>;

export const ReconRow = z.object({
  entity_id: z.string().min(1),
  type: z.string().min(1),
  debit: minorOrZero,
  credit: minorOrZero,
  amount: minor,
  currency,
  fee: wholeOrNull,
  tax: wholeOrNull,
  payment_id: text,
  settlement_id: text,
  settlement_utr: text,
  settled_at: wholeOrNull,
  description: text,
  created_at: instant,
});
export type ReconRow = z.output<typeof ReconRow>;

export const collectionOf = <S extends z.ZodType>(item: S) => z.object({ items: z.array(item) }).transform(({ items }) => items);
/** The one list that is not called `items`. */
export const LinkList = z.union([z.object({ payment_links: z.array(Link) }).transform((list) => list.payment_links), collectionOf(Link)]);
export const Anything = z.object({});

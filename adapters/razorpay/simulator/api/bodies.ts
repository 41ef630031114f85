import { z } from 'zod';
import { Refusal } from '../machines/refusal.ts';

/** What a body must look like, with Razorpay's words for what it does not. */
const CURRENCIES = ['INR', 'USD', 'EUR', 'GBP', 'SGD', 'AED', 'MYR', 'AUD', 'CAD', 'JPY', 'KWD'] as const;
const NOTES_MAX = 15;
const NOTE_LENGTH_MAX = 256;

export const Amount = z
  .int({ error: (issue) => (issue.input === undefined ? 'The amount field is required.' : 'The amount must be an integer.') })
  .min(100, 'The amount must be at least INR 1.00')
  .max(50_000_000_000, 'Amount exceeds maximum amount allowed.');
export const Currency = z.enum(CURRENCIES, {
  error: (issue) => (issue.input === undefined ? 'The currency field is required.' : 'Currency is not supported'),
});
export const Notes = z
  .union([
    z
      .record(
        z.string().max(NOTE_LENGTH_MAX),
        z.union([z.string().max(NOTE_LENGTH_MAX, 'The notes may not be longer than 256 characters.'), z.number()]),
      )
      .refine((notes) => Object.keys(notes).length <= NOTES_MAX, 'Number of fields in notes should be less than or equal to 15'),
    z.array(z.never()),
  ])
  .transform((notes): Record<string, string> | [] => {
    const pairs = Object.entries(notes).map(([key, value]) => [key, String(value)] as const);
    return pairs.length === 0 ? [] : Object.fromEntries(pairs);
  });
const Flag = z.union([z.boolean(), z.literal(0), z.literal(1)]);
const Seconds = z.int().min(0);

export const PlannedTransfer = z.strictObject({
  account: z.string().min(1, 'The account field is required.'),
  amount: Amount,
  currency: Currency,
  notes: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  linked_account_notes: z.array(z.string()).optional(),
  on_hold: Flag.optional(),
  on_hold_until: Seconds.optional(),
});
export const DirectTransfer = PlannedTransfer.pick({ account: true, amount: true, currency: true, notes: true });
export const PaymentTransfers = z.strictObject({ transfers: z.array(PlannedTransfer).min(1).max(20) });
export const TransferChange = z.strictObject({ on_hold: Flag.optional(), on_hold_until: Seconds.nullish(), notes: Notes.optional() });
export const NewReversal = z.strictObject({ amount: Amount.optional(), notes: Notes.optional() });

export const NewOrder = z.strictObject({
  amount: Amount,
  currency: Currency,
  receipt: z.string().max(40, 'The receipt may not be greater than 40 characters.').nullish(),
  notes: Notes.optional(),
  partial_payment: z.boolean().optional(),
  unique_receipt: z.boolean().optional(),
  customer_id: z.string().optional(),
  payment: z
    .strictObject({
      capture: z.enum(['automatic', 'manual']),
      capture_options: z
        .strictObject({
          automatic_expiry_period: z.int().min(12, 'The automatic expiry period must be at least 12.').optional(),
          manual_expiry_period: z.int().min(12).max(7_200, 'The manual expiry period may not be greater than 7200.').optional(),
          refund_speed: z.enum(['normal', 'optimum']).optional(),
        })
        .optional(),
    })
    .optional(),
  transfers: z.array(PlannedTransfer).max(20).optional(),
});
export const NotesChange = z.strictObject({ notes: Notes });
export const NewCapture = z.strictObject({ amount: Amount, currency: Currency.optional() });
export const NewRefund = z.strictObject({
  amount: Amount.optional(),
  speed: z.enum(['normal', 'optimum']).optional(),
  notes: Notes.optional(),
  receipt: z.string().max(40, 'The receipt may not be greater than 40 characters.').nullish(),
  reverse_all: Flag.optional(),
});
export const NewLink = z.strictObject({
  amount: Amount,
  currency: Currency.default('INR'),
  accept_partial: z.boolean().optional(),
  first_min_partial_amount: z.int().optional(),
  reference_id: z.string().max(40, 'The reference id may not be greater than 40 characters.').optional(),
  description: z.string().max(2_048).optional(),
  expire_by: Seconds.optional(),
  customer: z.strictObject({ name: z.string().optional(), email: z.string().optional(), contact: z.string().optional() }).optional(),
  notify: z.strictObject({ email: z.boolean().optional(), sms: z.boolean().optional(), whatsapp: z.boolean().optional() }).optional(),
  reminder_enable: z.boolean().optional(),
  notes: Notes.optional(),
  callback_url: z.string().optional(),
  callback_method: z.literal('get').optional(),
  upi_link: z.boolean().optional(),
});
export const LinkChange = NewLink.pick({ accept_partial: true, reference_id: true, expire_by: true, notes: true, reminder_enable: true });
export const NewCustomer = z.strictObject({
  name: z.string().min(3, 'The name must be at least 3 characters.').max(50, 'The name may not be greater than 50 characters.').optional(),
  email: z.string().max(64).optional(),
  contact: z.string().max(15).optional(),
  gstin: z.string().optional(),
  notes: Notes.optional(),
  fail_existing: z
    .union([z.boolean(), z.literal([0, 1, '0', '1'])])
    .transform((flag) => flag === true || flag === 1 || flag === '1')
    .optional(),
});
export const CustomerChange = NewCustomer.pick({ name: true, email: true, contact: true });
const Documents = z.array(z.string()).nullish();
export const Contest = z.strictObject({
  amount: Amount.optional(),
  summary: z.string().max(1_000).optional(),
  shipping_proof: Documents,
  billing_proof: Documents,
  cancellation_proof: Documents,
  customer_communication: Documents,
  proof_of_service: Documents,
  explanation_letter: Documents,
  refund_confirmation: Documents,
  access_activity_log: Documents,
  refund_cancellation_policy: Documents,
  term_and_conditions: Documents,
  others: z.array(z.strictObject({ type: z.string(), document_ids: z.array(z.string()) })).nullish(),
  action: z.enum(['draft', 'submit']).optional(),
});
export const NewPlan = z.strictObject({
  period: z.enum(['daily', 'weekly', 'monthly', 'quarterly', 'yearly']),
  interval: z.int().min(1),
  item: z.strictObject({ name: z.string().min(1), amount: Amount, currency: Currency, description: z.string().optional() }),
  notes: Notes.optional(),
});
export const NewSubscription = z.strictObject({
  plan_id: z.string(),
  total_count: z.int().min(1).max(1_200),
  quantity: z.int().min(1).optional(),
  start_at: Seconds.optional(),
  expire_by: Seconds.optional(),
  customer_notify: z
    .union([z.boolean(), z.literal([0, 1])])
    .transform(Boolean)
    .optional(),
  notes: Notes.optional(),
});
export const EndSubscription = z.strictObject({
  cancel_at_cycle_end: z
    .union([z.boolean(), z.literal([0, 1])])
    .transform(Boolean)
    .optional(),
});
export const MoveSubscription = z.strictObject({ pause_at: z.literal('now').optional(), resume_at: z.literal('now').optional() });
export const NewWebhook = z.strictObject({
  url: z.url(),
  secret: z.string().min(1),
  alert_email: z.string().optional(),
  events: z.array(z.string()).default([]),
});

/** A body that is as it must be, or the first thing that is wrong with it. */
export function parse<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const field = issue?.path.join('.') || undefined;
  if (issue?.code === 'unrecognized_keys') {
    const names = issue.keys.join(', ');
    throw new Refusal(`${names} ${issue.keys.length === 1 ? 'is' : 'are'} not required and should not be sent`, {
      reason: 'extra_field_sent',
      field: issue.keys[0] ?? '',
    });
  }
  throw new Refusal(issue?.message ?? 'The request is invalid.', field === undefined ? {} : { field });
}

import { z } from 'zod';
import { PAYMENT_STATUSES, PaymentId } from '#domain/payments/payment.ts';
import { MINOR_MAX } from '#domain/shared/money.ts';
import { Amount, Id, IdempotencyKey, PageQuery, Text } from '../schemas.ts';

export const OrderParams = z.object({ orderId: Id });
export const PaymentParams = z.object({ paymentId: Id.transform(PaymentId.of) });
/** A refund that was made at the provider itself bears the provider's id. */
export const RefundParams = PaymentParams.extend({
  refundId: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'an id')
    .meta({ example: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a80' }),
});

const key = (example: string) =>
  IdempotencyKey.meta({
    description: 'Your own name for this request. Sent again with the same body, it answers what came of it and moves no money twice.',
    example,
  });
export const KeyHeader = z.object({ 'idempotency-key': key('b4a1c8e2-refund-1') });
export const PayHeaders = z.object({
  'idempotency-key': key('b4a1c8e2-payment-1'),
  'x-device-id': z
    .string()
    .regex(/^[\x21-\x7e]{1,128}$/, '1 to 128 visible ASCII characters')
    .meta({ description: 'A name that your app keeps for the device it runs on: it helps to tell a customer from a thief.', example: 'device-7f3a' })
    .optional(),
});

const Positive = z.int().min(1).max(MINOR_MAX);

const Channel = z.enum(['checkout', 'link', 'bank_transfer', 'cash']);
export const PayBody = z
  .strictObject({
    channel: Channel.default('checkout').meta({
      description:
        '`checkout`: the provider asks for the money in a browser. `link`: an address to send to somebody; `cash`: at the counter; both for staff.',
    }),
    tendered: Amount.meta({ description: 'Of cash: what was handed over, in minor units. The answer says what to give back.' }).optional(),
  })
  .refine(({ channel, tendered }) => tendered === undefined || channel === 'cash', {
    path: ['tendered'],
    error: 'only cash is tendered: leave it out, or set channel to cash',
  });

/** Named as the checkout hands them over. */
export const ConfirmationBody = z.strictObject({
  razorpay_payment_id: z.string().regex(/^[\w-]{1,64}$/, 'a payment id of the provider'),
  razorpay_signature: z.string().regex(/^[\da-fA-F]{1,256}$/, 'a signature in hexadecimal'),
  razorpay_order_id: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'an order id of the provider')
    .meta({ description: 'Taken because the checkout sends it; the signature is checked against the order as we know it.' })
    .optional(),
});

export const RefundBody = z
  .strictObject({
    amount: Positive.meta({ description: 'In minor units.' }).optional(),
    lines: z
      .array(z.strictObject({ line: z.int().min(0).max(999), quantity: z.int().min(1).max(999) }))
      .min(1)
      .max(100)
      .meta({ description: 'Portions of lines of the order, counted from 0, at what was paid for them.' })
      .optional(),
    note: Text(500)
      .nullish()
      .transform((note) => note || null),
  })
  .refine(({ amount, lines }) => amount === undefined || lines === undefined, {
    path: ['lines'],
    error: 'send an amount or lines, not both; neither gives everything back',
  })
  .prefault({});

export const ReceiptBody = z.strictObject({
  amount: Positive.meta({ description: 'What came in, in minor units: the whole amount of the payment.' }),
  reference: Text(64).min(1).meta({ description: "The bank's reference of the transfer, as it stands in the statement." }),
});

export const PaymentsQuery = PageQuery.extend({ status: z.enum(PAYMENT_STATUSES).optional() });
export const LedgerQuery = PageQuery.extend({
  account: z
    .string()
    .regex(/^[a-z\d_:-]{1,64}$/, 'the name of an account')
    .meta({ example: 'restaurant:payable', description: 'One account only; GET /restaurants/{restaurantId}/balances names them.' })
    .optional(),
});

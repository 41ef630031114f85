import { z } from 'zod';
import type { Payments } from '#application/payments/module.ts';
import { PaymentId } from '#domain/payments/payment.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, route } from '../route.ts';
import { Id } from '../schemas.ts';
import { checkoutOf } from './opened.ts';
import { type Brought, LOOKS_MAX, returnPage } from './return-page.ts';

const FORM_MAX = 16 * 1024;

/** Whatever does not look like what a provider sends has not been sent by one: it proves nothing, and the page says so. */
const field = (pattern: RegExp, description: string, example: string) =>
  z.string().regex(pattern).catch('').meta({ description, example }).optional();
const Fields = z.object({
  razorpay_payment_id: field(/^[\w-]{1,64}$/, 'The payment, as the provider calls it.', 'pay_R9xrP4cWd0nL8s'),
  razorpay_order_id: field(/^[\w-]{1,64}$/, 'Its order, as the provider calls it.', 'order_R9xq3kTn1bPcVd'),
  razorpay_signature: field(/^[\da-fA-F]{1,256}$/, 'What proves both.', '9ef4dffbfd84f1318f6739a3ce19f9d85851857ae648f114332d8401e0949a3d'),
  'error[code]': field(/^\w{1,64}$/, 'Instead of those: that it was not paid.', 'BAD_REQUEST_ERROR'),
  'error[reason]': field(/^\w{1,64}$/, 'And why.', 'payment_cancelled'),
  looks: z.coerce.number().int().min(0).max(LOOKS_MAX).catch(0).meta({ description: 'How often the page has looked again by itself.' }).optional(),
});

/** Where a browser comes back to from a provider's own page. It has no token: the signature it brings speaks for it. */
export const returnRoutes = (payments: Payments, publicUrl: string): readonly AnyRoute[] => {
  const shared = {
    tag: 'Payments',
    description:
      'A page for the person who paid: whether it was, why not in plain words, or that it is being looked up. What the browser brings is proved by its signature; ' +
      'without one the page tells nothing.',
    access: 'public',
    params: z.object({ paymentId: z.string().meta({ example: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a70' }) }),
    query: Fields,
    status: 200,
    response: z.string(),
    isPage: true,
    example: { response: '<!doctype html><html lang="en">…</html>' },
    problems: {},
  } as const;

  const show = async (rawId: string, fields: z.output<typeof Fields>) => {
    const brought = broughtIn(rawId, fields);
    const returned =
      brought.paymentId === undefined
        ? ({ standing: 'unconfirmed', retry: undefined, isPaid: false } as const)
        : await payments.returnFromCheckout({ paymentId: brought.paymentId, proof: brought.proof });
    const retry = 'retry' in returned && returned.retry && brought.paymentId && checkoutOf(payments, publicUrl, brought.paymentId, returned.retry);
    return ok(String(returnPage(returned, brought, retry ? retry.url : null)));
  };

  return [
    route({
      ...shared,
      method: 'get',
      path: '/payments/{paymentId}/return',
      operationId: 'returnFromCheckout',
      summary: 'Come back from the checkout',
      handle: ({ params, query }) => show(params.paymentId, query),
    }),
    route({
      ...shared,
      method: 'post',
      path: '/payments/{paymentId}/return',
      operationId: 'postFromCheckout',
      summary: 'Come back from the checkout with a form',
      bytes: { type: 'application/x-www-form-urlencoded', example: 'razorpay_payment_id=pay_R9xrP4cWd0nL8s&razorpay_signature=9ef4dffb' },
      bodyLimit: FORM_MAX,
      handle: ({ params, bytes }) => show(params.paymentId, Fields.parse(Object.fromEntries(new URLSearchParams(new TextDecoder().decode(bytes))))),
    }),
  ];
};

function broughtIn(rawId: string, fields: z.output<typeof Fields>): Brought {
  const id = Id.safeParse(rawId);
  const { razorpay_payment_id: chargeId, razorpay_signature: signature, looks = 0 } = fields;
  const error = fields['error[code]'] || fields['error[reason]'] ? (fields['error[reason]'] ?? '') : undefined;
  return {
    paymentId: id.success ? PaymentId.of(id.data) : undefined,
    proof: chargeId && signature ? { chargeId, signature } : undefined,
    error,
    looks,
  };
}

import { z } from 'zod';
import type { Settlement } from '#application/payments/settlement/module.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../../route.ts';
import { Id } from '../../schemas.ts';
import { PAYMENTS_PROBLEMS } from '../problems.ts';
import { METHOD_EXAMPLE } from './examples.ts';
import { SETTLEMENT_PROBLEMS } from './problems.ts';
import { MethodView, methodView } from './views.ts';

/** Anything at all in the place of the token, so that a card's number there is told what it is. */
const MethodBody = z.strictObject({ token: z.string().trim().min(1).max(255) });

export const methodRoutes = (settlement: Settlement): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/me/payment-methods',
    operationId: 'listMyPaymentMethods',
    tag: 'Saved payment methods',
    summary: 'List the ways to pay that you have saved',
    access: 'authenticated',
    status: 200,
    response: z.object({ data: z.array(MethodView) }),
    example: { response: { data: [METHOD_EXAMPLE] } },
    problems: {},
    async handle(_input, { actor }) {
      return ok({ data: (await settlement.methodsOf(actor)).map(methodView) });
    },
  }),
  route({
    method: 'post',
    path: '/me/payment-methods',
    operationId: 'savePaymentMethod',
    tag: 'Saved payment methods',
    summary: 'Save a way to pay, by the token the checkout gave for it',
    description: 'Never the number of a card: whatever looks like one is refused, and kept nowhere. The same token again answers the same method.',
    limiter: 'payment',
    access: 'authenticated',
    body: MethodBody,
    status: 201,
    response: MethodView,
    example: { body: { token: 'token_4lsdksD31GaZ09' }, response: METHOD_EXAMPLE },
    problems: {
      ...pick(SETTLEMENT_PROBLEMS, 'payments.card_number_refused', 'payments.too_many_methods'),
      ...pick(PAYMENTS_PROBLEMS, 'payments.token_unknown', 'payments.no_saved_methods', 'payments.provider_unreachable'),
    },
    async handle({ body }, { actor }) {
      const saved = await settlement.saveMethod(body, actor);
      return saved.ok ? ok(methodView(saved.value)) : saved;
    },
  }),
  route({
    method: 'delete',
    path: '/me/payment-methods/{methodId}',
    operationId: 'removePaymentMethod',
    tag: 'Saved payment methods',
    summary: 'Forget a saved way to pay, here and at the payment provider',
    access: 'authenticated',
    params: z.object({ methodId: Id }),
    status: 204,
    response: z.undefined(),
    example: { response: undefined },
    problems: pick(PAYMENTS_PROBLEMS, 'payments.method_not_found', 'payments.provider_unreachable'),
    handle: ({ params }, { actor }) => settlement.removeMethod(params, actor),
  }),
];

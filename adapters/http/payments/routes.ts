import type { Payments } from '#application/payments/module.ts';
import type { AnyRoute } from '../route.ts';
import { ledgerRoutes } from './ledger-routes.ts';
import { paymentRoutes } from './payment-routes.ts';
import { refundRoutes } from './refund-routes.ts';
import { returnRoutes } from './return-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';

/** Everything about money that is asked over HTTP. `publicUrl`: where browsers and providers reach us. */
export const paymentsRoutes = (payments: Payments, { publicUrl }: { readonly publicUrl: string }): readonly AnyRoute[] => [
  ...paymentRoutes(payments, publicUrl),
  ...refundRoutes(payments),
  ...ledgerRoutes(payments),
  ...returnRoutes(payments, publicUrl),
  ...webhookRoutes(payments),
];

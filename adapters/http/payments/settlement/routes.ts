import type { Settlement } from '#application/payments/settlement/module.ts';
import type { AnyRoute } from '../../route.ts';
import { bookRoutes } from './book-routes.ts';
import { methodRoutes } from './method-routes.ts';
import { payoutRoutes } from './payout-routes.ts';

/** What becomes of the money after it was taken. */
export const settlementRoutes = (settlement: Settlement): readonly AnyRoute[] => [
  ...payoutRoutes(settlement),
  ...bookRoutes(settlement),
  ...methodRoutes(settlement),
];

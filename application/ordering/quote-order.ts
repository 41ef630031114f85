import type { Result } from '#domain/shared/result.ts';
import type { OrderingDeps } from './ports.ts';
import { type OrderRequest, type PreparationError, type PreparedOrder, prepareOrder } from './prepare-order.ts';

/** What an order would cost now, to the last minor unit. Holds nothing. */
export const quoteOrder =
  ({ facts, clock }: Pick<OrderingDeps, 'facts' | 'clock'>) =>
  (request: OrderRequest): Promise<Result<PreparedOrder, PreparationError>> =>
    prepareOrder(facts, request, clock.now());

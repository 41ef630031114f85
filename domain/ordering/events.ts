import { ORDER_NEXT, ORDER_STATUSES, type OrderFacts, type OrderStatus } from './order.ts';

type Moved<To extends OrderStatus> = {
  readonly type: `ordering.order_${To}`;
  readonly orderId: string;
  readonly restaurantId: string;
  readonly customerId: string;
  readonly from: OrderStatus | null;
  readonly to: To;
  readonly reason: string | null;
  readonly at: number;
  /** Everything about the order, on its first event only. */
  readonly order?: OrderFacts;
};

/** The ordering module's published language: one event for each status an order enters. */
export type OrderEvent = { [To in OrderStatus]: Moved<To> }[OrderStatus];

/** The statuses an order ends in: nothing more will be told of it. */
export const FINAL_STATUSES: readonly OrderStatus[] = ORDER_STATUSES.filter((status) => ORDER_NEXT[status].length === 0);

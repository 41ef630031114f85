import type { OrderFacts, OrderStatus } from './order.ts';

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

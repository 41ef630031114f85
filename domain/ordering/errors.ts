import type { OrderAction, OrderStatus } from './order.ts';

type Shortage = { readonly stockItemId: string; readonly name: string; readonly unit: string; readonly needed: number; readonly available: number };

export type OrderingError =
  | { readonly code: 'ordering.restaurant_not_found'; readonly restaurantId: string }
  | { readonly code: 'ordering.restaurant_closed'; readonly at: number; readonly isPaused: boolean }
  | { readonly code: 'ordering.dining_option_not_offered'; readonly diningOption: string; readonly offered: readonly string[] }
  | { readonly code: 'ordering.address_required' }
  | { readonly code: 'ordering.address_unexpected'; readonly diningOption: string }
  | { readonly code: 'ordering.schedule_out_of_range'; readonly earliest: number; readonly latest: number }
  | { readonly code: 'ordering.empty_order' }
  | { readonly code: 'ordering.too_many_lines'; readonly limit: number }
  | { readonly code: 'ordering.bad_quantity'; readonly line: number; readonly limit: number }
  | { readonly code: 'ordering.item_not_found'; readonly line: number; readonly itemId: string }
  | {
      readonly code: 'ordering.item_unavailable';
      readonly line: number;
      readonly itemId: string;
      readonly name: string;
      readonly reason: 'out_of_stock' | 'hours';
    }
  | { readonly code: 'ordering.option_not_found'; readonly line: number; readonly optionId: string }
  | { readonly code: 'ordering.option_unavailable'; readonly line: number; readonly optionId: string; readonly name: string }
  | { readonly code: 'ordering.option_repeated'; readonly line: number; readonly optionId: string; readonly name: string; readonly limit: number }
  | { readonly code: 'ordering.modifier_missing'; readonly line: number; readonly groupId: string; readonly name: string; readonly min: number }
  | { readonly code: 'ordering.too_many_modifiers'; readonly line: number; readonly groupId: string; readonly name: string; readonly max: number }
  | { readonly code: 'ordering.total_too_large'; readonly limit: number }
  | { readonly code: 'ordering.insufficient_stock'; readonly shortages: readonly Shortage[] }
  | { readonly code: 'ordering.idempotency_key_reused' }
  | { readonly code: 'ordering.request_in_progress' }
  | { readonly code: 'ordering.order_not_found'; readonly orderId: string }
  | { readonly code: 'ordering.not_permitted'; readonly action: OrderAction; readonly permission: string }
  | { readonly code: 'ordering.too_late_to_cancel'; readonly orderStatus: OrderStatus }
  | { readonly code: 'ordering.not_a_delivery'; readonly diningOption: string }
  | { readonly code: 'ordering.not_dispatched' }
  | { readonly code: 'ordering.illegal_transition'; readonly from: OrderStatus; readonly to: OrderStatus; readonly allowed: readonly OrderStatus[] };

export type OrderingErrorOf<Code extends OrderingError['code']> = Extract<OrderingError, { readonly code: Code }>;

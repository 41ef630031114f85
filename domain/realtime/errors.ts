export type RealtimeError = { readonly code: 'realtime.order_not_found'; readonly orderId: string };

export type Keys = { readonly keyId: string; readonly keySecret: string };
export type Account = { readonly id: string };

/** What was asked, what was delivered, and which fault struck. */
export type LogLine = {
  readonly at: number;
  readonly kind: 'call' | 'delivery' | 'dropped' | 'disabled' | 'fault';
  readonly what: string;
  readonly status?: number;
  readonly detail?: unknown;
};

export const LOG_MAX = 20_000;

import type { PaymentProvider, ProviderReply } from '#application/payments/provider.ts';

const no = async (): Promise<ProviderReply<never>> => ({
  outcome: 'failed',
  failure: { code: 'BY_HAND', reason: null, description: 'people do this, not a program', mayFallBack: false },
});
const nothing = async (): Promise<ProviderReply<never[]>> => ({ outcome: 'succeeded', value: [] });
const emptyPage = async () => ({ outcome: 'succeeded', value: { data: [], next: null } }) as const;

/**
 * A processor that is a bank account and the people who look at it: an order is opened by naming what to quote, and that money came
 * or went back is told by staff.
 */
export const bankTransfer: PaymentProvider = {
  name: 'bank_transfer',
  createOrder: async ({ receipt }) => ({ outcome: 'succeeded', value: { providerOrderId: receipt } }),
  findOrder: async (receipt) => ({ outcome: 'succeeded', value: { providerOrderId: receipt } }),
  factsOf: nothing,
  factsOfLink: nothing,
  charge: no,
  capture: no,
  refund: no,
  refundsOf: nothing,
  transfer: no,
  findTransfer: no,
  disputesSince: emptyPage,
  contestDispute: no,
  acceptDispute: no,
  createLink: no,
  findLink: no,
  cancelLink: no,
  chargesBetween: emptyPage,
  refundsBetween: emptyPage,
  bookOf: emptyPage,
  createCustomer: no,
  tokensOf: nothing,
  deleteToken: no,
  isCheckout: () => false,
  isWebhook: () => false,
  readWebhook: () => undefined,
  checkout: (providerOrderId) => ({ keyId: '', providerOrderId, url: null }),
};

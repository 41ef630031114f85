import { expect, it } from 'vitest';
import { checkoutOf } from '#adapters/http/payments/opened.ts';
import type { Attempt } from '#domain/payments/payment.ts';

const attempt = { processor: 'razorpay', providerOrderId: 'order_1' } as Attempt;
const at = (publicUrl: string, url: string | null) =>
  checkoutOf({ checkout: (_, providerOrderId) => ({ keyId: 'rzp_1', providerOrderId, url }) }, publicUrl, 'p1', attempt);

it.each([
  ['https://thali.test', '/pay/order_1', 'https://thali.test/pay/order_1'],
  ['https://thali.test/', '/pay/order_1', 'https://thali.test/pay/order_1'],
  ['https://host.test/thali', '/pay/order_1', 'https://host.test/thali/pay/order_1'],
  ['https://thali.test', 'https://checkout.test/x?order=1', 'https://checkout.test/x?order=1'],
])('on %s, %s is a page at %s that leads back to us', (publicUrl, url, page) => {
  const checkout = at(publicUrl, url);
  const back = `${publicUrl.replace(/\/$/, '')}/payments/p1/return`;
  expect(checkout?.callbackUrl).toBe(back);
  const address = new URL(checkout?.url ?? '');
  expect(address.searchParams.get('callback_url')).toBe(back);
  address.searchParams.delete('callback_url');
  expect(address.href).toBe(page);
});

it('has no page where the provider has none, and nothing at all before it is open', () => {
  expect(at('https://thali.test', null)).toMatchObject({ keyId: 'rzp_1', url: null });
  const closed = { ...attempt, providerOrderId: null };
  expect(checkoutOf({ checkout: () => ({ keyId: 'k', providerOrderId: 'o', url: null }) }, 'https://thali.test', 'p1', closed)).toBeUndefined();
});

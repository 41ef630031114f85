import { describe, expect, it } from 'vitest';
import { type Brought, LOOKS_MAX, returnPage } from '#adapters/http/payments/return-page.ts';
import type { PayableOrder } from '#application/payments/ports.ts';
import type { Returned } from '#application/payments/return-from-checkout.ts';
import type { ChargeFact } from '#domain/payments/facts.ts';
import { Payment, PaymentId } from '#domain/payments/payment.ts';
import { Money } from '#domain/shared/money.ts';

const ID = PaymentId.of('019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a70');
const proof = { chargeId: 'pay_1', signature: 'ab' };
const order = {
  number: 7,
  restaurantName: 'Idli & <b>Dosa</b>',
  customerId: 'c',
  lines: [{ name: 'Dal', quantity: 1, total: 1 }],
} as unknown as PayableOrder;
const paymentOf = (amount: number, currency: string) =>
  Payment.open(ID, {
    restaurantId: 'r',
    orderId: 'o',
    customerId: 'c',
    amount: Money.of(amount),
    currency,
    tax: Money.zero,
    commission: Money.zero,
    openedAt: 0,
  }).state;
const charge = (more: Partial<ChargeFact>) => ({ status: 'failed', failure: null, ...more }) as ChargeFact;
const show = (returned: Returned, brought: Partial<Brought> = {}, retry: string | null = null): string =>
  String(returnPage(returned, { paymentId: ID, proof, error: undefined, looks: 0, ...brought }, retry));

describe('the page to come back to', () => {
  it.each([
    [33_300, 'INR', '₹333.00'],
    [10_000_000_00, 'INR', '₹1,00,00,000.00'],
    [500, 'JPY', 'JP¥500'],
    [12_345, 'KWD', '12.345'],
  ])('writes %i %s as %s', (amount, currency, text) => {
    const page = show({ standing: 'paid', payment: paymentOf(amount, currency), order });
    expect(page.replaceAll('\u00a0', ' ')).toContain(text);
    expect(page).toContain('<b>0007</b> at Idli &amp; &lt;b&gt;Dosa&lt;/b&gt;');
    expect(page).not.toContain('Dal');
  });

  it('gives back in words what was taken for an order that is over', () => {
    expect(show({ standing: 'given_back', payment: paymentOf(100, 'INR'), order })).toContain('goes back to where it came from');
  });

  it.each<[string, ChargeFact, string]>([
    ['the reason', charge({ failure: { code: 'x', reason: 'insufficient_funds', description: 'Their words' } }), 'There was not enough money'],
    ['nothing known', charge({}), 'The payment did not go through.'],
    ['money that was let go', charge({ status: 'voided' }), 'approved but not taken'],
  ])('says why it failed: %s', (_what, failed, text) => {
    const page = show({ standing: 'failed', charge: failed, retry: undefined }, {}, 'https://pay.test/?a=1&b="');
    expect(page).toContain(text);
    expect(page).toContain('href="https://pay.test/?a=1&amp;b=&quot;"');
    expect(page).not.toContain('Their words');
    expect(show({ standing: 'failed', charge: failed, retry: undefined })).toContain('go back to where you ordered');
  });

  it('looks again more and more seldom, and not for ever', () => {
    const pauses = Array.from({ length: LOOKS_MAX + 1 }, (_, looks) => /content="(\d+);url=/.exec(show({ standing: 'pending' }, { looks }))?.[1]);
    expect(pauses.slice(0, -1).map(Number)).toEqual(
      pauses
        .slice(0, -1)
        .map(Number)
        .toSorted((a, b) => a - b),
    );
    expect(pauses.slice(0, -1)).not.toContain(undefined);
    expect(pauses.at(-1)).toBeUndefined();
    expect(show({ standing: 'pending' }, { looks: LOOKS_MAX })).toContain('You can close this page');
  });

  it('believes no error that comes with a proof which proves nothing', () => {
    const unconfirmed: Returned = { standing: 'unconfirmed', retry: undefined, isPaid: true };
    expect(show(unconfirmed, { error: 'payment_cancelled' })).toContain('<h1>Not confirmed</h1>');
    expect(show(unconfirmed, { proof: undefined, error: 'payment_cancelled' })).toContain('Do not pay again');
    expect(show({ ...unconfirmed, isPaid: false }, { proof: undefined, error: 'payment_cancelled' })).toContain('<h1>Not paid</h1>');
    expect(show(unconfirmed, { proof: undefined })).toContain('<h1>Not confirmed</h1>');
  });
});

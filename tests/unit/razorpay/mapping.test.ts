import { describe, expect, it } from 'vitest';
import { answering, collection, payment } from '../../support/razorpay-stub.ts';

const chargeOf = async (more: Readonly<Record<string, unknown>>) => {
  const reply = await answering(payment(more)).provider.charge('pay_29QQoUBi66xm2f');
  if (reply.outcome !== 'succeeded') throw new Error(JSON.stringify(reply));
  return reply.value;
};

describe('a payment as a charge', () => {
  it.each([
    [{ status: 'created', captured: false, fee: null }, 'created'],
    [{ status: 'pending', captured: false, fee: null }, 'created'],
    [{ status: 'some new word', captured: false, fee: null }, 'created'],
    [{ status: 'authorized', captured: false, fee: null }, 'authorized'],
    [{ status: 'failed', captured: false, fee: null }, 'failed'],
    [{ status: 'captured', captured: true }, 'captured'],
    [{ status: 'refunded', captured: true, refund_status: 'full' }, 'captured'],
    [{ status: 'refunded', captured: false, fee: null, refund_status: 'full' }, 'voided'],
    [{ status: 'refunded', captured: 0, fee: null }, 'voided'],
    [{ status: 'refunded', captured: undefined, fee: 24 }, 'captured'],
    [{ status: 'refunded', captured: undefined, fee: null }, 'voided'],
  ])('%j is %s', async (more, status) => {
    expect((await chargeOf(more)).status).toBe(status);
  });

  it('says why it failed, and only then', async () => {
    const error = { error_code: 'BAD_REQUEST_ERROR', error_reason: 'payment_failed', error_description: 'Declined' };
    expect((await chargeOf({ status: 'failed', ...error })).failure).toEqual({
      code: 'BAD_REQUEST_ERROR',
      reason: 'payment_failed',
      description: 'Declined',
    });
    expect((await chargeOf({ status: 'failed' })).failure).toEqual({ code: 'UNKNOWN', reason: null, description: '' });
    expect((await chargeOf({ status: 'captured', ...error })).failure).toBeNull();
  });

  it.each([
    [
      { method: 'upi', vpa: 'gaurav.kumar@exampleupi' },
      { method: 'upi', label: 'g…@exampleupi' },
    ],
    [
      { method: 'upi', vpa: null, upi: { vpa: 'asha@upi' } },
      { method: 'upi', label: 'a…@upi' },
    ],
    [
      { method: 'upi', vpa: null },
      { method: 'upi', label: null, fingerprint: null },
    ],
    [
      { method: 'card', vpa: null, card: { last4: '1007', network: 'Visa' } },
      { method: 'card', label: 'Visa ending 1007' },
    ],
    [
      { method: 'card', vpa: null, card: { last4: '4100280000001007', network: 'Visa' } },
      { method: 'card', label: 'Visa ending 1007' },
    ],
    [
      { method: 'card', vpa: null, card: { network: 'RuPay' } },
      { method: 'card', label: 'RuPay', fingerprint: null },
    ],
    [{ method: 'card', vpa: null, card: { last4: '1881', network: 'Visa', international: true } }, { isInternational: true }],
    [
      { method: 'card', vpa: null, token_id: 'token_9', card: { last4: '1007' } },
      { label: 'Card ending 1007', fingerprint: 'token_9' },
    ],
    [
      { method: 'netbanking', vpa: null, bank: 'HDFC' },
      { method: 'netbanking', label: 'HDFC', fingerprint: null },
    ],
    [
      { method: 'wallet', vpa: null, wallet: 'payzapp' },
      { method: 'wallet', label: 'payzapp' },
    ],
    [{ method: 'emi', vpa: null, card: { last4: '1007', network: 'Visa' } }, { method: 'emi' }],
    [{ method: 'cod', vpa: null }, { method: 'cash' }],
    [{ method: 'paylater', vpa: null }, { method: 'other' }],
  ])('%j was paid with %j', async (more, instrument) => {
    expect((await chargeOf(more)).instrument).toMatchObject(instrument);
  });

  it('never tells a number or an address that could be used', async () => {
    for (const more of [{ vpa: 'asha.rao@upi' }, { method: 'card', vpa: null, card: { last4: '4100280000001007', network: 'Visa' } }]) {
      const text = JSON.stringify(await chargeOf(more));
      expect(text).not.toMatch(/asha\.rao|410028/);
    }
  });

  it('reads answers that say too little or too much', async () => {
    const bare = { id: 'pay_1', amount: '1000', currency: 'inr', status: 'authorized', created_at: '1606985209' };
    const reply = await answering(bare).provider.charge('pay_1');
    expect(reply).toEqual({
      outcome: 'succeeded',
      value: {
        kind: 'charge',
        chargeId: 'pay_1',
        providerOrderId: null,
        status: 'authorized',
        amount: 1_000,
        currency: 'INR',
        instrument: null,
        fee: null,
        feeTax: null,
        failure: null,
        at: 1_606_985_209_000,
      },
    });
    expect(await chargeOf({ notes: { a: 'b' }, card: 'odd', upi: [], acquirer_data: null, new_field: { x: 1 } })).toMatchObject({
      status: 'captured',
    });
  });

  it.each([
    ['another thing', { id: 'order_1' }],
    ['no id', { id: undefined }],
    ['a fraction of a paisa', { amount: 10.5 }],
    ['less than nothing', { amount: -1 }],
    ['an amount in words', { amount: 'ten' }],
    ['no amount', { amount: null }],
    ['no currency', { currency: '' }],
    ['no status', { status: null }],
  ])('counts as unreadable with %s', async (_, more) => {
    expect(await answering(payment(more)).provider.charge('pay_1')).toMatchObject({ outcome: 'unknown' });
  });

  it.each([[''], ['"text"'], ['null'], ['[]'], ['{"id":"pay_1","amo'], ['<html></html>'], ['{}']])(
    'counts as unreadable when the body is %j',
    async (body) => {
      const { provider } = answering(new Response(body, { headers: { 'content-type': 'application/json' } }));
      expect(await provider.charge('pay_1')).toMatchObject({ outcome: 'unknown' });
    },
  );
});

const refund = (more: object = {}) => ({ id: 'rfnd_1', payment_id: 'pay_1', amount: 500, currency: 'INR', notes: [], created_at: 1, ...more });

describe('other facts', () => {
  it.each([
    [
      { status: 'processed', notes: { refundId: 'r-1' } },
      { status: 'processed', refundId: 'r-1' },
    ],
    [{ status: 'failed' }, { status: 'failed', refundId: null }],
    [
      { status: undefined, receipt: null },
      { status: 'pending', refundId: null },
    ],
    [{ status: 'pending', receipt: '01893bd5-1fb4-7c3a-8a52-5b5c3c5e8a11' }, { refundId: '01893bd5-1fb4-7c3a-8a52-5b5c3c5e8a11' }],
    [{ status: 'pending', receipt: 'by hand' }, { refundId: null }],
  ])('a refund %j is %j', async (more, fact) => {
    const reply = await answering(collection(refund(more))).provider.refundsOf('pay_1');
    expect(reply).toMatchObject({ outcome: 'succeeded', value: [fact] });
  });

  it.each([
    [{ status: 'created' }, { status: 'created' }],
    [{ transfer_status: 'pending' }, { status: 'pending' }],
    [
      { status: 'partially_reversed', amount_reversed: 10 },
      { status: 'processed', reversed: 10 },
    ],
    [
      { status: 'reversed', source: 'pay_9' },
      { status: 'reversed', chargeId: 'pay_9' },
    ],
    [{ status: 'processed', source: 'acc_9' }, { chargeId: null }],
  ])('a transfer %j is %j', async (more, fact) => {
    const transfer = { id: 'trf_1', recipient: 'acc_1', amount: 100, currency: 'INR', notes: { payoutId: 'po-1' }, created_at: 1, ...more };
    expect(await answering(collection(transfer)).provider.findTransfer('po-1')).toMatchObject({ value: fact });
  });

  it('a link has its order with or without the prefix, and its payments in any form', async () => {
    const link = {
      id: 'plink_1',
      reference_id: 'r',
      amount: 100,
      currency: 'INR',
      status: 'paid',
      short_url: 'https://rzp.io/i/x',
      order_id: '9A33XWu170gUtm',
      payments: null,
    };
    const { provider } = answering({ payment_links: [link] });
    expect(await provider.findLink('r')).toMatchObject({
      value: { providerOrderId: 'order_9A33XWu170gUtm', url: 'https://rzp.io/i/x', status: 'paid' },
    });
    expect(await answering(collection(link)).provider.findLink('r')).toMatchObject({ value: { linkId: 'plink_1' } });
    const alone = answering({ ...link, order_id: null, payments: { payment_id: 'pay_29QQoUBi66xm2f' } }, payment(), collection());
    expect(await alone.provider.factsOfLink('plink_1')).toMatchObject({ value: [{ kind: 'charge', chargeId: 'pay_29QQoUBi66xm2f' }] });
  });

  it('a row of the books is a charge, a refund, a transfer or an adjustment', async () => {
    const row = {
      entity_id: 'x_1',
      type: 'payment',
      debit: 0,
      credit: 97_100,
      amount: 100_000,
      currency: 'INR',
      fee: 2_900,
      tax: 0,
      created_at: 1,
      settled_at: 2,
      settlement_id: 'setl_1',
      settlement_utr: 'U1',
    };
    const rows = [row, { ...row, type: 'refund', payment_id: 'pay_1' }, { ...row, type: 'something else', fee: null, tax: null }];
    expect(await answering(collection(...rows)).provider.bookOf('2026-01-02', null)).toMatchObject({
      value: {
        next: null,
        data: [
          { kind: 'charge', chargeId: 'x_1', fee: 2_900, settledAt: 2_000, utr: 'U1' },
          { kind: 'refund', chargeId: 'pay_1' },
          { kind: 'adjustment', fee: 0, feeTax: 0 },
        ],
      },
    });
  });
});

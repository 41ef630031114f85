import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answering, payment } from '../../support/razorpay-stub.ts';

const { provider } = answering({});
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const event = (type: string, payload: object, more: object = {}): Uint8Array =>
  bytes(
    JSON.stringify({
      entity: 'event',
      account_id: 'acc_1',
      event: type,
      contains: Object.keys(payload),
      payload,
      created_at: 1_700_000_000,
      ...more,
    }),
  );
const framed = (more: Readonly<Record<string, unknown>> = {}) => ({ payment: { entity: payment(more) } });
const refund = {
  id: 'rfnd_1',
  entity: 'refund',
  amount: 500,
  currency: 'INR',
  payment_id: 'pay_29QQoUBi66xm2f',
  notes: { refundId: 'r-1' },
  receipt: null,
  status: 'processed',
  created_at: 5,
};
const dispute = {
  id: 'disp_1',
  entity: 'dispute',
  payment_id: 'pay_1',
  amount: 100,
  currency: 'INR',
  amount_deducted: 0,
  reason_code: 'x',
  respond_by: 9,
  status: 'open',
  phase: 'chargeback',
  created_at: 8,
};
const transfer = {
  id: 'trf_1',
  entity: 'transfer',
  source: 'order_1',
  recipient: 'acc_2',
  amount: 100,
  currency: 'INR',
  amount_reversed: 0,
  notes: [],
  status: 'processed',
  created_at: 7,
};

describe('a webhook', () => {
  it('tells what happened, when, and under which id', () => {
    expect(provider.readWebhook(event('payment.captured', framed()), 'evt-1')).toMatchObject({
      eventId: 'evt-1',
      type: 'payment.captured',
      at: 1_700_000_000_000,
      facts: [{ kind: 'charge', status: 'captured', instrument: { label: 'a…@upi' } }],
    });
  });

  it.each<[string, object, readonly string[]]>([
    ['order.paid', { ...framed(), order: { entity: { id: 'order_1' } } }, ['charge']],
    ['payment.failed', framed({ status: 'failed', captured: false }), ['charge']],
    ['payment.pending', framed({ status: 'pending', method: 'cod', captured: false }), ['charge']],
    ['refund.processed', { ...framed({ status: 'refunded' }), refund: { entity: refund } }, ['charge', 'refund']],
    ['refund.speed_changed', { refund: { entity: refund } }, ['refund']],
    ['payment.dispute.created', { ...framed(), dispute: { entity: dispute } }, ['charge', 'dispute']],
    ['payment.dispute.action_required', { dispute: { entity: dispute } }, ['dispute']],
    ['transfer.processed', { transfer: { entity: transfer } }, ['transfer']],
    ['payment_link.paid', { payment_link: { entity: { id: 'plink_1' } }, ...framed({ order_id: '9A33XWu170gUtm' }) }, ['charge']],
    ['subscription.charged', { subscription: { entity: {} }, ...framed() }, ['charge']],
    ['settlement.processed', { settlement: { entity: { id: 'setl_1' } } }, []],
    ['payment.downtime.started', { 'payment.downtime': { entity: { id: 'down_1' } } }, []],
    ['payment.teleported', framed(), []],
    ['account.updated', framed(), []],
    ['payment.captured', {}, []],
    ['payment.captured', { payment: null }, []],
    ['payment.captured', { payment: { entity: { ...payment(), amount: 'ten' } } }, []],
    ['refund.created', { refund: { entity: refund }, payment: { entity: 'broken' } }, ['refund']],
  ])('%s tells of %j', (type, payload, kinds) => {
    expect(provider.readWebhook(event(type, payload), 'e')?.facts.map(({ kind }) => kind)).toEqual(kinds);
  });

  it('says that uncaptured money went back', () => {
    const body = event('refund.processed', {
      payment: { entity: payment({ status: 'refunded', captured: false, fee: null }) },
      refund: { entity: { ...refund, notes: [] } },
    });
    expect(provider.readWebhook(body, 'e')?.facts).toMatchObject([{ status: 'voided' }, { kind: 'refund', refundId: null }]);
  });

  it('can be read without its frame, its time, or its contents', () => {
    const bare = bytes(JSON.stringify({ event: 'refund.speed_changed', payload: { refund: { entity: refund }, created_at: 77 } }));
    expect(provider.readWebhook(bare, 'e')).toMatchObject({ at: 77_000, facts: [{ kind: 'refund' }] });
    expect(provider.readWebhook(event('payment.captured', { payment: payment() }), 'e')?.facts).toHaveLength(1);
    expect(provider.readWebhook(bytes('{"event":"payment.captured"}'), 'e')).toEqual({ eventId: 'e', type: 'payment.captured', at: 0, facts: [] });
    expect(provider.readWebhook(event('payment.captured', framed(), { created_at: 'yesterday' }), 'e')?.at).toBe(1_606_985_209_000);
  });

  it('without an id is known by its bytes', () => {
    const body = event('payment.captured', framed());
    const digest = createHash('sha256').update(body).digest('hex');
    for (const none of [undefined, '']) expect(provider.readWebhook(body, none)?.eventId).toBe(digest);
  });

  it.each([[''], ['null'], ['[]'], ['"x"'], ['{}'], ['{"event":5}'], ['{"event":""}'], ['{"event":"payment.captured"'], ['<xml/>']])(
    '%j is none',
    (text) => {
      expect(provider.readWebhook(bytes(text), 'e')).toBeUndefined();
    },
  );

  it('in bytes that are no text is none', () => {
    expect(provider.readWebhook(new Uint8Array([0xff, 0xfe, 0x00]), 'e')).toBeUndefined();
  });

  it('never throws, whatever it is', () => {
    const payload = fc.dictionary(fc.constantFrom('payment', 'refund', 'dispute', 'transfer', 'order'), fc.jsonValue());
    const types = fc.constantFrom('payment.captured', 'refund.created', 'payment.dispute.lost', 'transfer.failed', 'order.paid');
    fc.assert(
      fc.property(types, payload, (type, entities) => {
        expect(provider.readWebhook(event(type, entities), undefined)?.type).toBe(type);
      }),
    );
    fc.assert(fc.property(fc.uint8Array(), (noise) => void provider.readWebhook(noise, 'e')));
  });
});

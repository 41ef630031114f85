import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultRule } from '#adapters/razorpay/simulator/faults/rules.ts';
import type { CreateProviderOrder, PaymentProvider, ProviderReply } from '#application/payments/provider.ts';
import type { ChargeFact, RefundFact } from '#domain/payments/facts.ts';
import { openRazorpay, type Razorpay, TRANSPORTS, value } from '../../support/razorpay.ts';
import { uuidV7 } from '../../support/uuid.ts';

const NOTES = { paymentId: 'p-1', orderId: 'o-1', restaurantId: 'r-1' } as const;
const DAY_S = 86_400;

const orderFor = (amount = 50_000, more: Partial<CreateProviderOrder> = {}): CreateProviderOrder => ({
  receipt: randomUUID(),
  amount,
  currency: 'INR',
  capture: 'automatic',
  captureWithinMinutes: 15,
  notes: NOTES,
  ...more,
});

describe.each(TRANSPORTS)('the payment provider through %s', (transport) => {
  let razorpay: Razorpay;
  let provider: PaymentProvider;
  beforeEach(async () => {
    razorpay = await openRazorpay(transport);
    provider = razorpay.provider;
  });
  afterEach(() => razorpay.close());

  const created = async (amount?: number, more?: Partial<CreateProviderOrder>) =>
    value(await provider.createOrder(orderFor(amount, more))).providerOrderId;
  const paid = async (amount?: number) => {
    const orderId = await created(amount);
    const { payment_id } = await razorpay.control.pay({ order_id: orderId, method: 'upi' });
    return { orderId, chargeId: payment_id };
  };
  const refundOf = (chargeId: string, amount: number, refundId = randomUUID()) => ({ refundId, chargeId, amount, currency: 'INR', notes: NOTES });
  const charges = (facts: readonly (ChargeFact | RefundFact)[]) => facts.filter((fact) => fact.kind === 'charge');
  const refunds = (facts: readonly (ChargeFact | RefundFact)[]) => facts.filter((fact) => fact.kind === 'refund');

  describe('orders', () => {
    it('opens one that can be found by its receipt', async () => {
      const wanted = orderFor();
      const { providerOrderId } = value(await provider.createOrder(wanted));
      expect(providerOrderId).toMatch(/^order_\w{14}$/);
      expect(value(await provider.findOrder(wanted.receipt))).toEqual({ providerOrderId });
      expect(value(await provider.findOrder('nothing was made under this'))).toBeUndefined();
      expect(razorpay.control.state().orders).toMatchObject([{ amount: 50_000, receipt: wanted.receipt, notes: NOTES }]);
    });

    it.each(['A', 'B', 'C'] as const)('opens one only, however often it is asked, when receipts follow policy %s', async (receiptPolicy) => {
      razorpay.control.configure({ receiptPolicy });
      const wanted = orderFor();
      const first = value(await provider.createOrder(wanted));
      expect(value(await provider.createOrder(wanted))).toEqual(first);
      expect(razorpay.control.state().orders).toHaveLength(1);
    });

    it('takes the one that is there when the receipt turns out to be taken', async () => {
      razorpay.control.configure({ receiptPolicy: 'B' });
      const wanted = orderFor();
      const both = await Promise.all([provider.createOrder(wanted), provider.createOrder(wanted)]); // Both look before either asks.
      expect(new Set(both.map((reply) => value(reply).providerOrderId)).size).toBe(1);
      expect(razorpay.control.log().filter(({ what, status }) => what.startsWith('POST') && status === 400)).toHaveLength(1);
      expect(razorpay.control.state().orders).toHaveLength(1);
    });

    it('prefers the order that money came for when a receipt has several', async () => {
      const wanted = orderFor();
      const twins = await Promise.all([provider.createOrder(wanted), provider.createOrder(wanted)]);
      const [one, two] = twins.map((twin) => value(twin).providerOrderId);
      expect(one).not.toBe(two);
      await razorpay.control.pay({ order_id: two as string });
      expect(value(await provider.findOrder(wanted.receipt))).toEqual({ providerOrderId: two });
    });

    it('refuses a receipt that stands for another amount', async () => {
      const wanted = orderFor();
      await provider.createOrder(wanted);
      expect(await provider.createOrder({ ...wanted, amount: 100 })).toMatchObject({
        outcome: 'failed',
        failure: { code: 'RECEIPT_USED', mayFallBack: false },
      });
    });

    it('lets another provider be asked when it says no before anything was paid', async () => {
      const reply = await provider.createOrder(orderFor(99));
      expect(reply).toMatchObject({
        outcome: 'failed',
        failure: { code: 'BAD_REQUEST_ERROR', mayFallBack: true, description: expect.stringContaining('at least INR 1.00') },
      });
      const stranger = razorpay.providerWith({ keySecret: 'another' });
      expect(await stranger.createOrder(orderFor())).toMatchObject({ outcome: 'failed', failure: { mayFallBack: true } });
    });
  });

  describe('charges', () => {
    it('tells every try of an order', async () => {
      const orderId = await created();
      await razorpay.control.pay({ order_id: orderId, method: 'upi', outcome: 'failure', reason: 'insufficient_funds' });
      await razorpay.control.pay({ order_id: orderId, method: 'card', card: '4100 2800 0000 1007' });
      const facts = charges(value(await provider.factsOf(orderId)));
      expect(facts).toMatchObject([
        {
          status: 'failed',
          providerOrderId: orderId,
          failure: { reason: 'insufficient_funds' },
          fee: null,
          instrument: { method: 'upi', label: 's…@razorpay' },
        },
        {
          status: 'captured',
          amount: 50_000,
          fee: 1_180,
          feeTax: 180,
          failure: null,
          instrument: { method: 'card', label: 'Visa ending 1007', isInternational: false },
        },
      ]);
      expect(JSON.stringify(facts)).not.toContain('success@');
    });

    it('takes authorised money, and says so as often as it is asked', async () => {
      const orderId = await created(50_000, { capture: 'manual' });
      const { payment_id: chargeId } = await razorpay.control.pay({ order_id: orderId });
      expect(value(await provider.charge(chargeId))).toMatchObject({ status: 'authorized', fee: null });
      const request = { chargeId, amount: 50_000, currency: 'INR' };
      expect(value(await provider.capture(request))).toMatchObject({ status: 'captured', fee: 1_180 });
      expect(value(await provider.capture(request))).toMatchObject({ status: 'captured' });
      expect(razorpay.control.state().books.filter(({ type }) => type === 'payment')).toHaveLength(1);
    });

    it('takes all of it or nothing', async () => {
      const orderId = await created(50_000, { capture: 'manual' });
      const { payment_id: chargeId } = await razorpay.control.pay({ order_id: orderId });
      expect(await provider.capture({ chargeId, amount: 20_000, currency: 'INR' })).toMatchObject({
        outcome: 'failed',
        failure: { mayFallBack: false },
      });
      expect(value(await provider.charge(chargeId)).status).toBe('authorized');
    });

    it('gives back what nobody takes in time', async () => {
      const orderId = await created(50_000, { capture: 'manual', captureWithinMinutes: 15 });
      const { payment_id: chargeId } = await razorpay.control.pay({ order_id: orderId });
      await razorpay.control.advance(16 * 60);
      expect(value(await provider.charge(chargeId))).toMatchObject({ status: 'voided', fee: null });
      expect(await provider.capture({ chargeId, amount: 50_000, currency: 'INR' })).toMatchObject({ outcome: 'failed' });
      expect(value(await provider.factsOf(orderId))).toMatchObject([{ status: 'voided' }, { kind: 'refund', status: 'processed', refundId: null }]);
    });

    it.each([
      [15, 'voided'],
      [7_200, 'captured'],
    ])('tells of money that comes long after the bank seemed to have said no, within %i minutes', async (captureWithinMinutes, end) => {
      const orderId = await created(50_000, { captureWithinMinutes });
      const { payment_id: chargeId } = await razorpay.control.pay({ order_id: orderId, outcome: 'late_success', after_seconds: 2 * 3_600 });
      const statuses: string[] = [];
      for (const wait of [0, 11 * 60, 2 * 3_600]) {
        await razorpay.control.advance(wait);
        statuses.push(value(await provider.charge(chargeId)).status);
      }
      expect(statuses).toEqual(['created', 'failed', end]);
    });

    it('keeps one of two payments of an order, and gives the other back', async () => {
      const { orderId } = await paid();
      await razorpay.control.pay({ order_id: orderId, force: true });
      await razorpay.control.advance(60);
      expect(charges(value(await provider.factsOf(orderId))).map(({ status }) => status)).toEqual(['captured', 'voided']);
    });

    it('knows the same instrument again, and no other', async () => {
      const print = async (paying: object) => {
        const { payment_id } = await razorpay.control.pay({ order_id: await created(), ...paying });
        return value(await provider.charge(payment_id)).instrument?.fingerprint;
      };
      const visa = await print({ method: 'card', card: '4100280000001007' });
      expect(await print({ method: 'card', card: '4100 2800 0000 1007' })).toBe(visa);
      expect(await print({ method: 'card', card: '5500 6700 0000 1002' })).not.toBe(visa);
      expect(await print({ method: 'upi', vpa: 'Asha@upi' })).toBe(await print({ method: 'upi', vpa: 'asha@upi' }));
      expect(await print({ method: 'netbanking', bank: 'HDFC' })).toBeNull();
    });

    it('says no to what is not an id, and asks nobody', async () => {
      for (const id of ['', '../orders', 'pay_1/refund', 'pay_1?x=1']) {
        expect(await provider.charge(id)).toMatchObject({ outcome: 'failed', failure: { code: 'BAD_ID' } });
      }
      expect(razorpay.control.log().filter(({ kind }) => kind === 'call')).toEqual([]);
      expect(await provider.charge('pay_00000000000000')).toMatchObject({
        outcome: 'failed',
        failure: { description: 'The id provided does not exist' },
      });
    });
  });

  describe('refunds', () => {
    it('gives back part after part, and no more than there is', async () => {
      const { chargeId, orderId } = await paid();
      const first = value(await provider.refund(refundOf(chargeId, 20_000)));
      expect(first).toMatchObject({ status: 'pending', amount: 20_000, chargeId });
      value(await provider.refund(refundOf(chargeId, 30_000)));
      expect(await provider.refund(refundOf(chargeId, 1_00))).toMatchObject({ outcome: 'failed', failure: { mayFallBack: false } });
      await razorpay.control.advance(60);
      expect(value(await provider.refundsOf(chargeId)).map(({ status }) => status)).toEqual(['processed', 'processed']);
      const facts = value(await provider.factsOf(orderId));
      expect(charges(facts)).toMatchObject([{ status: 'captured' }]);
      expect(refunds(facts).reduce((sum, { amount }) => sum + amount, 0)).toBe(50_000);
    });

    it('gives back once, however often the same is asked', async () => {
      const { chargeId } = await paid();
      const request = refundOf(chargeId, 20_000);
      const first = value(await provider.refund(request));
      expect(first.refundId).toBe(request.refundId);
      expect(value(await provider.refund(request))).toEqual(first);
      expect(razorpay.control.state().refunds).toHaveLength(1);
    });

    it('sends a key that keeps a repeated request from being two', async () => {
      const { chargeId } = await paid();
      const request = refundOf(chargeId, 20_000);
      // The first look sees nothing, as when it runs beside the first request.
      const two = await Promise.all([provider.refund(request), provider.refund(request)]);
      expect(new Set(two.map((reply) => value(reply).providerRefundId)).size).toBe(1);
      expect(razorpay.control.state().refunds).toHaveLength(1);
    });

    it('tells of one that fails after days, and of one that was made elsewhere', async () => {
      const { chargeId } = await paid();
      razorpay.control.setFaults([{ name: 'P4' }]);
      const { refundId } = value(await provider.refund(refundOf(chargeId, 20_000)));
      razorpay.control.setFaults([]);
      razorpay.control.refund(chargeId, 5_000);
      await razorpay.control.advance(6 * DAY_S);
      const known = value(await provider.refundsOf(chargeId));
      expect(known.find((refund) => refund.refundId === refundId)?.status).toBe('failed');
      expect(known.find((refund) => refund.refundId === null)).toMatchObject({ status: 'processed', amount: 5_000 });
    });

    it('waits while the same key is still being worked on', async () => {
      const { chargeId } = await paid();
      razorpay.control.setFaults([{ name: 'F7', times: 1 }]);
      const request = refundOf(chargeId, 20_000);
      expect(await provider.refund(request)).toMatchObject({ outcome: 'unknown' });
      expect(value(await provider.refund(request)).amount).toBe(20_000);
    });

    it('reads more refunds than fit on a page', async () => {
      const { chargeId } = await paid(1_000_000);
      for (let left = 105; left > 0; left -= 1) razorpay.control.refund(chargeId, 100);
      expect(value(await provider.refundsOf(chargeId))).toHaveLength(105);
    });
  });

  describe('transfers', () => {
    const payoutOf = (account: string, payoutId = uuidV7(razorpay.control.now())) => ({
      payoutId,
      account,
      amount: 10_000,
      currency: 'INR',
      restaurantId: 'r-1',
    });

    it('moves money on once, and finds it by our id', async () => {
      const account = razorpay.control.addAccount('Asha Tiffins');
      const request = payoutOf(account);
      const first = value(await provider.transfer(request));
      expect(first).toMatchObject({ status: 'pending', account, amount: 10_000, payoutId: request.payoutId, chargeId: null });
      expect(value(await provider.transfer(request))).toEqual(first);
      await razorpay.control.advance(60);
      expect(value(await provider.findTransfer(request.payoutId))).toMatchObject({ status: 'processed' });
      expect(value(await provider.findTransfer(uuidV7(razorpay.control.now())))).toBeUndefined();
      expect(razorpay.control.state().transfers).toHaveLength(1);
    });

    it('says no when there is not enough, or nobody to give it to', async () => {
      const account = razorpay.control.addAccount('Asha Tiffins');
      expect(await provider.transfer(payoutOf('acc_00000000000000'))).toMatchObject({ outcome: 'failed' });
      razorpay.control.configure({ openingBalance: 500 });
      expect(await provider.transfer(payoutOf(account))).toMatchObject({
        outcome: 'failed',
        failure: { code: 'BAD_REQUEST_TRANSFER_INSUFFICIENT_BALANCE' },
      });
      expect(razorpay.control.state().transfers).toEqual([]);
    });
  });

  describe('disputes', () => {
    it('lists, contests and loses them', async () => {
      const { chargeId } = await paid();
      const { id: disputeId } = razorpay.control.dispute({ payment_id: chargeId });
      const page = value(await provider.disputesSince(0, null));
      expect(page).toMatchObject({ next: null, data: [{ disputeId, chargeId, status: 'open', deducted: 0, amount: 50_000, phase: 'chargeback' }] });
      expect(value(await provider.disputesSince(razorpay.control.now() + 1_000, null)).data).toEqual([]);

      const contest = { disputeId, amount: 50_000, summary: 'Delivered with an OTP.' };
      expect(value(await provider.contestDispute(contest)).status).toBe('under_review');
      expect(value(await provider.contestDispute(contest)).status).toBe('under_review');
      razorpay.control.decide(disputeId, 'lost');
      expect(value(await provider.disputesSince(0, null)).data).toMatchObject([{ status: 'lost', deducted: 50_000 }]);
    });

    it('accepts one, as often as it is asked', async () => {
      const { chargeId } = await paid();
      const { id } = razorpay.control.dispute({ payment_id: chargeId, amount: 20_000 });
      expect(value(await provider.acceptDispute(id))).toMatchObject({ status: 'lost', deducted: 20_000 });
      expect(value(await provider.acceptDispute(id))).toMatchObject({ status: 'lost' });
      expect(await provider.contestDispute({ disputeId: id, amount: 20_000, summary: 'no' })).toMatchObject({ outcome: 'failed' });
    });

    it('loses one that nobody answers', async () => {
      const { chargeId } = await paid();
      razorpay.control.dispute({ payment_id: chargeId, respond_in_seconds: DAY_S });
      await razorpay.control.advance(2 * DAY_S);
      expect(value(await provider.disputesSince(0, null)).data).toMatchObject([{ status: 'lost' }]);
    });
  });

  describe('links', () => {
    const linkFor = (reference = randomUUID()) => ({
      reference,
      amount: 30_000,
      currency: 'INR',
      description: 'Lunch for ten',
      expiresAt: razorpay.control.now() + 3_600_000,
      customer: { name: 'Asha', email: null, phone: '+919000090000' },
      notes: NOTES,
    });

    it('makes one, tells who paid it, and makes no second', async () => {
      const request = linkFor();
      const link = value(await provider.createLink(request));
      expect(link).toMatchObject({ linkId: expect.stringMatching(/^plink_/), status: 'created', providerOrderId: null });
      expect(link.url).toContain(link.linkId);
      expect(value(await provider.createLink(request))).toEqual(link);

      const { payment_id: chargeId } = await razorpay.control.pay({ payment_link_id: link.linkId, outcome: 'failure' });
      const { payment_id: good } = await razorpay.control.pay({ payment_link_id: link.linkId });
      expect(value(await provider.findLink(request.reference))).toMatchObject({ status: 'paid', providerOrderId: expect.stringMatching(/^order_/) });
      expect(charges(value(await provider.factsOfLink(link.linkId))).map((charge) => [charge.chargeId, charge.status])).toEqual([
        [chargeId, 'failed'],
        [good, 'captured'],
      ]);
      expect(await provider.cancelLink(link.linkId)).toMatchObject({ outcome: 'failed' });
    });

    it('cancels one, and lets one expire', async () => {
      const link = value(await provider.createLink(linkFor()));
      expect(value(await provider.cancelLink(link.linkId)).status).toBe('cancelled');
      expect(value(await provider.cancelLink(link.linkId)).status).toBe('cancelled');
      const other = linkFor();
      await provider.createLink(other);
      await razorpay.control.advance(2 * 3_600);
      expect(value(await provider.findLink(other.reference))?.status).toBe('expired');
      expect(value(await provider.findLink('no such reference'))).toBeUndefined();
    });
  });

  describe('books', () => {
    it('tells what was charged and refunded, page by page', async () => {
      const from = razorpay.control.now();
      const { chargeId } = await paid(1_000_000);
      for (let left = 101; left > 0; left -= 1) await paid(100);
      for (let left = 101; left > 0; left -= 1) razorpay.control.refund(chargeId, 100);
      const until = razorpay.control.now() + 1_000;
      const all = async <T>(
        page: (after: string | null) => Promise<ProviderReply<{ readonly data: readonly T[]; readonly next: string | null }>>,
      ) => {
        const seen: T[] = [];
        for (let after: string | null = null; ; ) {
          const read: { readonly data: readonly T[]; readonly next: string | null } = value(await page(after));
          seen.push(...read.data);
          if (read.next === null) return seen;
          after = read.next;
        }
      };
      const charged = await all((after) => provider.chargesBetween(from, until, after));
      expect(new Set(charged.map((charge) => charge.chargeId)).size).toBe(102);
      expect(await all((after) => provider.refundsBetween(from, until, after))).toHaveLength(101);
      expect(await all((after) => provider.chargesBetween(until + DAY_S * 1_000, until + 2 * DAY_S * 1_000, after))).toEqual([]);
    });

    it('adds up to what the bank gets', async () => {
      const account = razorpay.control.addAccount('Asha Tiffins');
      const { chargeId } = await paid(100_000);
      await provider.refund(refundOf(chargeId, 10_000));
      await provider.transfer({ payoutId: uuidV7(razorpay.control.now()), account, amount: 20_000, currency: 'INR', restaurantId: 'r-1' });
      razorpay.control.adjust(-150, 'Fee correction');
      await razorpay.control.advance(DAY_S);
      const settlement = razorpay.control.settle();
      const day = new Date(razorpay.control.now()).toISOString().slice(0, 10);
      const { data, next } = value(await provider.bookOf(day, null));
      expect(next).toBeNull();
      expect(data.map(({ kind }) => kind).toSorted()).toEqual(['adjustment', 'charge', 'refund', 'transfer']);
      expect(data.find(({ kind }) => kind === 'charge')).toMatchObject({
        id: chargeId,
        chargeId,
        amount: 100_000,
        fee: 2_360,
        feeTax: 360,
        credit: 97_640,
      });
      expect(data.find(({ kind }) => kind === 'refund')).toMatchObject({ chargeId, debit: 10_000 });
      expect(data.reduce((sum, { credit, debit }) => sum + credit - debit, 0)).toBe(settlement?.amount);
      expect(new Set(data.map(({ utr }) => utr))).toEqual(new Set([settlement?.utr]));
      expect(value(await provider.bookOf('2020-01-01', null)).data).toEqual([]);
    });
  });

  describe('customers', () => {
    it('keeps one per address, with instruments that can be forgotten', async () => {
      const request = { reference: 'c-1', name: 'Asha Rao', email: 'asha@example.com' };
      const { providerCustomerId } = value(await provider.createCustomer(request));
      expect(value(await provider.createCustomer(request))).toEqual({ providerCustomerId });
      expect(value(await provider.tokensOf(providerCustomerId))).toEqual([]);

      await razorpay.control.pay({ order_id: await created(), method: 'card', customer_id: providerCustomerId, save: true });
      await razorpay.control.pay({ order_id: await created(), method: 'upi', vpa: 'asha@upi', customer_id: providerCustomerId, save: true });
      const tokens = value(await provider.tokensOf(providerCustomerId));
      expect(tokens).toMatchObject([
        { method: 'card', label: 'Visa ending 1007' },
        { method: 'upi', label: 'a…@upi', expiresAt: null },
      ]);
      const [{ tokenId } = { tokenId: '' }] = tokens;
      expect(value(await provider.deleteToken(providerCustomerId, tokenId))).toBeUndefined();
      expect(value(await provider.deleteToken(providerCustomerId, tokenId))).toBeUndefined();
      expect(value(await provider.tokensOf(providerCustomerId))).toHaveLength(1);
    });
  });

  describe('the checkout', () => {
    it('proves with its signature that it was paid', async () => {
      const orderId = await created();
      const { payment_id: chargeId, signature } = await razorpay.control.pay({ order_id: orderId });
      const proof = { providerOrderId: orderId, chargeId, signature: signature ?? '' };
      expect(provider.isCheckout(proof)).toBe(true);
      expect(provider.isCheckout({ ...proof, providerOrderId: await created() })).toBe(false);
      expect(provider.isCheckout({ ...proof, signature: proof.signature.toUpperCase().replace(/.$/, (last) => (last === '0' ? '1' : '0')) })).toBe(
        false,
      );
      expect(razorpay.providerWith({ checkoutUrl: (id) => `/pay/${id}` }).checkout(orderId)).toEqual({
        keyId: 'rzp_test_thali',
        providerOrderId: orderId,
        url: `/pay/${orderId}`,
      });
    });
  });

  /** Every way a reply can go wrong, and whether what was asked has happened all the same. */
  const MISFORTUNES: readonly (readonly [string, Omit<FaultRule, 'route' | 'times'>, boolean])[] = [
    ['lost after the effect', { name: 'F1' }, true],
    ['lost before the effect', { name: 'F2' }, false],
    ['too slow', { name: 'F3', holdMs: 500 }, true],
    ['a 500', { name: 'F4', status: 500 }, false],
    ['a 500 after the effect', { name: 'F4', status: 500, effect: true }, true],
    ['a 502 of a proxy', { name: 'F4', status: 502 }, false],
    ['a 503 of a proxy after the effect', { name: 'F4', status: 503, effect: true }, true],
    ['a 504', { name: 'F4', status: 504, effect: true }, true],
    ['a 429', { name: 'F5', retryAfter: 1 }, false],
    ['an empty 200', { name: 'F6', body: 'empty' }, true],
    ['half a body', { name: 'F6', body: 'truncated' }, true],
    ['broken JSON', { name: 'F6', body: 'invalid' }, true],
  ];

  describe.each(MISFORTUNES)('when the reply is %s', (_, fault, hasEffect) => {
    let hasty: PaymentProvider;
    beforeEach(() => {
      hasty = razorpay.providerWith({ timeoutMs: 250 });
    });
    const strike = (route: string): void => razorpay.control.setFaults([{ ...fault, route, times: 1 }]);

    it('an order is found, or can be asked for again, and there is one', async () => {
      const wanted = orderFor();
      strike('POST /v1/orders');
      const reply = await hasty.createOrder(wanted);
      expect(reply.outcome).toBe(hasEffect ? 'succeeded' : 'unknown');
      expect(value(await hasty.findOrder(wanted.receipt)) !== undefined).toBe(hasEffect);
      value(await hasty.createOrder(wanted));
      expect(razorpay.control.state().orders).toHaveLength(1);
    });

    it('money is taken once', async () => {
      const { payment_id: chargeId } = await razorpay.control.pay({ order_id: await created(50_000, { capture: 'manual' }) });
      strike('POST /v1/payments/*/capture');
      const request = { chargeId, amount: 50_000, currency: 'INR' };
      expect((await hasty.capture(request)).outcome).toBe(hasEffect ? 'succeeded' : 'unknown');
      expect(value(await hasty.capture(request)).status).toBe('captured');
      expect(razorpay.control.state().books).toHaveLength(1);
    });

    it('money is given back once', async () => {
      const { chargeId } = await paid();
      strike('POST /v1/payments/*/refund');
      const request = refundOf(chargeId, 10_000);
      expect((await hasty.refund(request)).outcome).toBe(hasEffect ? 'succeeded' : 'unknown');
      expect(value(await hasty.refund(request)).refundId).toBe(request.refundId);
      expect(razorpay.control.state().refunds).toHaveLength(1);
    });

    it('money is moved on once', async () => {
      const account = razorpay.control.addAccount('Asha Tiffins');
      strike('POST /v1/transfers');
      const request = { payoutId: uuidV7(razorpay.control.now()), account, amount: 10_000, currency: 'INR', restaurantId: 'r-1' };
      expect((await hasty.transfer(request)).outcome).toBe(hasEffect ? 'succeeded' : 'unknown');
      value(await hasty.transfer(request));
      expect(razorpay.control.state().transfers).toHaveLength(1);
    });

    it('a question is unknown, and its repetition is answered', async () => {
      const { chargeId, orderId } = await paid();
      const questions: readonly [string, (on: PaymentProvider) => Promise<ProviderReply<unknown>>][] = [
        ['GET /v1/payments/*', (on) => on.charge(chargeId)],
        ['GET /v1/orders/*/payments', (on) => on.factsOf(orderId)],
        ['GET /v1/payments/*/refunds', (on) => on.factsOf(orderId)],
        ['GET /v1/orders', (on) => on.findOrder('x')],
        ['GET /v1/disputes', (on) => on.disputesSince(0, null)],
        ['GET /v1/settlements/*', (on) => on.bookOf('2026-01-01', null)],
        ['GET /v1/payments', (on) => on.chargesBetween(0, 1, null)],
      ];
      for (const [route, ask] of questions) {
        strike(route);
        const reply = await ask(hasty);
        expect(reply, route).toMatchObject({ outcome: 'unknown' });
        expect(JSON.stringify(reply)).not.toContain('the secret');
        expect((await ask(hasty)).outcome, route).toBe('succeeded');
      }
    });
  });

  it('throws before anything is asked when nothing may wait for the network', async () => {
    const guarded = razorpay.providerWith({
      guard: () => {
        throw new Error('a transaction is open');
      },
    });
    const account = { payoutId: 'po-12345', account: 'acc_1', amount: 1_000, currency: 'INR', restaurantId: 'r' };
    const customer = { name: null, email: null, phone: null };
    const calls: readonly (() => Promise<unknown>)[] = [
      () => guarded.createOrder(orderFor()),
      () => guarded.findOrder('x'),
      () => guarded.factsOf('order_1'),
      () => guarded.charge('pay_1'),
      () => guarded.capture({ chargeId: 'pay_1', amount: 100, currency: 'INR' }),
      () => guarded.refund(refundOf('pay_1', 100)),
      () => guarded.refundsOf('pay_1'),
      () => guarded.transfer(account),
      () => guarded.findTransfer('po-12345'),
      () => guarded.disputesSince(0, null),
      () => guarded.contestDispute({ disputeId: 'disp_1', amount: 1, summary: '' }),
      () => guarded.acceptDispute('disp_1'),
      () => guarded.createLink({ reference: 'r', amount: 100, currency: 'INR', description: '', expiresAt: 0, customer, notes: NOTES }),
      () => guarded.findLink('r'),
      () => guarded.cancelLink('plink_1'),
      () => guarded.factsOfLink('plink_1'),
      () => guarded.chargesBetween(0, 1, null),
      () => guarded.refundsBetween(0, 1, null),
      () => guarded.bookOf('2026-01-01', null),
      () => guarded.createCustomer({ reference: 'r', name: 'Asha', email: 'a@example.com' }),
      () => guarded.tokensOf('cust_1'),
      () => guarded.deleteToken('cust_1', 'token_1'),
    ];
    const networked = Object.values(guarded).filter((member) => typeof member === 'function').length - 4; // Four look at what they are given only.
    expect(calls).toHaveLength(networked);
    for (const call of calls) await expect(call()).rejects.toThrow('a transaction is open');
    expect(razorpay.control.log()).toEqual([]);
  });
});

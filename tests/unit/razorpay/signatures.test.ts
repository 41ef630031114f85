import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkoutText, isSigned } from '#adapters/razorpay/signatures.ts';

const sign = (data: Uint8Array | string, secret: string): string => createHmac('sha256', secret).update(data).digest('hex');
const BODY = '{"event":"payment.captured","payload":{"payment":{"entity":{"amount":1000,"notes":[]}}}}';

describe('a signature', () => {
  it('holds for the very bytes', () => {
    const bytes = new TextEncoder().encode(BODY);
    expect(isSigned(bytes, sign(BODY, 'secret'), ['secret'])).toBe(true);
    expect(isSigned(bytes, sign(BODY, 'secret').toUpperCase(), ['secret'])).toBe(true);
  });

  it.each([
    ['another secret', BODY, sign(BODY, 'other')],
    ['an altered body', BODY.replace('1000', '9000'), sign(BODY, 'secret')],
    ['the same JSON written anew', JSON.stringify(JSON.parse(BODY), null, 1), sign(BODY, 'secret')],
    ['another order of fields', '{"payload":{},"event":"x"}', sign('{"event":"x","payload":{}}', 'secret')],
    ['a byte more', `${BODY}\n`, sign(BODY, 'secret')],
    ['half of it', BODY, sign(BODY, 'secret').slice(0, 32)],
    ['more than it', BODY, `${sign(BODY, 'secret')}00`],
    ['nothing', BODY, ''],
    ['what is not hex', BODY, 'g'.repeat(64)],
    ['zeros', BODY, '0'.repeat(64)],
    ['base64', BODY, Buffer.from(sign(BODY, 'secret'), 'hex').toString('base64')],
    ['letters beyond ASCII', BODY, 'é'.repeat(64)],
  ])('does not hold with %s', (_, body, signature) => {
    expect(isSigned(body, signature, ['secret'])).toBe(false);
  });

  it('may come of any secret that is still kept, in any place of the list', () => {
    for (const secret of ['new', 'old', 'older']) expect(isSigned(BODY, sign(BODY, secret), ['new', 'old', 'older'])).toBe(true);
    expect(isSigned(BODY, sign(BODY, 'gone'), ['new', 'old'])).toBe(false);
  });

  it('never holds without a secret', () => {
    expect(isSigned(BODY, sign(BODY, ''), [''])).toBe(false);
    expect(isSigned(BODY, sign(BODY, 'secret'), [])).toBe(false);
    expect(isSigned(BODY, sign(BODY, 'same'), ['same', 'same'])).toBe(true);
  });

  it('covers a checkout by order and payment', () => {
    expect(checkoutText('order_1', 'pay_1')).toBe('order_1|pay_1');
  });
});

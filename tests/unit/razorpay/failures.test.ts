import { describe, expect, it } from 'vitest';
import { replyOf } from '#adapters/razorpay/failures.ts';

const refusal = (statusCode: number | string, error?: unknown) => ({ statusCode, error });
const no = (description: string, code = 'BAD_REQUEST_ERROR') => ({ code, description, reason: 'input_validation_failed' });

describe('what the SDK rejects with', () => {
  it.each<[string, unknown]>([
    ['no answer at all', refusal(0, { code: 'NETWORK_ERROR', description: 'ECONNRESET' })],
    ['a bare TypeError', new TypeError("Cannot read properties of undefined (reading 'status')")],
    ['nothing', undefined],
    ['text', 'boom'],
    ['a redirect', refusal(302, undefined)],
    ['a 500', refusal(500, no('x', 'SERVER_ERROR'))],
    ['a 502 in HTML', refusal(502, undefined)],
    ['a 503', refusal(503, undefined)],
    ['a 504', refusal(504, no('x'))],
    ['a 429', refusal(429, no('Too many requests'))],
    ['a 408', refusal(408, no('x'))],
    ['a 409 in progress', refusal(409, no('another request with the same idempotency key is in progress'))],
    ['a 409 for any other reason', refusal(409, no('Conflict'))],
    ['a key that was used for something else', refusal(400, no('Different request with the same idempotency key has already been processed.'))],
    ['a 403 of a firewall', refusal(403, undefined)],
    ['a 404 of a proxy', refusal(404, '<html>')],
    ['an error without a code', refusal(400, { description: 'x' })],
    ['a gateway error under a 400', refusal(400, no('The bank did not answer', 'GATEWAY_ERROR'))],
    ['a server error under a 400', refusal(400, no('x', 'SERVER_ERROR'))],
  ])('is unknown when it is %s', (_, thrown) => {
    for (const opens of [true, false]) expect(replyOf(thrown, { opens })).toMatchObject({ outcome: 'unknown', reason: expect.any(String) });
  });

  it.each<[string, unknown, boolean]>([
    ['bad input', refusal(400, no('The amount must be at least INR 1.00')), true],
    ['a wrong key', refusal(401, no('Authentication failed')), true],
    ['a key that may not', refusal(403, no('Access denied')), true],
    ['an account that is closed', refusal(400, no('This business is not allowed to accept payments')), true],
    ['a status as text', refusal('400', no('x')), true],
    ['a receipt that is taken', refusal(400, no('Order receipt should be unique.')), false],
    ['an order that is paid', refusal(400, no('This order has already been paid')), false],
    ['a link that is there', refusal(400, no('payment link with given reference_id (x) already exists')), false],
  ])('is a no when it is %s', (_, thrown, mayFallBack) => {
    expect(replyOf(thrown, { opens: true })).toMatchObject({ outcome: 'failed', failure: { mayFallBack } });
    expect(replyOf(thrown)).toMatchObject({ outcome: 'failed', failure: { mayFallBack: false } });
  });

  it('is a no when a look we can do without is not offered', () => {
    for (const status of [404, 405]) expect(replyOf(refusal(status), { optional: true })).toMatchObject({ outcome: 'failed' });
    expect(replyOf(refusal(500), { optional: true })).toMatchObject({ outcome: 'unknown' });
    expect(replyOf(refusal(403), { optional: true })).toMatchObject({ outcome: 'unknown' });
  });

  it('keeps the provider’s words, in bounds', () => {
    const reply = replyOf(refusal(400, { code: 'BAD_REQUEST_ERROR', description: 'x'.repeat(5_000), reason: null }));
    expect(reply.outcome === 'failed' && reply.failure.description.length).toBe(500);
    const unclear = replyOf(refusal(500, no('y'.repeat(5_000))));
    expect(unclear.outcome === 'unknown' && unclear.reason.length).toBe(300);
  });
});

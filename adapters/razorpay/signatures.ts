import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

type Bytes = Uint8Array | string;

/** Whether one of the secrets made the signature. Every secret is tried, and each comparison takes as long as any other. */
export function isSigned(data: Bytes, signature: string, secrets: readonly string[]): boolean {
  const given = // What cannot be one is compared too, as a signature nobody makes.
    /^[\da-f]{64}$/i.test(signature) ? Buffer.from(signature, 'hex') : Buffer.alloc(32);
  let found = 0;
  for (const secret of secrets) {
    if (secret === '') continue; // An unset secret signs nothing.
    const expected = createHmac('sha256', secret).update(data).digest();
    found |= Number(timingSafeEqual(expected, given));
  }
  return found === 1;
}

/** What the checkout signs: the order as we know it, and the payment. */
export const checkoutText = (orderId: string, paymentId: string): string => `${orderId}|${paymentId}`;

export const digestOf = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

import { createHmac } from 'node:crypto';
import type { Instrument, PaymentMethod } from '#domain/payments/facts.ts';
import type { Card, Payment } from './wire.ts';

const METHODS: Readonly<Record<string, PaymentMethod>> = {
  card: 'card',
  upi: 'upi',
  netbanking: 'netbanking',
  wallet: 'wallet',
  emi: 'emi',
  bank_transfer: 'bank_transfer',
  cod: 'cash',
};

/** Of what a customer paid with: what people may see, and a digest by which the same one is known again. */
export type Instruments = { of(payment: Payment): Instrument | null };

/** `key` keeps the digests from being looked up: a phone number is soon guessed. */
export function instrumentsBy(key: string): Instruments {
  const digest = (...parts: readonly (string | null)[]): string => createHmac('sha256', key).update(parts.join('|').toLowerCase()).digest('hex');

  const fingerprint = (payment: Payment, vpa: string | null): string | null => {
    if (payment.token_id !== null) return payment.token_id;
    if (vpa !== null) return digest('vpa', vpa);
    const { card } = payment;
    return card?.last4 ? digest('card', card.network, card.last4, card.issuer, card.type) : null;
  };

  return {
    of(payment) {
      if (payment.method === null) return null;
      const vpa = payment.vpa ?? payment.upi?.vpa ?? null;
      return {
        method: METHODS[payment.method] ?? 'other',
        label: payment.card ? cardLabel(payment.card) : vpa !== null ? maskedVpa(vpa) : (payment.bank ?? payment.wallet),
        fingerprint: fingerprint(payment, vpa),
        isInternational: payment.international === true || payment.card?.international === true,
      };
    },
  };
}

/** Four digits, whatever was sent as the last four. */
export function cardLabel({ network, last4 }: Card): string | null {
  const digits = last4?.match(/\d{4}$/)?.[0];
  return digits === undefined ? network : `${network ?? 'Card'} ending ${digits}`;
}

/** `a…@upi`. */
export function maskedVpa(vpa: string): string {
  const at = vpa.lastIndexOf('@');
  return at > 0 ? `${vpa.slice(0, 1)}…${vpa.slice(at)}` : `${vpa.slice(0, 1)}…`;
}

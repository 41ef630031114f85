import { z } from 'zod';
import type { Token } from '../world/customer-entities.ts';
import type { Card, Payment } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import { held } from './refusal.ts';

export const Instrument = z.strictObject({
  method: z.enum(['card', 'upi', 'netbanking', 'wallet', 'emi']).default('upi'),
  /** A test card's number; nothing of it is kept but the last four digits. */
  card: z.string().max(30).optional(),
  vpa: z.string().max(100).optional(),
  bank: z.string().max(20).optional(),
  wallet: z.string().max(30).optional(),
});
type Instrument = z.output<typeof Instrument>;

export const TEST_CARDS = [
  { number: '4100 2800 0000 1007', network: 'Visa', issuer: 'HDFC', type: 'credit', international: false },
  { number: '5500 6700 0000 1002', network: 'MasterCard', issuer: 'ICIC', type: 'debit', international: false },
  { number: '6527 6589 0000 1005', network: 'RuPay', issuer: 'SBIN', type: 'debit', international: false },
  { number: '4012 8888 8888 1881', network: 'Visa', issuer: null, type: 'credit', international: true },
] as const;
export const BANKS = { HDFC: 'HDFC Bank', ICIC: 'ICICI Bank', SBIN: 'State Bank of India', UTIB: 'Axis Bank' } as const;
export const WALLETS = { mobikwik: 'MobiKwik', payzapp: 'PayZapp', olamoney: 'Ola Money', airtelmoney: 'Airtel Money' } as const;

type Paid = Pick<Payment, 'international' | 'method' | 'card_id' | 'bank' | 'wallet' | 'vpa' | 'token_id'> & Partial<Pick<Payment, 'card' | 'upi'>>;

/** The part of a payment that says what was paid with. */
export function instrumentOf(world: World, wanted: Instrument): Paid {
  const { method } = wanted;
  const nothing = { international: false, method, card_id: null, bank: null, wallet: null, vpa: null, token_id: null };
  if (method === 'card' || method === 'emi') {
    const card = cardOf(world, wanted.card ?? TEST_CARDS[0].number);
    return { ...nothing, international: card.international, card_id: card.id, card };
  }
  if (method === 'upi') {
    const vpa = wanted.vpa ?? 'success@razorpay';
    return { ...nothing, vpa, upi: { payer_account_type: 'bank_account', vpa } };
  }
  return method === 'netbanking' ? { ...nothing, bank: wanted.bank ?? 'HDFC' } : { ...nothing, wallet: wanted.wallet ?? 'mobikwik' };
}

function cardOf(world: World, number: string): Card {
  const digits = number.replaceAll(/\D/g, '');
  const known = TEST_CARDS.find((card) => card.number.replaceAll(' ', '') === digits);
  return {
    id: world.id('card'),
    entity: 'card',
    name: '',
    last4: digits.slice(-4).padStart(4, '0'),
    network: known?.network ?? 'Unknown',
    type: known?.type ?? 'unknown',
    issuer: known?.issuer ?? null,
    international: known?.international ?? false,
    emi: false,
    sub_type: 'consumer',
  };
}

/** Keeps what was paid with for the customer's next time. */
export function saveToken(world: World, customerId: string, payment: Payment): Token | undefined {
  const { method, bank, wallet, card, vpa } = payment;
  held(world.tables.customers, customerId);
  if (payment.status === 'failed' || payment.status === 'created') return undefined;
  const [username = '', handle = ''] = vpa?.split('@') ?? [];
  const token: Token = {
    id: world.id('token'),
    entity: 'token',
    token: world.chance.text(14),
    bank,
    wallet,
    method,
    ...(card && { card: withoutId(card) }),
    ...(vpa !== null && { vpa: { username, handle, name: null } }),
    recurring: false,
    auth_type: null,
    mrn: null,
    used_at: world.now(),
    created_at: world.now(),
    expired_at: method === 'card' ? world.now() + 4 * 365 * 86_400 : null,
    dcc_enabled: false,
  };
  const saved = world.tables.tokens.get(customerId) ?? new Map<string, Token>();
  world.tables.tokens.set(customerId, saved.set(token.id, token));
  return token;
}

const withoutId = ({ id: _, entity: __, ...card }: Card): Omit<Card, 'id' | 'entity'> => card;

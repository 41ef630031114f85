import { type EntryKind, normalise } from '#domain/fraud/list-entry.ts';
import { networkOf } from '#domain/fraud/network.ts';
import { type Place, placeOf, type Signals, shortOf, type TokenKind } from '#domain/fraud/signals.ts';
import type { EntryAddress, FraudDeps } from './ports.ts';

/** An attempt to pay, as whoever takes the payment knows it. Amounts in minor units. */
export type AttemptRequest = {
  readonly restaurantId: string;
  readonly orderId: string;
  readonly customerId: string;
  readonly paymentId: string;
  /** Which try of the payment; the same one is decided once. Left out where a payment is tried once. */
  readonly attemptId?: string;
  readonly amount: number;
  readonly currency: string;
  readonly method?: string | null;
  /** The provider's fingerprint of the card or account, when it is known beforehand. */
  readonly instrument?: string | null;
  readonly ip?: string | null;
  readonly deviceId?: string | null;
  readonly deliveryPoint?: { readonly lat: number; readonly lng: number } | null;
  readonly at: number;
};

const DEVICE_MAX = 200;

/** Everything that is known of an attempt, gathered before its transaction. What names somebody is a token from here on. */
export async function gatherSignals({ facts, tokens }: Pick<FraudDeps, 'facts' | 'tokens'>, request: AttemptRequest): Promise<Signals> {
  const { restaurantId, orderId, customerId, paymentId, amount, currency, at } = request;
  const [account, order, restaurant] = await Promise.all([
    facts.account(customerId),
    facts.order(restaurantId, orderId),
    facts.restaurant(restaurantId),
  ]);
  const network = request.ip ? networkOf(request.ip) : undefined;
  const raw: Readonly<Record<TokenKind, string | null | undefined>> = {
    email: account?.email,
    phone: order?.phone ?? account?.phone,
    device: request.deviceId?.slice(0, DEVICE_MAX),
    ip: network?.ip,
    network: network?.network,
    instrument: request.instrument,
    address: order?.address,
  };
  const staff = restaurant?.staff ?? [];
  return {
    restaurantId,
    orderId,
    customerId,
    paymentId,
    amount,
    currency,
    method: request.method ?? null,
    tokens: tokensOf(tokens, raw),
    basket: { units: order?.units ?? 0, discount: order?.discount ?? 0, tip: order?.tip ?? 0 },
    place: pointOf(request) ?? order?.place ?? null,
    account: {
      registeredAt: account?.registeredAt ?? null,
      isVerified: account?.isVerified ?? null,
      isStaff: staff.includes(customerId),
    },
    staff: staff.map(shortOf),
    localHour: restaurant ? Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(restaurant.timeZone).hour : 12,
    at,
  };
}

const pointOf = ({ deliveryPoint }: AttemptRequest): Place | undefined => (deliveryPoint ? placeOf(deliveryPoint.lat, deliveryPoint.lng) : undefined);

function tokensOf(tokens: FraudDeps['tokens'], raw: Readonly<Record<TokenKind, string | null | undefined>>): Signals['tokens'] {
  const made: Partial<Record<TokenKind, string>> = {};
  for (const [kind, text] of Object.entries(raw) as [TokenKind, string | null | undefined][]) {
    const value = text ? normalise(kind, text.trim()) : undefined; // What cannot be read names nobody.
    if (value !== undefined) made[kind] = tokens.of(kind, value);
  }
  return made;
}

/** What entries of lists are compared with. */
export const namesIn = ({ customerId, tokens }: Signals): readonly Pick<EntryAddress, 'kind' | 'token'>[] => [
  { kind: 'customer', token: customerId },
  ...(Object.entries(tokens) as [EntryKind, string][]).map(([kind, token]) => ({ kind, token })),
];

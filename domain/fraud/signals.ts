/** What can be known again: whose history an attempt is read in and written to. */
export const KEY_KINDS = ['customer', 'device', 'ip', 'network', 'instrument', 'address', 'restaurant'] as const;
export type KeyKind = (typeof KEY_KINDS)[number];

/** Degrees, to a thousandth: about a hundred metres, and no nearer to anybody's door. */
export type Place = { readonly lat: number; readonly lng: number };

/**
 * What is known of an attempt to pay when it is made. Everything that names a person, a device or an instrument is a token that
 * only the same thing has, and that leads back to nothing. Amounts in minor units.
 */
export type Signals = {
  readonly restaurantId: string;
  readonly orderId: string;
  readonly customerId: string;
  readonly paymentId: string;
  readonly amount: number;
  readonly currency: string;
  /** `card`, `upi`, `cash` ...; null while nobody has chosen. */
  readonly method: string | null;
  /** Tokens by kind; a kind that is not known is absent. */
  readonly tokens: Readonly<Partial<Record<TokenKind, string>>>;
  readonly basket: { readonly units: number; readonly discount: number; readonly tip: number };
  readonly place: Place | null;
  readonly account: {
    readonly registeredAt: number | null;
    /** Null where nobody asks people to prove their address. */
    readonly isVerified: boolean | null;
    /** Works for the restaurant that is to be paid. */
    readonly isStaff: boolean;
  };
  /** Of those who work for the restaurant, as `shortOf` writes them. */
  readonly staff: readonly string[];
  /** By the wall clock of the restaurant, 0 to 23. */
  readonly localHour: number;
  readonly at: number;
};

/** What is turned into a token before anything is kept of it. */
export const TOKEN_KINDS = ['email', 'phone', 'device', 'ip', 'network', 'instrument', 'address'] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

/** One key of a history. */
export type Key = { readonly kind: KeyKind; readonly key: string };
export const nameOfKey = ({ kind, key }: Key): string => `${kind}:${key}`;

/** Enough of a token or an id to tell it from others beside it. */
export const shortOf = (token: string): string => token.slice(-10);

/** The histories an attempt belongs to, in the order they are always locked in. */
export function keysOf({ customerId, restaurantId, tokens }: Pick<Signals, 'customerId' | 'restaurantId' | 'tokens'>): readonly Key[] {
  const keys: Key[] = [
    { kind: 'customer', key: customerId },
    { kind: 'restaurant', key: restaurantId },
  ];
  for (const kind of ['device', 'ip', 'network', 'instrument', 'address'] as const) {
    const key = tokens[kind];
    if (key !== undefined) keys.push({ kind, key });
  }
  return keys.sort((a, b) => (nameOfKey(a) < nameOfKey(b) ? -1 : 1));
}

const THOUSANDTHS = 1_000;
/** Undefined for what is on no map. */
export function placeOf(lat: number, lng: number): Place | undefined {
  if (!(Math.abs(lat) <= 90 && Math.abs(lng) <= 180)) return undefined;
  const coarse = (degrees: number): number => Math.round(degrees * THOUSANDTHS) / THOUSANDTHS || 0;
  return { lat: coarse(lat), lng: coarse(lng) };
}

const EARTH_KM = 6_371;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Along the surface (haversine). */
export function kilometresBetween(a: Place, b: Place): number {
  const half =
    Math.sin(radians(b.lat - a.lat) / 2) ** 2 + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(radians(b.lng - a.lng) / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(half)));
}

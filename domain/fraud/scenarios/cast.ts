import { DAY_MS } from '../history.ts';
import { chance } from '../learning/chance.ts';
import { type Place, placeOf, shortOf } from '../signals.ts';

/** Seeded chance, in the words that a story needs. */
export type Dice = {
  /** From 0 up to 1. */
  next(): number;
  between(low: number, high: number): number;
  whole(low: number, high: number): number;
  pick<T>(from: readonly T[]): T;
  /** True in a share of all cases. */
  happens(share: number): boolean;
};

export function createDice(seed: number): Dice {
  const next = chance(seed);
  const between = (low: number, high: number): number => low + next() * (high - low);
  const whole = (low: number, high: number): number => Math.floor(between(low, high + 1));
  return { next, between, whole, pick: <T>(from: readonly T[]): T => from[whole(0, from.length - 1)] as T, happens: (share) => next() < share };
}

export type Restaurant = { readonly id: string; readonly place: Place; readonly basket: number; readonly staff: readonly string[] };

export type Customer = {
  readonly id: string;
  readonly registeredAt: number;
  readonly isVerified: boolean;
  readonly home: Place;
  readonly address: string;
  readonly devices: readonly string[];
  readonly networks: readonly { readonly ip: string; readonly network: string }[];
  readonly instruments: readonly string[];
  /** Orders a day. */
  readonly rate: number;
  /** What they pay, beside what is usual at a restaurant. */
  readonly appetite: number;
  readonly paysCash: number;
  readonly favourites: readonly Restaurant[];
  readonly worksAt: string | null;
};

/** Everybody and everything a story is about. */
export type Cast = {
  readonly from: number;
  readonly until: number;
  readonly restaurants: readonly Restaurant[];
  readonly customers: readonly Customer[];
  /** Large networks of mobile carriers, behind which thousands look alike. */
  readonly carriers: readonly string[];
};

export type CastSize = { readonly days: number; readonly restaurants: number; readonly customers: number };

const FROM = Date.UTC(2026, 0, 1);
const CITIES = [
  [18.52, 73.86],
  [19.08, 72.88],
  [12.97, 77.59],
  [28.61, 77.21],
] as const;

const near = (dice: Dice, [lat, lng]: readonly [number, number], spread: number): Place =>
  placeOf(lat + dice.between(-spread, spread), lng + dice.between(-spread, spread)) ?? { lat: 0, lng: 0 };

/** An id as long as real ones, whose last characters are its own. */
export const idOf = (kind: string, number: number): string => `${kind}-${String(number).padStart(8, '0')}`;

export const ipIn = (network: string, host: number): { readonly ip: string; readonly network: string } => ({ ip: `${network}.${host}`, network });

export function createCast({ days, restaurants: restaurantCount, customers: customerCount }: CastSize, dice: Dice): Cast {
  const carriers = Array.from({ length: 6 }, (_, i) => `carrier-${i}`);
  const restaurants = Array.from({ length: restaurantCount }, (_, i): Restaurant => {
    const staff = Array.from({ length: 3 }, (_, j) => idOf('staff', i * 10 + j));
    return { id: idOf('place', i), place: near(dice, dice.pick(CITIES), 0.05), basket: dice.between(180, 700), staff };
  });
  const until = FROM + days * DAY_MS;
  const customers: Customer[] = [];
  for (let i = 0; i < customerCount; i++) {
    const before = customers.at(-1);
    const kin = before && dice.happens(0.12) ? before : undefined; // Families share a roof, and often a tablet.
    customers.push(createCustomer(i, kin, { dice, restaurants, carriers, until }));
  }
  const employees = restaurants.flatMap(({ id, staff, place }, i) =>
    staff.map((account, j): Customer => {
      const one = createCustomer(customerCount + i * 10 + j, undefined, { dice, restaurants, carriers, until });
      return { ...one, id: account, registeredAt: FROM - 200 * DAY_MS, home: place, rate: one.rate / 4, worksAt: id };
    }),
  );
  return { from: FROM, until, restaurants, customers: [...customers, ...employees], carriers };
}

type Setting = Pick<Cast, 'restaurants' | 'carriers' | 'until'> & { readonly dice: Dice };

function createCustomer(n: number, kin: Customer | undefined, { dice, restaurants, carriers, until }: Setting): Customer {
  const favourites = kin?.favourites ?? Array.from({ length: dice.whole(1, 4) }, () => dice.pick(restaurants));
  const { place } = favourites[0] as Restaurant;
  const own = idOf('device', n);
  return {
    id: idOf('customer', n),
    registeredAt: dice.happens(0.7) ? FROM - dice.between(5, 600) * DAY_MS : dice.between(FROM, until - 5 * DAY_MS),
    isVerified: dice.happens(0.85),
    home: kin?.home ?? near(dice, [place.lat, place.lng], 0.03),
    address: kin?.address ?? idOf('street', n),
    devices: [own, ...(dice.happens(0.2) ? [idOf('laptop', n)] : []), ...(kin?.devices.slice(0, 1) ?? [])],
    networks: [ipIn(`home-${kin ? kin.id : n}`, 1), ipIn(dice.pick(carriers), dice.whole(1, 240))],
    instruments: Array.from({ length: dice.whole(1, 3) }, (_, i) => idOf(`card${i}`, n)),
    rate: dice.between(0.03, 0.45),
    appetite: dice.between(0.6, 1.8),
    paysCash: dice.happens(0.3) ? dice.between(0.2, 0.9) : 0,
    favourites,
    worksAt: null,
  };
}

export const staffOf = ({ staff }: Restaurant): readonly string[] => staff.map(shortOf);

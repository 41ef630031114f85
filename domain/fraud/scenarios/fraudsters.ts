import { DAY_MS, HOUR_MS, MINUTE_MS } from '../history.ts';
import { placeOf } from '../signals.ts';
import { type Cast, type Customer, type Dice, idOf, ipIn, type Restaurant } from './cast.ts';
import type { FraudKind, Scene } from './honest.ts';

/** How often each fraud is played. */
export type Plot = Readonly<Record<FraudKind, number>>;

type Play = (cast: Cast, n: number, dice: Dice) => readonly Scene[];

export function fraudScenes(cast: Cast, plot: Plot, dice: Dice): readonly Scene[] {
  const scenes: Scene[] = [];
  for (const [kind, times] of Object.entries(plot) as [FraudKind, number][]) {
    for (let n = 0; n < times; n++) scenes.push(...PLAYS[kind](cast, n, dice));
  }
  return scenes.filter(({ at }) => at < cast.until);
}

const sometime = ({ from, until }: Cast, dice: Dice): number => Math.round(dice.between(from + DAY_MS, until));
const known = (kind: FraudKind, dice: Dice, share: number, days: readonly [number, number]): Scene['fraud'] => ({
  kind,
  knownAfter: dice.happens(share) ? dice.between(...days) * DAY_MS : null,
});

function stranger(kind: string, n: number, at: number, dice: Dice): Scene['customer'] {
  const age = dice.happens(0.75) ? dice.between(1, 90) * MINUTE_MS : dice.between(1, 20) * DAY_MS;
  return { id: idOf(kind, n), registeredAt: at - age, isVerified: dice.happens(0.25), worksAt: null };
}

function base(restaurant: Restaurant, customer: Scene['customer'], at: number): Scene {
  return {
    at,
    customer,
    restaurant,
    amount: restaurant.basket,
    discount: 0,
    tip: 0,
    units: 2,
    method: 'card',
    instrument: null,
    device: null,
    ip: '',
    network: '',
    address: null,
    place: null,
    end: 'completed',
    refundAfter: null,
    fraud: null,
  };
}

/** Stolen cards tried out one after the other on something cheap; those that work are sold. */
const cardTesting: Play = (cast, n, dice) => {
  const start = sometime(cast, dice);
  const restaurant = dice.pick(cast.restaurants);
  const accounts = Array.from({ length: dice.whole(1, 3) }, (_, i) => stranger('tester', n * 10 + i, start, dice));
  const device = dice.happens(0.8) ? idOf('testrig', n) : null;
  const network = dice.happens(0.3) ? dice.pick(cast.carriers) : `hosting-${n % 12}`;
  const host = dice.whole(1, 240);
  let at = start;
  return Array.from({ length: dice.whole(4, 18) }, (_, i): Scene => {
    at += Math.round(dice.between(4_000, 90_000));
    return {
      ...base(restaurant, dice.pick(accounts), at),
      amount: dice.happens(0.4) ? dice.whole(1, 3) * 100 : dice.whole(49, 320),
      units: 1,
      instrument: idOf('stolen', n * 100 + i),
      device,
      ...ipIn(network, host),
      end: dice.happens(0.8) ? 'failed' : 'completed',
      fraud: known('card_testing', dice, 0.8, [2, 15]),
    };
  });
};

/** Somebody else in a customer's account: another device, another town, and as much as it bears. */
const accountTakeover: Play = (cast, n, dice) => {
  const victim = dice.pick(cast.customers.filter(({ registeredAt, worksAt }) => registeredAt < cast.from && worksAt === null));
  const restaurant = dice.pick(cast.restaurants);
  let at = sometime(cast, dice);
  const device = dice.happens(0.15) ? (victim.devices[0] as string) : dice.happens(0.9) ? idOf('thief', n) : null;
  const where = ipIn(dice.happens(0.4) ? dice.pick(cast.carriers) : `proxy-${n % 20}`, dice.whole(1, 240));
  const place = placeOf(restaurant.place.lat + dice.between(-0.03, 0.03), restaurant.place.lng + dice.between(-0.03, 0.03)) ?? null;
  const instrument = dice.happens(0.6) ? (victim.instruments[0] as string) : idOf('stolen', 900_000 + n);
  return Array.from({ length: dice.whole(1, 3) }, (): Scene => {
    at += Math.round(dice.between(1, 40) * MINUTE_MS);
    const amount = Math.round(restaurant.basket * victim.appetite * dice.between(1, 5));
    return {
      ...base(restaurant, victim, at),
      amount,
      units: Math.max(2, Math.round(amount / 140)),
      instrument,
      device,
      ...where,
      address: dice.happens(0.2) ? idOf('drop', n % 15) : dice.happens(0.3) ? victim.address : idOf('rented', n),
      place,
      end: dice.happens(0.15) ? 'failed' : 'completed',
      fraud: known('account_takeover', dice, 0.95, [1, 12]),
    };
  });
};

/** One person, one phone, and a new account for every welcome discount. */
const promoAbuse: Play = (cast, n, dice) => {
  const restaurant = dice.pick(cast.restaurants);
  let at = sometime(cast, dice);
  const network = ipIn(dice.happens(0.5) ? dice.pick(cast.carriers) : `flat-${n}`, dice.whole(1, 240));
  return Array.from({ length: dice.whole(3, 8) }, (_, i): Scene => {
    at += Math.round(dice.between(0.5, 50) * HOUR_MS);
    const full = restaurant.basket * dice.between(0.7, 1.4);
    return {
      ...base(restaurant, stranger('welcome', n * 10 + i, at, dice), at),
      amount: Math.round(full * 0.5),
      discount: Math.round(full * dice.between(0.4, 0.55)),
      method: 'upi',
      instrument: idOf('wallet', n * 10 + (dice.happens(0.6) ? 0 : i)),
      device: dice.happens(0.9) ? idOf('farm', n) : null,
      ...network,
      address: idOf('flat', n),
      place: restaurant.place,
      fraud: i === 0 ? null : known('promo_abuse', dice, 0.6, [1, 6]), // The first welcome is theirs.
    };
  });
};

/** Eats it, and says it never came. */
const refundAbuse: Play = (cast, _n, dice) => {
  const customer = dice.pick(cast.customers.filter(({ worksAt }) => worksAt === null)) as Customer;
  let at = sometime(cast, dice) - 20 * DAY_MS;
  if (at < Math.max(cast.from, customer.registeredAt)) at = Math.max(cast.from, customer.registeredAt) + HOUR_MS;
  return Array.from({ length: dice.whole(5, 10) }, (_, i): Scene => {
    at += Math.round(dice.between(0.5, 4) * DAY_MS);
    const restaurant = dice.pick(customer.favourites);
    const isGreedy = i > 1;
    return {
      ...base(restaurant, customer, at),
      amount: Math.round(restaurant.basket * customer.appetite * dice.between(0.9, 1.9)),
      instrument: customer.instruments[0] as string,
      device: customer.devices[0] as string,
      ...(customer.networks[0] as Customer['networks'][number]),
      address: customer.address,
      place: customer.home,
      refundAfter: dice.happens(0.85) ? dice.between(1, 20) * HOUR_MS : null,
      fraud: isGreedy ? known('refund_abuse', dice, 0.5, [1, 8]) : null,
    };
  });
};

/** Orders in cash for nobody: for fun, or for spite. */
const cashNoShow: Play = (cast, n, dice) => {
  const restaurant = dice.pick(cast.restaurants);
  let at = sometime(cast, dice);
  const customer = stranger('prank', n, at, dice);
  const address = idOf('nowhere', dice.happens(0.25) ? n % 20 : 1_000 + n);
  return Array.from({ length: dice.whole(1, 4) }, (): Scene => {
    at += Math.round(dice.between(0.3, 30) * HOUR_MS);
    const amount = Math.round(restaurant.basket * dice.between(0.7, 4));
    return {
      ...base(restaurant, customer, at),
      amount,
      units: Math.max(2, Math.round(amount / 140)),
      method: 'cash',
      device: dice.happens(0.7) ? idOf('prankster', dice.happens(0.3) ? n % 25 : 1_000 + n) : null,
      ...ipIn(dice.pick(cast.carriers), dice.whole(1, 240)),
      address,
      place: placeOf(restaurant.place.lat + dice.between(-0.06, 0.06), restaurant.place.lng + dice.between(-0.06, 0.06)) ?? null,
      end: 'no_show',
      fraud: known('cash_no_show', dice, 0.7, [0.1, 1]),
    };
  });
};

/** A restaurant's own people pay it with cards that are not theirs. */
const collusion: Play = (cast, n, dice) => {
  const restaurant = cast.restaurants[n % 3] as Restaurant;
  const insider = cast.customers.find(({ id }) => id === restaurant.staff[0]) as Customer;
  const start = sometime(cast, dice);
  const account = stranger('friend', n, start, dice);
  let at = start;
  return Array.from({ length: dice.whole(2, 6) }, (_, i): Scene => {
    at += Math.round(dice.between(0.2, 40) * HOUR_MS);
    return {
      ...base(restaurant, account, at),
      amount: dice.happens(0.7) ? dice.whole(10, 40) * 100 : Math.round(restaurant.basket * dice.between(2, 6)),
      units: dice.whole(1, 4),
      instrument: idOf('borrowed', n * 10 + i),
      device: dice.happens(0.75) ? (insider.devices[0] as string) : idOf('till', n % 4),
      ...ipIn(`shop-${restaurant.id.slice(-4)}`, 1),
      fraud: known('collusion', dice, 0.8, [4, 20]),
    };
  });
};

const PLAYS: Readonly<Record<FraudKind, Play>> = {
  card_testing: cardTesting,
  account_takeover: accountTakeover,
  promo_abuse: promoAbuse,
  refund_abuse: refundAbuse,
  cash_no_show: cashNoShow,
  collusion,
};

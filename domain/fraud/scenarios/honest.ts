import { DAY_MS, HOUR_MS, MINUTE_MS } from '../history.ts';
import { type Place, placeOf } from '../signals.ts';
import type { Cast, Customer, Dice, Restaurant } from './cast.ts';

/** An attempt to pay in a story, and what becomes of it. Amounts in major units, times in epoch milliseconds. */
export type Scene = {
  readonly at: number;
  readonly customer: Pick<Customer, 'id' | 'registeredAt' | 'isVerified' | 'worksAt'>;
  readonly restaurant: Restaurant;
  readonly amount: number;
  readonly discount: number;
  readonly tip: number;
  readonly units: number;
  readonly method: string;
  readonly instrument: string | null;
  readonly device: string | null;
  readonly ip: string;
  readonly network: string;
  readonly address: string | null;
  readonly place: Place | null;
  /** `failed` is refused by the bank. */
  readonly end: 'failed' | 'completed' | 'no_show' | 'cancelled';
  readonly refundAfter: number | null;
  /** Which fraud it is, and after how long it becomes known, if ever. */
  readonly fraud: { readonly kind: FraudKind; readonly knownAfter: number | null } | null;
};
export const FRAUD_KINDS = ['card_testing', 'account_takeover', 'promo_abuse', 'refund_abuse', 'cash_no_show', 'collusion'] as const;
export type FraudKind = (typeof FRAUD_KINDS)[number];

/** Everything that people who mean no harm do in the time of the story, their oddities with it. */
export function honestScenes({ from, until, customers }: Cast, dice: Dice): readonly Scene[] {
  const scenes: Scene[] = [];
  for (const customer of customers) {
    let day = Math.max(from, customer.registeredAt);
    // Many order on the day they register, and that is why they did.
    let wait = customer.registeredAt > from && dice.happens(0.6) ? dice.between(2 * MINUTE_MS, HOUR_MS) : undefined;
    for (;;) {
      day += wait ?? (-Math.log(1 - dice.next()) / customer.rate) * DAY_MS;
      const at = wait === undefined ? atMealTime(day, dice) : day;
      wait = undefined;
      if (at >= until) break;
      scenes.push(...order(customer, Math.round(at), dice));
    }
  }
  return scenes;
}

/** Lunch, dinner, and for some the middle of the night; hours as India counts them. */
function atMealTime(day: number, dice: Dice): number {
  const midnight = Math.floor(day / DAY_MS) * DAY_MS - 5.5 * HOUR_MS;
  const [low, high] = dice.happens(0.04) ? [23, 28] : dice.happens(0.45) ? [12, 15] : [19, 23];
  return midnight + DAY_MS + dice.between(low as number, high as number) * HOUR_MS;
}

/** One order, with the tries it took: a bank says no now and then, and people try again, with another card perhaps. */
function order(customer: Customer, at: number, dice: Dice): readonly Scene[] {
  const guests = dice.happens(0.008) ? dice.between(8, 25) : dice.happens(0.03) ? dice.between(3, 6) : 1;
  const restaurant = dice.happens(0.15) && customer.worksAt === null ? dice.pick(customer.favourites) : (customer.favourites[0] as Restaurant);
  const amount = Math.round(restaurant.basket * customer.appetite * dice.between(0.6, 1.5) * guests);
  const isCash = dice.happens(customer.paysCash);
  const isAway = dice.happens(0.03);
  const isAtWork = !isAway && dice.happens(0.12);
  const { ip, network } = dice.pick(customer.networks);
  const device = dice.happens(0.05) ? null : dice.happens(0.75) ? (customer.devices[0] as string) : dice.pick(customer.devices);
  const isNewPhone = dice.happens(0.02);
  const isDelivered = dice.happens(0.7);
  const scene: Scene = {
    at,
    customer,
    restaurant,
    amount: dice.happens(0.03) ? Math.ceil(amount / 100) * 100 : amount,
    discount: dice.happens(0.2) ? Math.round(amount * dice.between(0.05, 0.4)) : 0,
    tip: dice.happens(0.15) ? dice.whole(10, 60) : 0,
    units: Math.max(1, Math.round(amount / 140)),
    method: isCash ? 'cash' : dice.happens(0.6) ? 'upi' : 'card',
    instrument: isCash ? null : dice.happens(0.85) ? (customer.instruments[0] as string) : dice.pick(customer.instruments),
    device: isNewPhone ? `newphone-${customer.id.slice(-8)}` : device,
    ip,
    network,
    address: isDelivered ? addressOf(customer, restaurant, isAway, isAtWork) : null,
    place: isDelivered ? (isAway ? away(customer.home, dice) : isAtWork ? restaurant.place : customer.home) : null,
    end: dice.happens(0.03) ? 'cancelled' : isCash && dice.happens(0.02) ? 'no_show' : 'completed',
    refundAfter: dice.happens(0.025) ? dice.between(1, 30) * HOUR_MS : null,
    fraud: null,
  };
  const tries: Scene[] = [];
  for (let tried = 0; !isCash && tried < 4 && dice.happens(0.09); tried++) {
    const instrument = dice.happens(0.4) ? dice.pick(customer.instruments) : scene.instrument;
    tries.push({ ...scene, instrument, at: at + tried * Math.round(dice.between(0.3, 3) * MINUTE_MS), end: 'failed', refundAfter: null });
  }
  const last = tries.at(-1);
  return [...tries, last ? { ...scene, at: last.at + Math.round(dice.between(0.3, 4) * MINUTE_MS) } : scene];
}

/** An office is where many who do not know each other have their lunch brought to. */
function addressOf({ id, address }: Customer, restaurant: Restaurant, isAway: boolean, isAtWork: boolean): string {
  if (isAway) return `away-${id.slice(-6)}`;
  return isAtWork ? `office-${restaurant.id.slice(-4)}-${Number(id.slice(-2)) % 3}` : address;
}

const away = ({ lat, lng }: Place, dice: Dice): Place => placeOf(lat + dice.between(-1.2, 1.2), lng + dice.between(-1.2, 1.2)) ?? { lat, lng };

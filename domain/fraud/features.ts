import { DAY_MS, History, HOUR_MS, type Member, MINUTE_MS, type Totals } from './history.ts';
import { type KeyKind, kilometresBetween, type Place, type Signals, shortOf } from './signals.ts';

/** The histories of one attempt, as they were just before it. */
export type Histories = Readonly<Partial<Record<KeyKind, History>>>;

/** What is measured of an attempt, by name: always finite, and the same wherever it is computed again. */
export type Features = Readonly<Record<FeatureName, number>>;

const TEN_MINUTES = 10 * MINUTE_MS;
const WEEK = 7 * DAY_MS;
const MONTH = 30 * DAY_MS;
const COUNT_MAX = 50;
/** Beyond this it is a party, and says no more. */
const RATIO_MAX = 8;
const AMOUNT_MAX = 5_000;
const KM_MAX = 500;
const SPEED_MAX = 2_000;

const clamp = (value: number, max: number): number => Math.min(max, Math.max(-max, value));
const rateOf = (part: number, whole: number): number => part / (whole + 1);

/** What was asked for so far, what was spent, and what usually is. */
type View = { readonly signals: Signals; readonly histories: Histories; readonly totals: Readonly<Partial<Record<KeyKind, Totals>>> };
type Measure = (view: View) => number;

const counted =
  (kind: KeyKind, what: 'attempt' | 'failure' | 'cancelled', span: number): Measure =>
  ({ histories, signals }) => {
    const history = histories[kind];
    return history ? Math.min(COUNT_MAX, History.count(history, signals.at, span, what)) : 0;
  };

/** How many different ones, the present one with them. */
const distinct =
  (kind: KeyKind, member: Member, span: number): Measure =>
  ({ histories, signals }) => {
    const history = histories[kind];
    if (!history) return 0;
    const found = History.values(history, signals.at, span, member);
    const own = present(signals, member);
    if (own !== undefined) found.add(own);
    return Math.min(COUNT_MAX, found.size);
  };

/** Whether the customer never came with it before. */
const isNew =
  (member: 'device' | 'instrument'): Measure =>
  ({ histories: { customer }, signals }) => {
    const own = present(signals, member);
    return own !== undefined && customer && !History.had(customer, signals.at, MONTH * 3, member, (value) => value === own) ? 1 : 0;
  };

const frauds =
  (kind: KeyKind): Measure =>
  ({ totals }) =>
    Math.min(COUNT_MAX, fraudsOf(totals[kind]));

const fraudsOf = (totals: Totals | undefined): number => (totals ? Math.max(0, totals.counts.fraud - totals.counts.cleared) : 0);

function present({ customerId, restaurantId, method, tokens }: Signals, member: Member) {
  if (member === 'customer') return shortOf(customerId);
  if (member === 'restaurant') return shortOf(restaurantId);
  if (member === 'method') return method ?? undefined;
  const token = tokens[member];
  return token === undefined ? undefined : shortOf(token);
}

/** Times the mean of what was completed, 1 where nothing was. */
const timesUsual =
  (kind: KeyKind): Measure =>
  ({ signals, totals }) => {
    const { count = 0, sum = 0 } = totals[kind]?.amounts ?? {};
    return count === 0 || sum === 0 ? 1 : clamp(signals.amount / 100 / (sum / count), RATIO_MAX);
  };

/** Standard deviations above their own mean; the deviation is at least a fifth of the mean, so that habit is no crime. */
const zOfOwn: Measure = ({ signals, totals }) => {
  const { count = 0, sum = 0, squares = 0 } = totals.customer?.amounts ?? {};
  if (count < 2) return 0;
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
  return clamp((signals.amount / 100 - mean) / Math.max(deviation, mean / 5, 1), 8);
};

const usualPlace = (totals: Totals | undefined): Place | undefined => {
  const { count = 0, lat = 0, lng = 0 } = totals?.places ?? {};
  return count === 0 ? undefined : { lat: lat / count / 1_000, lng: lng / count / 1_000 };
};

const kmFromUsual: Measure = ({ signals: { place }, totals }) => {
  const usual = usualPlace(totals.customer);
  return place && usual ? Math.min(KM_MAX, kilometresBetween(place, usual)) : 0;
};

/** Between the last place it was delivered to and this one, counting short hops of a city for nothing. */
const speed: Measure = ({ signals: { place, at }, histories: { customer } }) => {
  const last = place && customer ? History.lastPlaced(customer, at) : undefined;
  if (!place || !last) return 0;
  const km = kilometresBetween(place, last.place);
  return km < 20 ? 0 : Math.min(SPEED_MAX, km / Math.max((at - last.at) / HOUR_MS, 1 / 60));
};

const ageHours: Measure = ({ signals: { account, at } }) =>
  account.registeredAt === null ? 0 : Math.min(365 * 24, Math.max(0, (at - account.registeredAt) / HOUR_MS));

const sharesWithStaff: Measure = ({ signals, histories }) => {
  if (signals.staff.length === 0) return 0;
  const staff = new Set(signals.staff);
  staff.delete(shortOf(signals.customerId));
  const isShared = (['device', 'instrument'] as const).some((kind) => {
    const history = histories[kind];
    return history !== undefined && History.had(history, signals.at, MONTH * 3, 'customer', (customer) => staff.has(customer));
  });
  return isShared ? 1 : 0;
};

const MEASURES = {
  customer_attempts_10m: counted('customer', 'attempt', TEN_MINUTES),
  customer_attempts_1h: counted('customer', 'attempt', HOUR_MS),
  customer_attempts_24h: counted('customer', 'attempt', DAY_MS),
  customer_attempts_7d: counted('customer', 'attempt', WEEK),
  customer_failures_1h: counted('customer', 'failure', HOUR_MS),
  customer_instruments_24h: distinct('customer', 'instrument', DAY_MS),
  customer_methods_24h: distinct('customer', 'method', DAY_MS),
  customer_devices_7d: distinct('customer', 'device', WEEK),
  device_attempts_10m: counted('device', 'attempt', TEN_MINUTES),
  device_attempts_24h: counted('device', 'attempt', DAY_MS),
  device_failures_10m: counted('device', 'failure', TEN_MINUTES),
  device_instruments_10m: distinct('device', 'instrument', TEN_MINUTES),
  device_customers_24h: distinct('device', 'customer', DAY_MS),
  device_customers_30d: distinct('device', 'customer', MONTH),
  ip_attempts_10m: counted('ip', 'attempt', TEN_MINUTES),
  ip_failures_10m: counted('ip', 'failure', TEN_MINUTES),
  ip_instruments_10m: distinct('ip', 'instrument', TEN_MINUTES),
  ip_customers_24h: distinct('ip', 'customer', DAY_MS),
  network_attempts_10m: counted('network', 'attempt', TEN_MINUTES),
  network_failures_10m: counted('network', 'failure', TEN_MINUTES),
  network_instruments_10m: distinct('network', 'instrument', TEN_MINUTES),
  network_customers_24h: distinct('network', 'customer', DAY_MS),
  instrument_attempts_1h: counted('instrument', 'attempt', HOUR_MS),
  instrument_customers_30d: distinct('instrument', 'customer', MONTH),
  instrument_restaurants_24h: distinct('instrument', 'restaurant', DAY_MS),
  address_attempts_24h: counted('address', 'attempt', DAY_MS),
  address_customers_30d: distinct('address', 'customer', MONTH),
  amount: ({ signals }) => Math.min(AMOUNT_MAX, signals.amount / 100),
  amount_times_own: timesUsual('customer'),
  amount_z_own: zOfOwn,
  amount_times_restaurant: timesUsual('restaurant'),
  customer_spent_24h: ({ histories: { customer }, signals }) => (customer ? Math.min(10_000, History.spent(customer, signals.at, DAY_MS) / 100) : 0),
  is_round_amount: ({ signals }) => (signals.amount > 0 && signals.amount % 10_000 === 0 ? 1 : 0),
  discount_share: ({ signals: { basket, amount } }) => clamp(basket.discount / (amount + basket.discount || 1), 1),
  tip_share: ({ signals: { basket, amount } }) => clamp(basket.tip / (amount || 1), 1),
  basket_units: ({ signals }) => Math.min(200, signals.basket.units),
  km_from_usual: kmFromUsual,
  speed_kmh: speed,
  account_age_hours: ageHours,
  is_unverified: ({ signals }) => (signals.account.isVerified === false ? 1 : 0),
  is_new_device: isNew('device'),
  is_new_instrument: isNew('instrument'),
  new_device_amount: (view) => isNew('device')(view) * timesUsual('customer')(view),
  has_no_device: ({ signals }) => (signals.tokens.device === undefined ? 1 : 0),
  customer_completed: ({ totals }) => Math.min(200, totals.customer?.counts.completed ?? 0),
  customer_refund_rate: ({ totals }) => rateOf(totals.customer?.counts.refund ?? 0, totals.customer?.counts.completed ?? 0),
  customer_no_show_rate: ({ totals }) => rateOf(totals.customer?.counts.no_show ?? 0, totals.customer?.counts.completed ?? 0),
  customer_cancelled_30d: counted('customer', 'cancelled', MONTH),
  address_no_shows: ({ totals }) => Math.min(COUNT_MAX, totals.address?.counts.no_show ?? 0),
  customer_frauds: frauds('customer'),
  device_frauds: frauds('device'),
  network_frauds: frauds('network'),
  instrument_frauds: frauds('instrument'),
  address_frauds: frauds('address'),
  restaurant_fraud_rate: ({ totals }) => rateOf(fraudsOf(totals.restaurant), totals.restaurant?.counts.attempt ?? 0),
  restaurant_refund_rate: ({ totals }) => rateOf(totals.restaurant?.counts.refund ?? 0, totals.restaurant?.counts.completed ?? 0),
  is_staff: ({ signals }) => (signals.account.isStaff ? 1 : 0),
  shares_with_staff: sharesWithStaff,
  is_night: ({ signals }) => (signals.localHour >= 1 && signals.localHour < 6 ? 1 : 0),
  is_cash: ({ signals }) => (signals.method === 'cash' ? 1 : 0),
} as const satisfies Record<string, Measure>;

export type FeatureName = keyof typeof MEASURES;
export const FEATURE_NAMES = Object.keys(MEASURES) as readonly FeatureName[];

/** Measures an attempt against the histories it met. The same code runs online, in training and in a replay. */
export function featuresOf(signals: Signals, histories: Histories): Features {
  const totals: Partial<Record<KeyKind, Totals>> = {};
  for (const history of Object.values(histories)) totals[history.kind] = History.totals(history, signals.at);
  const view: View = { signals, histories, totals };
  const features: Partial<Record<FeatureName, number>> = {};
  for (const name of FEATURE_NAMES) features[name] = MEASURES[name](view);
  return features as Features;
}

/** In the order of a model's names; a name that nobody measures is refused by `FraudModel.check` and its like, before. */
export const vectorOf = (features: Features, names: readonly string[]): number[] => names.map((name) => features[name as FeatureName]);

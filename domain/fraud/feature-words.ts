import type { FeatureName } from './features.ts';

type Words = (observed: string, usual: string) => string;
const times = (value: string): string => (value === '1' ? 'once' : `${value} times`);

const attempts =
  (whose: string, span: string): Words =>
  (n, usual) =>
    `${whose} tried to pay ${times(n)} in ${span} before this; usual is ${usual}`;
const failures =
  (whose: string, span: string): Words =>
  (n, usual) =>
    `${n} payments of ${whose} failed in ${span}; usual is ${usual}`;
const different =
  (what: string, where: string, span: string): Words =>
  (n, usual) =>
    `${n} different ${what} ${where} in ${span}; usual is ${usual}`;
const frauds =
  (whose: string): Words =>
  (n) =>
    `${n} payments of ${whose} turned out to be fraud`;
const said =
  (text: string): Words =>
  () =>
    text;

/** How a feature is told to whoever reviews: what was observed, and what usually is. */
export const WORDS: Readonly<Record<FeatureName, Words>> = {
  customer_attempts_10m: attempts('the customer', '10 minutes'),
  customer_attempts_1h: attempts('the customer', 'an hour'),
  customer_attempts_24h: attempts('the customer', '24 hours'),
  customer_attempts_7d: attempts('the customer', '7 days'),
  customer_failures_1h: failures('the customer', 'an hour'),
  customer_instruments_24h: different('cards or accounts', 'of the customer', '24 hours'),
  customer_methods_24h: different('ways to pay', 'of the customer', '24 hours'),
  customer_devices_7d: different('devices', 'of the customer', '7 days'),
  device_attempts_10m: attempts('the device', '10 minutes'),
  device_attempts_24h: attempts('the device', '24 hours'),
  device_failures_10m: failures('the device', '10 minutes'),
  device_instruments_10m: different('cards or accounts', 'on the device', '10 minutes'),
  device_customers_24h: different('customers', 'on the device', '24 hours'),
  device_customers_30d: different('customers', 'on the device', '30 days'),
  ip_attempts_10m: attempts('the address on the internet', '10 minutes'),
  ip_failures_10m: failures('the address on the internet', '10 minutes'),
  ip_instruments_10m: different('cards or accounts', 'from the address on the internet', '10 minutes'),
  ip_customers_24h: different('customers', 'from the address on the internet', '24 hours'),
  network_attempts_10m: attempts('the network', '10 minutes'),
  network_failures_10m: failures('the network', '10 minutes'),
  network_instruments_10m: different('cards or accounts', 'from the network', '10 minutes'),
  network_customers_24h: different('customers', 'from the network', '24 hours'),
  instrument_attempts_1h: attempts('the card or account', 'an hour'),
  instrument_customers_30d: different('customers', 'with the card or account', '30 days'),
  instrument_restaurants_24h: different('restaurants', 'paid with the card or account', '24 hours'),
  address_attempts_24h: attempts('the delivery address', '24 hours'),
  address_customers_30d: different('customers', 'at the delivery address', '30 days'),
  amount: (n, usual) => `it is about ${n}; usual is ${usual}`,
  amount_times_own: (n, usual) => `it is ${n} times what the customer usually pays; usual is ${usual}`,
  amount_z_own: (n) => `it is ${n} standard deviations from what the customer usually pays`,
  amount_times_restaurant: (n) => `it is ${n} times what is usual at the restaurant`,
  customer_spent_24h: (n, usual) => `the customer tried to pay ${n} in 24 hours before this; usual is ${usual}`,
  is_round_amount: said('it is a round amount'),
  discount_share: (n, usual) => `a share of ${n} is discount; usual is ${usual}`,
  tip_share: (n, usual) => `a share of ${n} is tip; usual is ${usual}`,
  basket_units: (n, usual) => `it is for ${n} portions; usual is ${usual}`,
  km_from_usual: (n, usual) => `it goes ${n} km from where the customer's orders usually go; usual is ${usual}`,
  speed_kmh: (n) => `from the last order's place to this one's takes ${n} km/h`,
  account_age_hours: (n, usual) => `the account is ${n} hours old; usual is ${usual}`,
  is_unverified: said('the customer has not proved their address'),
  is_new_device: said('the customer never came with this device before'),
  is_new_instrument: said('the customer never paid with this card or account before'),
  new_device_amount: (n) => `on a device that is new to the customer it is ${n} times what they usually pay`,
  has_no_device: said('the device did not make itself known'),
  customer_completed: (n, usual) => `the customer completed ${n} orders; usual is ${usual}`,
  customer_refund_rate: (n, usual) => `a share of ${n} of the customer's orders was refunded; usual is ${usual}`,
  customer_no_show_rate: (n, usual) => `a share of ${n} of the customer's orders came back undelivered; usual is ${usual}`,
  customer_cancelled_30d: (n, usual) => `the customer cancelled ${n} orders in 30 days; usual is ${usual}`,
  address_no_shows: (n) => `${n} deliveries to the address came back`,
  customer_frauds: frauds('the customer'),
  device_frauds: frauds('the device'),
  network_frauds: frauds('the network'),
  instrument_frauds: frauds('the card or account'),
  address_frauds: frauds('the delivery address'),
  restaurant_fraud_rate: (n, usual) => `a share of ${n} of the restaurant's payments turned out to be fraud; usual is ${usual}`,
  restaurant_refund_rate: (n, usual) => `a share of ${n} of the restaurant's orders was refunded; usual is ${usual}`,
  is_staff: said('the customer works for the restaurant'),
  shares_with_staff: said('the device, card or account is also used by someone who works for the restaurant'),
  is_night: said('it is between 1 and 6 in the morning'),
  is_cash: said('it is to be paid in cash'),
};

/** As people write it: two digits after the point at most, and none behind large numbers. */
export function written(value: number): string {
  const rounded = Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100;
  return String(rounded === 0 ? 0 : rounded);
}

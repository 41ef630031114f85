import { Chance } from './random.ts';

/** A payment of the generated stream, as the columns of its file. */
export type StreamRow = {
  readonly id: number;
  readonly at: number;
  readonly customer: number;
  readonly terminal: number;
  readonly amount: number;
  readonly isFraud: boolean;
  readonly scenario: number;
};

export type StreamSettings = {
  readonly seed: number;
  readonly days: number;
  readonly customers: number;
  readonly terminals: number;
  /** How many fall to fraud on an average day. */
  readonly terminalsADay: number;
  readonly customersADay: number;
};

const DAY = 86_400;
const RADIUS = 5;
const LARGE = 220;
const TERMINAL_DAYS = 28;
const CUSTOMER_DAYS = 14;

type Customer = { readonly x: number; readonly y: number; readonly mean: number; readonly rate: number; readonly near: readonly number[] };

/**
 * Cards that pay at terminals around them, on a square with one terminal a unit of area, and three ways to commit fraud: amounts above 220; terminals
 * whose every payment is fraud for 28 days; customers of whose payments, for 14 days, a third is fraud at five times the amount.
 */
export function generateStream(settings: StreamSettings): readonly StreamRow[] {
  const chance = new Chance(settings.seed);
  const side = Math.sqrt(settings.terminals);
  const places = Array.from({ length: settings.terminals }, () => ({ x: chance.next() * side, y: chance.next() * side }));
  const customers = Array.from({ length: settings.customers }, (): Customer => {
    const [x, y] = [chance.next() * side, chance.next() * side];
    const near = places.flatMap((place, terminal) => (Math.hypot(place.x - x, place.y - y) < RADIUS ? [terminal] : []));
    return { x, y, mean: 5 + 95 * chance.next(), rate: 4 * chance.next(), near };
  });
  const rows = customers.flatMap((customer, index) => paymentsOf(customer, index, settings.days, chance));
  commit(rows, settings, chance);
  return rows
    .toSorted((a, b) => a.at - b.at || a.customer - b.customer)
    .map((row, id) => ({ ...row, id, amount: Math.round(row.amount * 100) / 100 }));
}

type Draft = { at: number; customer: number; terminal: number; amount: number; isFraud: boolean; scenario: number };

function paymentsOf({ mean, rate, near }: Customer, customer: number, days: number, chance: Chance): Draft[] {
  if (near.length === 0) return [];
  return Array.from({ length: days }, (_, day) =>
    Array.from({ length: poisson(rate, chance) }, () => normal(DAY / 2, 20_000, chance))
      .filter((second) => second > 0 && second < DAY)
      .map((second): Draft => {
        const drawn = normal(mean, mean / 2, chance);
        const amount = drawn < 0 ? 2 * mean * chance.next() : drawn;
        return { at: day * DAY + Math.floor(second), customer, terminal: chance.pick(near), amount, isFraud: false, scenario: 0 };
      }),
  ).flat();
}

function commit(rows: Draft[], settings: StreamSettings, chance: Chance): void {
  const fall = (scenario: number) => (row: Draft) => Object.assign(row, { isFraud: true, scenario });
  for (const row of rows) if (row.amount > LARGE) fall(1)(row);
  for (let day = 0; day < settings.days; day++) {
    for (const terminal of fallen(settings.terminalsADay, settings.terminals, chance)) {
      rows.filter((row) => row.terminal === terminal && isWithin(row, day, TERMINAL_DAYS)).forEach(fall(2));
    }
    for (const customer of fallen(settings.customersADay, settings.customers, chance)) {
      for (const row of rows.filter((one) => one.customer === customer && isWithin(one, day, CUSTOMER_DAYS))) {
        if (chance.next() >= 1 / 3) continue;
        row.amount *= 5;
        fall(3)(row);
      }
    }
  }
}

const isWithin = ({ at }: Draft, day: number, days: number): boolean => at >= day * DAY && at < (day + days) * DAY;

const fallen = (rate: number, among: number, chance: Chance): readonly number[] =>
  Array.from({ length: Math.floor(rate) + (chance.next() < rate % 1 ? 1 : 0) }, () => chance.int(among));

function poisson(rate: number, chance: Chance): number {
  const limit = Math.exp(-rate);
  let count = -1;
  for (let product = 1; product > limit; count++) product *= chance.next();
  return count;
}

function normal(mean: number, deviation: number, chance: Chance): number {
  return mean + deviation * Math.sqrt(-2 * Math.log(1 - chance.next())) * Math.cos(2 * Math.PI * chance.next());
}

export const csvOf = (rows: readonly StreamRow[], { hasScenario = true } = {}): string =>
  [
    `tx_id,t_seconds,customer_id,terminal_id,amount,fraud${hasScenario ? ',scenario' : ''}`,
    ...rows.map(
      ({ id, at, customer, terminal, amount, isFraud, scenario }) =>
        `${id},${at},${customer},${terminal},${amount.toFixed(2)},${isFraud ? 1 : 0}${hasScenario ? `,${scenario}` : ''}`,
    ),
  ].join('\n');

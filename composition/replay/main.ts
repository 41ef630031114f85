import { parseArgs } from 'node:util';
import { DEMO_PASSWORD } from '../demo.ts';
import { ApiClient } from './client.ts';
import { type Dish, keyOf, type ReplayOrder, readMenu, readOrders } from './data.ts';
import { ProgressBar } from './progress.ts';

const USAGE = `npm run replay -- --menu FILE --orders FILE [--url URL] [--concurrency N] [--owner EMAIL] [--customer EMAIL] [--password PASSWORD]

Opens a restaurant from a real menu and places real orders in it, through the API of a running server. One in production limits
what one account may do: start it with RATE_LIMIT_USER=off for the time of the replay.`;

const { values } = parseArgs({
  options: {
    menu: { type: 'string' },
    orders: { type: 'string' },
    url: { type: 'string', default: 'http://localhost:4010' },
    concurrency: { type: 'string', default: '8' },
    owner: { type: 'string', default: 'owner@demo.test' },
    customer: { type: 'string', default: 'customer@demo.test' },
    password: { type: 'string', default: DEMO_PASSWORD },
  },
});

type MenuView = {
  readonly categories: readonly {
    readonly items: readonly { readonly id: string; readonly name: string; readonly price: { readonly amount: number } }[];
  }[];
};
type Tally = { orders: number; lines: number; gross: number; refusals: Map<string, number> };

/** A restaurant in London, open around the clock, whose prices include their tax. */
async function openRestaurant(
  owner: ApiClient,
  dishes: readonly Dish[],
): Promise<{ readonly restaurantId: string; readonly items: ReadonlyMap<string, string> }> {
  const opened = await owner.call('POST', '/restaurants', {
    name: `Replayed takeaway ${new Date().toISOString().slice(0, 19)}`,
    currency: 'GBP',
    timeZone: 'Europe/London',
    pricesIncludeTax: true,
    taxRules: [{ taxClass: 'food', components: [{ name: 'VAT', percent: 20 }] }],
  });
  const restaurantId = String(opened['id']);
  const csv = ['category,name,price,taxClass', ...dishes.map(({ name, price }) => `Menu,"${name.replaceAll('"', '""')}",${price},food`)].join('\n');
  await owner.call('POST', `/restaurants/${restaurantId}/menu/import`, csv);

  const menu = (await owner.call('GET', `/restaurants/${restaurantId}/menu`)) as unknown as MenuView;
  const items = menu.categories.flatMap((category) => category.items);
  return { restaurantId, items: new Map(items.map(({ id, name, price }) => [keyOf({ name, price: (price.amount / 100).toFixed(2) }), id])) };
}

/** Every dish of the menu, and every one that was ever sold, at every price it was sold at. */
const dishesOf = (menu: readonly Dish[], orders: readonly ReplayOrder[]): readonly Dish[] => [
  ...new Map([...menu, ...orders.flatMap(({ lines }) => lines)].map((dish) => [keyOf(dish), { name: dish.name, price: dish.price }])).values(),
];

async function placeAll(
  customer: ApiClient,
  { restaurantId, items }: Awaited<ReturnType<typeof openRestaurant>>,
  orders: readonly ReplayOrder[],
  concurrency: number,
  onPlaced: (tally: Tally) => void,
): Promise<Tally> {
  const tally: Tally = { orders: 0, lines: 0, gross: 0, refusals: new Map() };
  const queue = orders.values();
  const worker = async () => {
    for (const { number, lines } of queue) {
      const body = {
        restaurantId,
        diningOption: 'takeaway',
        payment: 'cash',
        lines: lines.map((line) => ({ itemId: items.get(keyOf(line)), quantity: line.quantity })),
      };
      const answer = await customer.send('POST', '/orders', body, { 'idempotency-key': `${restaurantId}-${number}` });
      if (answer.status < 400) {
        tally.orders += 1;
        tally.lines += (answer.body['lines'] as unknown[]).length;
        tally.gross += (answer.body['total'] as { amount: number }).amount;
      } else {
        const code = String(answer.body['code']);
        tally.refusals.set(code, (tally.refusals.get(code) ?? 0) + 1);
      }
      onPlaced(tally);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return tally;
}

async function replay(menuFile: string, ordersFile: string): Promise<boolean> {
  const [menu, orders] = await Promise.all([readMenu(menuFile), readOrders(ordersFile)]);
  const dishes = dishesOf(menu, orders);
  process.stderr.write(`${orders.length} orders, ${dishes.length} dishes\n`);

  const restaurant = await openRestaurant(new ApiClient(values.url, { identifier: values.owner, password: values.password }), dishes);
  const bar = new ProgressBar('placing', orders.length);
  const began = performance.now();
  const customer = new ApiClient(values.url, { identifier: values.customer, password: values.password });
  const tally = await placeAll(customer, restaurant, orders, Number(values.concurrency), ({ orders: placed, refusals }) =>
    bar.show(placed + sum(refusals.values())),
  );
  bar.end();

  const seconds = (performance.now() - began) / 1_000;
  const number = new Intl.NumberFormat('en-GB');
  process.stdout.write(
    `restaurant    ${restaurant.restaurantId}\norders        ${number.format(tally.orders)}\nlines         ${number.format(tally.lines)}\n` +
      `gross total   ${new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2 }).format(tally.gross / 100)} GBP\n` +
      `refused       ${sum(tally.refusals.values())}\ntime          ${seconds.toFixed(1)} s, ${(tally.orders / seconds).toFixed(0)} orders/s\n`,
  );
  for (const [code, count] of tally.refusals) process.stdout.write(`  ${code}: ${count}\n`);
  return tally.orders === orders.length;
}

const sum = (counts: Iterable<number>): number => [...counts].reduce((all, count) => all + count, 0);

const concurrency = Number(values.concurrency);
if (values.menu === undefined || values.orders === undefined || !Number.isInteger(concurrency) || concurrency < 1 || concurrency > 256) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(64);
}
const isWhole = await replay(values.menu, values.orders).catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  return false;
});
process.exit(isWhole ? 0 : 1);

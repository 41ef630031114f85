import { restaurantSettings } from './restaurants.ts';
import type { Json, World } from './world.ts';

/**
 * A kitchen made over HTTP, as an owner would: a thali that takes rice and dal, dal alone that takes dal, tea that takes
 * nothing, and a size to choose for the thali, whose large one takes more rice.
 */
export class Kitchen {
  readonly world: World;
  readonly restaurantId: string;
  readonly people: { readonly owner: string; readonly customer: string };
  owner: string;
  customer: string;
  readonly customerId: string;
  readonly items: Readonly<Record<'thali' | 'dal' | 'tea', string>>;
  readonly options: Readonly<Record<'regular' | 'large', string>>;
  readonly stock: Readonly<Record<'rice' | 'lentils', string>>;

  constructor(world: World, made: Omit<Kitchen, 'world' | 'line' | 'body' | 'levels' | 'act' | 'signIn'>) {
    this.world = world;
    this.restaurantId = made.restaurantId;
    this.people = made.people;
    this.owner = made.owner;
    this.customer = made.customer;
    this.customerId = made.customerId;
    this.items = made.items;
    this.options = made.options;
    this.stock = made.stock;
  }

  /** New tokens for both, when time has passed. */
  async signIn(): Promise<void> {
    this.owner = await this.world.signIn(this.people.owner);
    this.customer = await this.world.signIn(this.people.customer);
  }

  line = (item: keyof Kitchen['items'], quantity = 1) => ({
    itemId: this.items[item],
    quantity,
    ...(item === 'thali' && { modifiers: [{ optionId: this.options.regular }] }),
  });

  body = (lines: readonly object[], changes: object = {}) => ({
    restaurantId: this.restaurantId,
    diningOption: 'takeaway',
    payment: 'cash',
    lines,
    ...changes,
  });

  /** On hand, held and available of a stock item, in its unit. */
  async levels(name: keyof Kitchen['stock']): Promise<{ onHand: number; held: number; available: number }> {
    const { body } = await this.world.get(`/restaurants/${this.restaurantId}/stock-levels`, this.owner);
    const { onHand, held, available } = body.data.find((level: Json) => level.stockItemId === this.stock[name]);
    return { onHand, held, available };
  }

  act = (orderId: string, action: string, token = this.owner, body?: object) =>
    this.world.call('POST', `/orders/${orderId}/${action}`, { token, ...(body && { body }) });
}

let made = 0;

/** `stock` is how many kg of rice and of lentils there are; a thali takes 0.2 and 0.1, dal 0.1 lentils, a large one 0.1 rice more. */
export async function openKitchen(
  world: World,
  stock: { rice: number; lentils: number } = { rice: 10, lentils: 10 },
  settings: object = {},
): Promise<Kitchen> {
  const n = ++made;
  const admin = await world.account(`admin${n}@kitchen.test`, 'admin');
  const owner = await world.account(`owner${n}@kitchen.test`);
  const customer = await world.account(`customer${n}@kitchen.test`);
  const must = async (method: string, path: string, body: object, token = owner.token): Promise<Json> => {
    const answer = await world.call(method, path, { body, token });
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };

  const restaurant = await must('POST', '/restaurants', { ...restaurantSettings(), ownerEmail: owner.email, ...settings }, admin.token);
  const at = `/restaurants/${restaurant.id}`;
  const category = await must('POST', `${at}/menu/categories`, { name: 'Mains' });
  const size = await must('POST', `${at}/menu/modifier-groups`, {
    name: 'Size',
    min: 1,
    max: 1,
    options: [
      { name: 'Regular', price: 0 },
      { name: 'Large', price: 5_000 },
    ],
  });
  const item = (name: string, price: number, more: object = {}) =>
    must('POST', `${at}/menu/items`, { categoryId: category.id, name, price, taxClass: 'food', ...more });
  const thali = await item('Thali', 20_000, { groupIds: [size.id] });
  const dal = await item('Dal', 9_000);
  const tea = await item('Tea', 2_000);

  const ingredient = (name: string) => must('POST', `${at}/stock-items`, { name, unit: 'kg', lowStockThreshold: 1 });
  const rice = await ingredient('Rice');
  const lentils = await ingredient('Lentils');
  const recipe = (sellableId: string, lines: object[]) => must('PUT', `${at}/recipes/${sellableId}`, { lines });
  await recipe(thali.id, [
    { stockItemId: rice.id, quantity: 0.2 },
    { stockItemId: lentils.id, quantity: 0.1 },
  ]);
  await recipe(dal.id, [{ stockItemId: lentils.id, quantity: 0.1 }]);
  const [regular, large] = size.options;
  await recipe(large.id, [{ stockItemId: rice.id, quantity: 0.1 }]);
  for (const [stockItemId, quantity] of [
    [rice.id, stock.rice],
    [lentils.id, stock.lentils],
  ]) {
    if (quantity > 0) await must('POST', `${at}/stock-movements`, { kind: 'receipt', stockItemId, quantity });
  }
  return new Kitchen(world, {
    restaurantId: restaurant.id,
    people: { owner: owner.email, customer: customer.email },
    owner: owner.token,
    customer: customer.token,
    customerId: customer.accountId,
    items: { thali: thali.id, dal: dal.id, tea: tea.id },
    options: { regular: regular.id, large: large.id },
    stock: { rice: rice.id, lentils: lentils.id },
  });
}

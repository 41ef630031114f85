import type { Container } from 'inversify';
import type { Identity as IdentityUseCases } from '#application/identity/module.ts';
import type { Partners as PartnersUseCases } from '#application/partners/module.ts';
import { nameOf } from '#domain/shared/actor.ts';
import { DEMO_ACCOUNTS, DEMO_CUSTOMER, DEMO_OWNER, DEMO_PASSWORD } from './demo/accounts.ts';
import { DEMO, EVERYTHING, granted } from './demo/granted.ts';
import { LARDER } from './demo/larder.ts';
import { DISHES, MENU } from './demo/menu.ts';
import { DEMO_RESTAURANT } from './demo/restaurant.ts';
import { choices, seedMenu, sellablesOf } from './demo/seed-menu.ts';
import { seedStock } from './demo/seed-stock.ts';
import { Catalogue } from './modules/catalogue.ts';
import { Fraud } from './modules/fraud.ts';
import { Identity } from './modules/identity.ts';
import { Inventory } from './modules/inventory.ts';
import { Partners } from './modules/partners.ts';
import { Platform } from './modules/platform.ts';

export { DEMO_ACCOUNTS, DEMO_PASSWORD };

/**
 * Makes the demo restaurant and its people in a database that nobody has written to; what an interrupted run left is completed.
 * As soon as anybody else has written, nothing is touched. Answers whether the demo's people are there.
 */
export async function seedDemo(container: Container, say: (line: string) => void): Promise<boolean> {
  const identity = container.get(Identity.useCases);
  if (!(await isUntouched(container))) return (await identity.findPerson(DEMO_OWNER.email)) !== undefined;

  const accounts = await registerAccounts(identity);
  if (accounts > 0) say(`${DEMO_ACCOUNTS.length} accounts`);

  await trustCustomer(container);
  const restaurantId = await openRestaurant(container.get(Partners.useCases));
  const catalogue = container.get(Catalogue.useCases);
  const onMenu = await seedMenu(catalogue, restaurantId);
  if (onMenu > 0) say(`${DEMO_RESTAURANT.name}: ${DISHES.length} dishes in ${MENU.length} categories, ${choices.length} sets of choices`);

  const sellables = await sellablesOf(catalogue, restaurantId);
  const inLarder = await seedStock(container.get(Inventory.useCases), restaurantId, sellables, container.get(Platform.clock).now());
  if (inLarder > 0) say(`${Object.keys(LARDER).length} ingredients in stock, ${sellables.length} recipes`);
  return true;
}

/** Whether all that was ever written here was the demo's own doing. */
async function isUntouched(container: Container): Promise<boolean> {
  const demo = nameOf(DEMO);
  if (!container.isBound(Platform.sql)) return container.get(Platform.store).events.every(({ actor }) => actor === demo);
  const [foreign] = await container.get(Platform.sql)()('select 1 from platform.events where actor <> $1 limit 1', [demo]);
  return foreign === undefined;
}

/** All at once: their passwords are slow to hash on purpose. */
async function registerAccounts(identity: IdentityUseCases): Promise<number> {
  const registered = await Promise.all(
    DEMO_ACCOUNTS.map(async ({ email, displayName, platformRole }) => {
      if (await identity.findPerson(email)) return false;
      granted(await identity.registerAccount({ email, displayName, password: DEMO_PASSWORD, ...(platformRole && { platformRole }) }, DEMO));
      return true;
    }),
  );
  return registered.filter(Boolean).length;
}

/** Whoever tries the demo out pays as its one customer, more often than any real one would. */
async function trustCustomer(container: Container): Promise<void> {
  const { addListEntry, listEntries } = container.get(Fraud.useCases);
  const customer = await container.get(Identity.useCases).findPerson(DEMO_CUSTOMER.email);
  if (!customer || (await listEntries(null, { list: 'allow' }, EVERYTHING)).data.length > 0) return;
  const entry = {
    restaurantId: null,
    list: 'allow',
    kind: 'customer',
    subject: { value: customer.accountId },
    reason: 'The demo',
    expiresAt: null,
  } as const;
  granted(await addListEntry(entry, DEMO));
}

/** The demo's restaurant, with its staff. */
async function openRestaurant(partners: PartnersUseCases): Promise<string> {
  const [before] = (await partners.restaurants(EVERYTHING)).data;
  const { id } = before ?? granted(await partners.openRestaurant({ settings: DEMO_RESTAURANT, ownerEmail: DEMO_OWNER.email }, DEMO));
  const staff = new Set((await partners.staff(id, EVERYTHING)).data.map(({ email }) => email));
  for (const { email, role } of DEMO_ACCOUNTS) {
    if (role !== undefined && !staff.has(email)) granted(await partners.addStaff({ restaurantId: id, email, role }, DEMO));
  }
  return id;
}

import { ContainerModule } from 'inversify';
import { catalogueRoutes } from '#adapters/http/catalogue/routes.ts';
import {
  memoryCatalogueQueries,
  memoryCategories,
  memoryGroups,
  memoryItems,
  memoryMenuSource,
  memoryMenus,
} from '#adapters/memory/catalogue/catalogue.ts';
import { memoryInventory } from '#adapters/memory/inventory/inventory-tx.ts';
import type { MemoryTx } from '#adapters/memory/tx.ts';
import { type MemoryPlatform, memoryUnitOfWork } from '#adapters/memory/unit-of-work.ts';
import { CATALOGUE_ROWS } from '#adapters/postgres/catalogue/catalogue.rows.ts';
import { postgresCategories } from '#adapters/postgres/catalogue/categories.ts';
import { postgresItems } from '#adapters/postgres/catalogue/items.ts';
import { postgresMenuSource, postgresMenus } from '#adapters/postgres/catalogue/menus.ts';
import { postgresGroups } from '#adapters/postgres/catalogue/modifier-groups.ts';
import { postgresCatalogueQueries } from '#adapters/postgres/catalogue/queries.ts';
import { postgresInventory } from '#adapters/postgres/inventory/inventory-tx.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import { type PostgresPlatform, postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import type { CommitSignal } from '#adapters/shared/committed.ts';
import { invalidateOn } from '#adapters/shared/platform/invalidation.ts';
import { ofRestaurants } from '#adapters/shared/platform/of-restaurants.ts';
import { createCatalogue, type Catalogue as UseCases } from '#application/catalogue/module.ts';
import type {
  CatalogueDeps,
  CatalogueQueries,
  CatalogueTx,
  Countdown,
  CurrentMenus,
  MenuSource,
  Restaurants,
  Stock,
} from '#application/catalogue/ports.ts';
import { setCountdownWithin } from '#application/inventory/countdown-within.ts';
import { portionsLeft } from '#application/inventory/portions-left.ts';
import type { InventoryQueries, RecipeBooks, Sellables } from '#application/inventory/ports.ts';
import type { Partners as PartnersUseCases } from '#application/partners/module.ts';
import type { Cache } from '#application/platform/cache.ts';
import type { Clock, Ids } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { token } from '../token.ts';
import { Inventory } from './inventory.ts';
import type { Module } from './module.ts';
import { Partners } from './partners.ts';
import { Platform } from './platform.ts';

export const Catalogue = {
  useCases: token<UseCases>('catalogue'),
  uow: token<UnitOfWork<CatalogueTx>>('catalogue.uow'),
  queries: token<CatalogueQueries>('catalogue.queries'),
  menuSource: token<MenuSource>('catalogue.menu-source'),
  menus: token<CurrentMenus>('catalogue.menus'),
  restaurants: token<Restaurants>('catalogue.restaurants'),
  /** Answered by inventory, as are the two that count items down in the catalogue's own transaction. */
  stock: token<Stock>('catalogue.stock'),
  postgresCountdown: token<(tx: PostgresTx) => Countdown>('catalogue.postgres-countdown'),
  memoryCountdown: token<(tx: MemoryTx) => Countdown>('catalogue.memory-countdown'),
};

const MENU_MS = 3_600_000;
/** What is on the shelf changes with time as well: batches expire. */
const PORTIONS_MS = 1_000;

const currentMenus = (source: MenuSource, cache: Cache, committed: CommitSignal): CurrentMenus =>
  ofRestaurants(source, { namespace: 'menus', ttlMs: MENU_MS, isOutdatedBy: (type) => type.startsWith('catalogue.') }, cache, committed);

/** How many portions there are, as people are shown it: who promises them asks the shelf itself. */
function portionsShown(left: Stock['portions'], cache: Cache, committed: CommitSignal): Stock {
  const tags = ['portions'];
  invalidateOn(committed, cache, 'here', ({ type, restaurantId }) =>
    restaurantId !== null && type.startsWith('inventory.') ? { tenant: restaurantId, tags } : undefined,
  );
  return {
    async portions(restaurantId, sellableIds) {
      const key = { namespace: 'portions', tenant: restaurantId, id: 'all' };
      const all = (await cache.getOrSet(key, { ttlMs: PORTIONS_MS, tags }, () => left(restaurantId))) ?? [];
      return sellableIds ? all.filter(({ sellableId }) => sellableIds.includes(sellableId)) : all;
    },
  };
}

const restaurantsOf = (partners: PartnersUseCases): Restaurants => ({
  async find(restaurantId) {
    const restaurant = await partners.restaurant(restaurantId);
    if (!restaurant) return undefined;
    const { timeZone, currency, taxRules, openingHours, isAcceptingOrders } = restaurant;
    return { timeZone, currency, taxClasses: [...new Set(taxRules.map(({ taxClass }) => taxClass))], openingHours, isAcceptingOrders };
  },
});

export const catalogue: Module = {
  core: new ContainerModule(({ bind }) => {
    bind(Catalogue.useCases)
      .toResolvedValue(
        (uow: CatalogueDeps['uow'], queries: CatalogueQueries, menus: CurrentMenus, restaurants: Restaurants, stock: Stock, clock: Clock, ids: Ids) =>
          createCatalogue({ uow, queries, menus, restaurants, stock, clock, ids }),
        [Catalogue.uow, Catalogue.queries, Catalogue.menus, Catalogue.restaurants, Catalogue.stock, Platform.clock, Platform.ids],
      )
      .inSingletonScope();
    bind(Catalogue.menus).toResolvedValue(currentMenus, [Catalogue.menuSource, Platform.cache, Platform.committed]).inSingletonScope();
    bind(Catalogue.restaurants).toResolvedValue(restaurantsOf, [Partners.useCases]).inSingletonScope();
    // Inventory answers what the menu asks and the other way round; how many portions are left needs no menu, so this is no circle.
    bind(Catalogue.stock)
      .toResolvedValue(
        (queries: InventoryQueries, books: RecipeBooks, clock: Clock, cache: Cache, committed: CommitSignal) =>
          portionsShown(portionsLeft({ queries, books, clock }), cache, committed),
        [Inventory.queries, Inventory.books, Platform.clock, Platform.cache, Platform.committed],
      )
      .inSingletonScope();
    bind(Inventory.sellables)
      .toResolvedValue(({ sellableExists }: CatalogueQueries): Sellables => ({ exists: sellableExists }), [Catalogue.queries])
      .inSingletonScope();
    bind(Platform.routes).toResolvedValue(catalogueRoutes, [Catalogue.useCases]).inSingletonScope();
  }),

  postgres: new ContainerModule(({ bind }) => {
    bind(Catalogue.uow)
      .toResolvedValue(
        (platform: PostgresPlatform, countdown: (tx: PostgresTx) => Countdown) =>
          postgresUnitOfWork(platform, (tx) => ({
            menus: postgresMenus(tx),
            categories: postgresCategories(tx),
            items: postgresItems(tx),
            groups: postgresGroups(tx),
            countdown: countdown(tx),
          })),
        [Platform.postgres, Catalogue.postgresCountdown],
      )
      .inSingletonScope();
    bind(Catalogue.postgresCountdown)
      .toResolvedValue((platform: PostgresPlatform) => (tx: PostgresTx) => setCountdownWithin(postgresInventory(tx, platform)), [Platform.postgres])
      .inSingletonScope();
    bind(Catalogue.queries).toResolvedValue(postgresCatalogueQueries, [Platform.sql]).inSingletonScope();
    bind(Catalogue.menuSource).toResolvedValue(postgresMenuSource, [Platform.sql]).inSingletonScope();
  }),

  memory: new ContainerModule(({ bind }) => {
    bind(Catalogue.uow)
      .toResolvedValue(
        (platform: MemoryPlatform, countdown: (tx: MemoryTx) => Countdown) =>
          memoryUnitOfWork(platform, (tx) => ({
            menus: memoryMenus(tx),
            categories: memoryCategories(tx),
            items: memoryItems(tx),
            groups: memoryGroups(tx),
            countdown: countdown(tx),
          })),
        [Platform.memory, Catalogue.memoryCountdown],
      )
      .inSingletonScope();
    bind(Catalogue.memoryCountdown)
      .toResolvedValue((platform: MemoryPlatform) => (tx: MemoryTx) => setCountdownWithin(memoryInventory(tx, platform)), [Platform.memory])
      .inSingletonScope();
    bind(Catalogue.queries).toResolvedValue(memoryCatalogueQueries, [Platform.store]).inSingletonScope();
    bind(Catalogue.menuSource).toResolvedValue(memoryMenuSource, [Platform.store]).inSingletonScope();
  }),

  rows: CATALOGUE_ROWS,
};

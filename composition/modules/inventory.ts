import { ContainerModule } from 'inversify';
import { inventoryRoutes } from '#adapters/http/inventory/routes.ts';
import { memoryInventory } from '#adapters/memory/inventory/inventory-tx.ts';
import { memoryRecipeBooks } from '#adapters/memory/inventory/items-and-recipes.ts';
import { memoryInventoryQueries } from '#adapters/memory/inventory/queries.ts';
import type { MemoryTx } from '#adapters/memory/tx.ts';
import { type MemoryPlatform, memoryUnitOfWork } from '#adapters/memory/unit-of-work.ts';
import { INVENTORY_ROWS } from '#adapters/postgres/inventory/inventory.rows.ts';
import { postgresInventory } from '#adapters/postgres/inventory/inventory-tx.ts';
import { postgresInventoryQueries } from '#adapters/postgres/inventory/queries.ts';
import { postgresRecipeBooks } from '#adapters/postgres/inventory/recipes.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import { type PostgresPlatform, postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import type { CommitSignal } from '#adapters/shared/committed.ts';
import { ofRestaurants } from '#adapters/shared/platform/of-restaurants.ts';
import { createInventory, type Inventory as UseCases } from '#application/inventory/module.ts';
import { onStockChanged } from '#application/inventory/on-stock-changed.ts';
import type {
  InventoryDeps,
  InventoryQueries,
  InventoryTx,
  RecipeBook,
  RecipeBookSource,
  RecipeBooks,
  Sellables,
} from '#application/inventory/ports.ts';
import { writeOffExpired } from '#application/inventory/write-off-expired.ts';
import type { Cache } from '#application/platform/cache.ts';
import type { Clock, Ids } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { token } from '../token.ts';
import { type Module, within } from './module.ts';
import { Platform } from './platform.ts';

export const Inventory = {
  useCases: token<UseCases>('inventory'),
  uow: token<UnitOfWork<InventoryTx>>('inventory.uow'),
  queries: token<InventoryQueries>('inventory.queries'),
  bookSource: token<RecipeBookSource>('inventory.book-source'),
  books: token<RecipeBooks>('inventory.books'),
  /** The menu answers. */
  sellables: token<Sellables>('inventory.sellables'),
};

const BOOK_MS = 3_600_000;
const BOOK_EVENTS = ['inventory.recipe_changed', 'inventory.stock_item_added', 'inventory.stock_item_changed'];
const NO_BOOK: RecipeBook = { revision: 0, recipes: new Map(), items: new Map() };

function recipeBooks(source: RecipeBookSource, cache: Cache, committed: CommitSignal): RecipeBooks {
  const isOutdatedBy = (type: string): boolean => BOOK_EVENTS.includes(type);
  const books = ofRestaurants<RecipeBook>(source, { namespace: 'recipe-books', ttlMs: BOOK_MS, isOutdatedBy }, cache, committed);
  const current = async (restaurantId: string) => (await books.find(restaurantId)) ?? NO_BOOK;
  return {
    async of(restaurantId, newerThan) {
      const book = await current(restaurantId);
      if (newerThan === undefined || book.revision > newerThan) return book;
      books.forget(restaurantId);
      return current(restaurantId);
    },
  };
}

export const inventory: Module = {
  core: new ContainerModule(({ bind }) => {
    bind(Inventory.books).toResolvedValue(recipeBooks, [Inventory.bookSource, Platform.cache, Platform.committed]).inSingletonScope();
    bind(Inventory.useCases)
      .toResolvedValue(
        (uow: InventoryDeps['uow'], queries: InventoryQueries, books: RecipeBooks, sellables: Sellables, clock: Clock, ids: Ids) =>
          createInventory({ uow, queries, books, sellables, clock, ids }),
        [Inventory.uow, Inventory.queries, Inventory.books, Inventory.sellables, Platform.clock, Platform.ids],
      )
      .inSingletonScope();
    bind(Platform.routes).toResolvedValue(inventoryRoutes, [Inventory.useCases]).inSingletonScope();
    bind(Platform.jobs)
      .toResolvedValue(
        (uow: InventoryDeps['uow'], clock: Clock, ids: Ids) => writeOffExpired({ uow, clock, ids }),
        [Inventory.uow, Platform.clock, Platform.ids],
      )
      .inSingletonScope();
  }),

  postgres: new ContainerModule(({ bind }) => {
    bind(Inventory.uow)
      .toResolvedValue((platform: PostgresPlatform) => postgresUnitOfWork(platform, (tx) => postgresInventory(tx, platform)), [Platform.postgres])
      .inSingletonScope();
    bind(Inventory.queries).toResolvedValue(postgresInventoryQueries, [Platform.sql]).inSingletonScope();
    bind(Inventory.bookSource).toResolvedValue(postgresRecipeBooks, [Platform.sql]).inSingletonScope();
    bind(Platform.postgresSubscriptions)
      .toResolvedValue(
        (platform: PostgresPlatform) => within(onStockChanged(platform), (tx: PostgresTx) => postgresInventory(tx, platform)),
        [Platform.postgres],
      )
      .inSingletonScope();
  }),

  memory: new ContainerModule(({ bind }) => {
    bind(Inventory.uow)
      .toResolvedValue((platform: MemoryPlatform) => memoryUnitOfWork(platform, (tx) => memoryInventory(tx, platform)), [Platform.memory])
      .inSingletonScope();
    bind(Inventory.queries).toResolvedValue(memoryInventoryQueries, [Platform.store]).inSingletonScope();
    bind(Inventory.bookSource).toResolvedValue(memoryRecipeBooks, [Platform.store]).inSingletonScope();
    bind(Platform.memorySubscriptions)
      .toResolvedValue(
        (platform: MemoryPlatform) => within(onStockChanged(platform), (tx: MemoryTx) => memoryInventory(tx, platform)),
        [Platform.memory],
      )
      .inSingletonScope();
  }),

  rows: INVENTORY_ROWS,
};

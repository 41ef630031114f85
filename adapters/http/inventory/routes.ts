import { z } from 'zod';
import type { Inventory } from '#application/inventory/module.ts';
import { RECIPE_LINES_MAX } from '#domain/inventory/recipe.ts';
import { err, ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { etag, Id, link, Name, PageQuery, pageRequest, pageView, RestaurantParams } from '../schemas.ts';
import { LEVEL_EXAMPLE, RECIPE_BODY, RECIPE_EXAMPLE, RESERVATION_EXAMPLE, STOCK_ITEM_BODY, STOCK_ITEM_EXAMPLE } from './examples.ts';
import { Units } from './inputs.ts';
import { movementRoutes } from './movement-routes.ts';
import { INVENTORY_PROBLEMS } from './problems.ts';
import {
  LevelView,
  levelView,
  RecipeView,
  ReservationView,
  recipeView,
  reservationView,
  Status,
  StockItemView,
  stockItemView,
  UnitName,
} from './views.ts';

const StockItemParams = RestaurantParams.extend({ stockItemId: Id });
const RecipeParams = RestaurantParams.extend({ sellableId: Id });
const AddBody = z.strictObject({ name: Name, unit: UnitName, lowStockThreshold: Units.default(0) });
const ChangeBody = z.strictObject({ name: Name.optional(), lowStockThreshold: Units.optional() });
const RecipeBody = z.strictObject({ lines: z.array(z.strictObject({ stockItemId: Id, quantity: Units })).max(RECIPE_LINES_MAX) });

const READ = { permission: 'stock:read', in: 'restaurant' } as const;
const WRITE = { permission: 'stock:write', in: 'restaurant' } as const;

export const inventoryRoutes = (inventory: Inventory): readonly AnyRoute[] => [
  ...stockItemRoutes(inventory),
  ...movementRoutes(inventory),
  ...recipeRoutes(inventory),
];

const stockItemRoutes = (inventory: Inventory): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/stock-items',
    operationId: 'listStockItems',
    tag: 'Stock',
    summary: 'List what a restaurant stocks, newest first',
    access: READ,
    params: RestaurantParams,
    query: PageQuery,
    status: 200,
    response: pageView(StockItemView),
    example: { response: { data: [STOCK_ITEM_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { params, query }) => link(`/restaurants/${params.restaurantId}/stock-items`, page, query),
    async handle({ params, query }) {
      const { data, next } = await inventory.stockItems(params.restaurantId, pageRequest(query));
      return ok({ data: data.map(stockItemView), next });
    },
  }),
  route({
    method: 'post',
    path: '/restaurants/{restaurantId}/stock-items',
    operationId: 'addStockItem',
    tag: 'Stock',
    summary: 'Add something to stock',
    description: 'There is nothing of it yet: receive some. Its unit is for ever.',
    access: WRITE,
    params: RestaurantParams,
    body: AddBody,
    status: 201,
    response: StockItemView,
    example: { body: STOCK_ITEM_BODY, response: STOCK_ITEM_EXAMPLE },
    problems: pick(INVENTORY_PROBLEMS, 'inventory.quantity_malformed', 'inventory.name_taken'),
    replyHeaders: etag,
    async handle({ params, body }, { actor }) {
      const added = await inventory.addStockItem({ ...params, ...body }, actor);
      return added.ok ? ok(stockItemView(added.value)) : added;
    },
  }),
  route({
    method: 'patch',
    path: '/restaurants/{restaurantId}/stock-items/{stockItemId}',
    operationId: 'changeStockItem',
    tag: 'Stock',
    summary: 'Change the name or the low stock threshold of a stock item',
    description: 'Only what is given changes. Send the ETag you read in If-Match to be refused if somebody else changed it since.',
    access: WRITE,
    params: StockItemParams,
    body: ChangeBody,
    status: 200,
    response: StockItemView,
    example: { body: { lowStockThreshold: 2 }, response: { ...STOCK_ITEM_EXAMPLE, lowStockThreshold: 2, version: 2 } },
    problems: pick(
      INVENTORY_PROBLEMS,
      'inventory.stock_item_not_found',
      'inventory.quantity_malformed',
      'inventory.changed_meanwhile',
      'inventory.name_taken',
    ),
    replyHeaders: etag,
    async handle({ params, body: { name, lowStockThreshold } }, { actor, ifMatch }) {
      const changed = await inventory.changeStockItem({ ...params, name, lowStockThreshold, expectedVersion: ifMatch }, actor);
      return changed.ok ? ok(stockItemView(changed.value)) : changed;
    },
  }),
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/stock-levels',
    operationId: 'listStockLevels',
    tag: 'Stock',
    summary: 'Read how much there is of everything',
    description:
      'On hand is what is free on the shelf and what is held for orders. Available is what can still be promised: on the shelf, and not expired.',
    access: READ,
    params: RestaurantParams,
    query: PageQuery,
    status: 200,
    response: pageView(LevelView),
    example: { response: { data: [LEVEL_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { params, query }) => link(`/restaurants/${params.restaurantId}/stock-levels`, page, query),
    async handle({ params, query }) {
      const { data, next } = await inventory.stockLevels(params.restaurantId, pageRequest(query));
      return ok({ data: data.map(levelView), next });
    },
  }),
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/reservations',
    operationId: 'listReservations',
    tag: 'Stock',
    summary: 'List what orders hold or held, newest order first',
    access: READ,
    params: RestaurantParams,
    query: PageQuery.extend({ status: Status.optional() }),
    status: 200,
    response: pageView(ReservationView),
    example: { response: { data: [RESERVATION_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { params, query }) => link(`/restaurants/${params.restaurantId}/reservations`, page, query),
    async handle({ params, query: { status, ...query } }) {
      const { data, next } = await inventory.reservations(params.restaurantId, status, pageRequest(query));
      return ok({ data: data.map(reservationView), next });
    },
  }),
];

const recipeRoutes = (inventory: Inventory): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/recipes',
    operationId: 'listRecipes',
    tag: 'Recipes',
    summary: 'List the recipes of a restaurant',
    access: READ,
    params: RestaurantParams,
    query: PageQuery,
    status: 200,
    response: pageView(RecipeView),
    example: { response: { data: [RECIPE_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { params, query }) => link(`/restaurants/${params.restaurantId}/recipes`, page, query),
    async handle({ params, query }) {
      const { data, next } = await inventory.recipes(params.restaurantId, pageRequest(query));
      return ok({ data: data.map(recipeView), next });
    },
  }),
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/recipes/{sellableId}',
    operationId: 'getRecipe',
    tag: 'Recipes',
    summary: 'Read what a portion of an item or option is made of',
    access: READ,
    params: RecipeParams,
    status: 200,
    response: RecipeView,
    example: { response: RECIPE_EXAMPLE },
    problems: pick(INVENTORY_PROBLEMS, 'inventory.recipe_not_found'),
    replyHeaders: etag,
    async handle({ params: { restaurantId, sellableId } }) {
      const recipe = await inventory.recipe(restaurantId, sellableId);
      return recipe ? ok(recipeView(recipe)) : err({ code: 'inventory.recipe_not_found', sellableId });
    },
  }),
  route({
    method: 'put',
    path: '/restaurants/{restaurantId}/recipes/{sellableId}',
    operationId: 'writeRecipe',
    tag: 'Recipes',
    summary: 'Say what a portion of an item or option is made of',
    description:
      'In place of any recipe it has; without lines it takes nothing from the shelf. Orders placed before keep what they hold. ' +
      'Send the ETag you read in If-Match to be refused if somebody else changed it since.',
    access: WRITE,
    params: RecipeParams,
    body: RecipeBody,
    status: 200,
    response: RecipeView,
    example: { body: RECIPE_BODY, response: RECIPE_EXAMPLE },
    problems: pick(
      INVENTORY_PROBLEMS,
      'inventory.sellable_not_found',
      'inventory.quantity_malformed',
      'inventory.stock_item_not_found',
      'inventory.changed_meanwhile',
      'inventory.recipe_malformed',
      'inventory.recipe_too_long',
    ),
    replyHeaders: etag,
    async handle({ params, body }, { actor, ifMatch }) {
      const written = await inventory.writeRecipe({ ...params, ...body, expectedVersion: ifMatch }, actor);
      return written.ok ? ok(recipeView(written.value)) : written;
    },
  }),
];

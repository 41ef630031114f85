import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Catalogue } from '#application/catalogue/module.ts';
import { COUNTDOWN_MAX } from '#domain/catalogue/menu-item.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { etag, RestaurantParams } from '../schemas.ts';
import { AVAILABILITY_EXAMPLE, ITEM_VIEW_EXAMPLE, MENU_EXAMPLE } from './examples.ts';
import { ItemParams, WRITE_AVAILABILITY } from './inputs.ts';
import { CATALOGUE_PROBLEMS } from './problems.ts';
import { AvailabilityView, availabilityView, ItemView, itemView, MenuView, menuView } from './views.ts';

const AvailabilityBody = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('in_stock') }),
  z.strictObject({ state: z.literal('quantity'), quantity: z.int().min(0).max(COUNTDOWN_MAX) }),
  z.strictObject({ state: z.literal('out_of_stock') }),
]);

/** What is true of the menu changes with the clock and the stock, so its tag is made from the content itself. */
const contentTag = (view: unknown): string => `"${createHash('sha256').update(JSON.stringify(view)).digest('base64url')}"`;

export const menuRoutes = (catalogue: Catalogue): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/menu',
    operationId: 'getMenu',
    tag: 'Menu',
    summary: 'Read the menu as it is now',
    description:
      'Categories in order with their items, and the modifier groups the items name. An item is out of stock when it was said to be, and by itself while its recipe cannot make one portion. ' +
      "`isAvailableNow` asks its hours and its category's; `isOrderableNow` also whether there is some, and whether the restaurant is open and accepts orders. " +
      'Keep it and ask again with its ETag in If-None-Match: 304 means that nothing has changed.',
    access: 'public',
    params: RestaurantParams,
    status: 200,
    response: MenuView,
    example: { response: MENU_EXAMPLE },
    problems: pick(CATALOGUE_PROBLEMS, 'catalogue.restaurant_not_found'),
    replyHeaders: (menu) => ({ etag: contentTag(menu), 'cache-control': 'no-cache' }),
    async handle({ params: { restaurantId } }) {
      const menu = await catalogue.menu(restaurantId);
      return menu.ok ? ok(menuView(menu.value)) : menu;
    },
  }),
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/menu/items/{itemId}',
    operationId: 'getMenuItem',
    tag: 'Menu',
    summary: 'Read an item as it was written',
    description: 'Whether it can be had now is at /availability; its modifier groups are in the menu.',
    access: 'public',
    params: ItemParams,
    status: 200,
    response: ItemView,
    example: { response: ITEM_VIEW_EXAMPLE },
    problems: pick(CATALOGUE_PROBLEMS, 'catalogue.restaurant_not_found', 'catalogue.item_not_found'),
    replyHeaders: etag,
    async handle({ params: { restaurantId, itemId } }) {
      const item = await catalogue.item(restaurantId, itemId);
      return item.ok ? ok(itemView(item.value)) : item;
    },
  }),
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/menu/items/{itemId}/availability',
    operationId: 'getMenuItemAvailability',
    tag: 'Menu',
    summary: 'Ask how many of an item can be sold now, and what stops more',
    description:
      '`portions` is null when nothing counts them. `limitedBy` is the ingredient that runs out first. `isOrderableNow` also asks its hours, its required choices, and whether the restaurant is open and accepts orders; ' +
      "`nextOpening` is when its hours and the restaurant's hold again, null while they do, when they never will, and while no orders are accepted.",
    access: 'public',
    params: ItemParams,
    status: 200,
    response: AvailabilityView,
    example: { response: AVAILABILITY_EXAMPLE },
    problems: pick(CATALOGUE_PROBLEMS, 'catalogue.restaurant_not_found', 'catalogue.item_not_found'),
    async handle({ params: { restaurantId, itemId } }) {
      const availability = await catalogue.itemAvailability(restaurantId, itemId);
      return availability.ok ? ok(availabilityView(availability.value)) : availability;
    },
  }),
  route({
    method: 'put',
    path: '/restaurants/{restaurantId}/menu/items/{itemId}/availability',
    operationId: 'setMenuItemAvailability',
    tag: 'Menu',
    summary: 'Say whether an item can be had, or how many portions are left',
    description:
      'With `quantity` each order counts down, and the item is out of stock at 0. The other states stop the count. The answer is what is true now, stock included.',
    access: WRITE_AVAILABILITY,
    params: ItemParams,
    body: AvailabilityBody,
    status: 200,
    response: AvailabilityView,
    example: { body: { state: 'quantity', quantity: 12 }, response: { ...AVAILABILITY_EXAMPLE, state: 'quantity', setTo: 'quantity', portions: 12 } },
    problems: pick(CATALOGUE_PROBLEMS, 'catalogue.restaurant_not_found', 'catalogue.item_not_found', 'catalogue.quantity_malformed'),
    async handle({ params: { restaurantId, itemId }, body }, { actor }) {
      const quantity = body.state === 'quantity' ? body.quantity : null;
      const set = await catalogue.setItemAvailability({ restaurantId, itemId, state: body.state, quantity }, actor);
      return set.ok ? ok(availabilityView(set.value)) : set;
    },
  }),
];

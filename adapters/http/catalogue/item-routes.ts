import { z } from 'zod';
import type { Catalogue } from '#application/catalogue/module.ts';
import { DESCRIPTION_MAX, ITEM_GROUPS_MAX } from '#domain/catalogue/menu-item.ts';
import { POSITION_MAX } from '#domain/catalogue/name.ts';
import { Money } from '#domain/shared/money.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { Amount, etag, given, Id, Name, RestaurantParams, Text, Windows } from '../schemas.ts';
import { ITEM_EXAMPLE, ITEM_VIEW_EXAMPLE } from './examples.ts';
import { IF_MATCH, ItemParams, WRITE_MENU } from './inputs.ts';
import { CATALOGUE_PROBLEMS } from './problems.ts';
import { Allergens, Diet, ItemView, itemView, Tags } from './views.ts';

const TaxClass = z.string().max(40);
const facts = {
  categoryId: Id,
  name: Name,
  description: Text(DESCRIPTION_MAX),
  price: Amount.transform(Money.of),
  taxClass: TaxClass,
  diet: Diet.nullable(),
  tags: Tags,
  allergens: Allergens,
  hours: Windows.nullable(),
  groupIds: z.array(Id).max(ITEM_GROUPS_MAX),
  position: z.int().min(0).max(POSITION_MAX),
};
const AddBody = z.strictObject({
  ...facts,
  description: facts.description.default(''),
  taxClass: facts.taxClass.default(''),
  diet: facts.diet.default(null),
  tags: facts.tags.default([]),
  allergens: facts.allergens.default([]),
  hours: facts.hours.default(null),
  groupIds: facts.groupIds.default([]),
  position: facts.position.optional(),
});
const ChangeBody = z.strictObject(facts).partial();
const FACTS = [
  'catalogue.restaurant_not_found',
  'catalogue.category_not_found',
  'catalogue.modifier_group_not_found',
  'catalogue.item_malformed',
  'catalogue.hours_malformed',
  'catalogue.tax_class_unknown',
] as const;

export const itemRoutes = (catalogue: Catalogue): readonly AnyRoute[] => [
  route({
    method: 'post',
    path: '/restaurants/{restaurantId}/menu/items',
    operationId: 'addMenuItem',
    tag: 'Menu',
    summary: 'Add an item to the menu',
    description:
      'The price is in minor units. Its modifier groups are asked in the order they are given. Without a position it comes last in its category.',
    access: WRITE_MENU,
    params: RestaurantParams,
    body: AddBody,
    status: 201,
    response: ItemView,
    example: { body: ITEM_EXAMPLE, response: ITEM_VIEW_EXAMPLE },
    problems: pick(CATALOGUE_PROBLEMS, 'catalogue.menu_full', ...FACTS),
    replyHeaders: (item, { params }) => ({ ...etag(item), location: `/restaurants/${params.restaurantId}/menu/items/${item.id}` }),
    async handle({ params: { restaurantId }, body }, { actor }) {
      const added = await catalogue.addItem({ restaurantId, item: { ...body, position: body.position } }, actor);
      return added.ok ? ok(itemView(added.value)) : added;
    },
  }),
  route({
    method: 'patch',
    path: '/restaurants/{restaurantId}/menu/items/{itemId}',
    operationId: 'changeMenuItem',
    tag: 'Menu',
    summary: 'Change an item',
    description: IF_MATCH,
    access: WRITE_MENU,
    params: ItemParams,
    body: ChangeBody,
    status: 200,
    response: ItemView,
    example: { body: { price: 13900 }, response: { ...ITEM_VIEW_EXAMPLE, price: { amount: 13900, currency: 'INR' }, version: 2 } },
    problems: pick(CATALOGUE_PROBLEMS, 'catalogue.item_not_found', 'catalogue.changed_meanwhile', ...FACTS),
    replyHeaders: etag,
    async handle({ params, body }, { actor, ifMatch }) {
      const changed = await catalogue.changeItem({ ...params, changes: given(body), expectedVersion: ifMatch }, actor);
      return changed.ok ? ok(itemView(changed.value)) : changed;
    },
  }),
  route({
    method: 'delete',
    path: '/restaurants/{restaurantId}/menu/items/{itemId}',
    operationId: 'archiveMenuItem',
    tag: 'Menu',
    summary: 'Take an item off the menu for good',
    description: 'Orders that have it keep it. To take it off for today, set its availability.',
    access: WRITE_MENU,
    params: ItemParams,
    status: 204,
    response: z.undefined(),
    example: { response: undefined },
    problems: pick(CATALOGUE_PROBLEMS, 'catalogue.item_not_found'),
    handle: ({ params }, { actor }) => catalogue.archiveItem(params, actor),
  }),
];

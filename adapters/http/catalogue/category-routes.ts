import { z } from 'zod';
import type { Catalogue } from '#application/catalogue/module.ts';
import { POSITION_MAX } from '#domain/catalogue/name.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { etag, given, link, Name, PageQuery, pageRequest, pageView, RestaurantParams, Windows } from '../schemas.ts';
import { CATEGORY_EXAMPLE, CATEGORY_VIEW_EXAMPLE } from './examples.ts';
import { CategoryParams, IF_MATCH, WRITE_MENU } from './inputs.ts';
import { CATALOGUE_PROBLEMS } from './problems.ts';
import { CategoryView, categoryView } from './views.ts';

const facts = { name: Name, position: z.int().min(0).max(POSITION_MAX), hours: Windows.nullable() };
const AddBody = z.strictObject({ ...facts, position: facts.position.optional(), hours: facts.hours.default(null) });
const ChangeBody = z.strictObject(facts).partial();
const FACTS = ['catalogue.name_malformed', 'catalogue.position_malformed', 'catalogue.hours_malformed', 'catalogue.category_name_taken'] as const;

export const categoryRoutes = (catalogue: Catalogue): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/menu/categories',
    operationId: 'listMenuCategories',
    tag: 'Menu',
    summary: 'List the categories, newest first',
    access: WRITE_MENU,
    params: RestaurantParams,
    query: PageQuery,
    status: 200,
    response: pageView(CategoryView),
    example: { response: { data: [CATEGORY_VIEW_EXAMPLE], next: null } },
    problems: {},
    replyHeaders: (page, { params, query }) => link(`/restaurants/${params.restaurantId}/menu/categories`, page, query),
    async handle({ params, query }) {
      const { data, next } = await catalogue.categories(params.restaurantId, pageRequest(query));
      return ok({ data: data.map(categoryView), next });
    },
  }),
  route({
    method: 'post',
    path: '/restaurants/{restaurantId}/menu/categories',
    operationId: 'addMenuCategory',
    tag: 'Menu',
    summary: 'Add a category to the menu',
    description:
      'Without a position it comes last; without hours it can be had always. Hours are by the wall clock of the restaurant, and may cross midnight.',
    access: WRITE_MENU,
    params: RestaurantParams,
    body: AddBody,
    status: 201,
    response: CategoryView,
    example: { body: CATEGORY_EXAMPLE, response: CATEGORY_VIEW_EXAMPLE },
    problems: pick(CATALOGUE_PROBLEMS, 'catalogue.restaurant_not_found', 'catalogue.menu_full', ...FACTS),
    replyHeaders: etag,
    async handle({ params: { restaurantId }, body }, { actor }) {
      const added = await catalogue.addCategory({ restaurantId, category: { ...body, position: body.position } }, actor);
      return added.ok ? ok(categoryView(added.value)) : added;
    },
  }),
  route({
    method: 'patch',
    path: '/restaurants/{restaurantId}/menu/categories/{categoryId}',
    operationId: 'changeMenuCategory',
    tag: 'Menu',
    summary: 'Change a category',
    description: IF_MATCH,
    access: WRITE_MENU,
    params: CategoryParams,
    body: ChangeBody,
    status: 200,
    response: CategoryView,
    example: { body: { name: 'All-day breakfast' }, response: { ...CATEGORY_VIEW_EXAMPLE, name: 'All-day breakfast', version: 2 } },
    problems: pick(CATALOGUE_PROBLEMS, 'catalogue.category_not_found', 'catalogue.changed_meanwhile', ...FACTS),
    replyHeaders: etag,
    async handle({ params, body }, { actor, ifMatch }) {
      const changed = await catalogue.changeCategory({ ...params, changes: given(body), expectedVersion: ifMatch }, actor);
      return changed.ok ? ok(categoryView(changed.value)) : changed;
    },
  }),
  route({
    method: 'delete',
    path: '/restaurants/{restaurantId}/menu/categories/{categoryId}',
    operationId: 'archiveMenuCategory',
    tag: 'Menu',
    summary: 'Take an empty category off the menu',
    access: WRITE_MENU,
    params: CategoryParams,
    status: 204,
    response: z.undefined(),
    example: { response: undefined },
    problems: pick(CATALOGUE_PROBLEMS, 'catalogue.category_not_found', 'catalogue.category_not_empty'),
    handle: ({ params }, { actor }) => catalogue.archiveCategory(params, actor),
  }),
];

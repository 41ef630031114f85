import { z } from 'zod';
import type { Catalogue } from '#application/catalogue/module.ts';
import { OPTION_MAX_MAX, OPTIONS_MAX } from '#domain/catalogue/modifier-group.ts';
import { Money } from '#domain/shared/money.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { Amount, etag, given, Id, link, Name, PageQuery, pageRequest, pageView, RestaurantParams } from '../schemas.ts';
import { GROUP_EXAMPLE, GROUP_VIEW_EXAMPLE } from './examples.ts';
import { GroupParams, IF_MATCH, OptionParams, WRITE_AVAILABILITY, WRITE_MENU } from './inputs.ts';
import { CATALOGUE_PROBLEMS } from './problems.ts';
import { GroupView, groupView } from './views.ts';

const Option = z
  .strictObject({
    id: Id.optional(),
    name: Name,
    price: Amount.default(0).transform(Money.of),
    max: z.int().min(1).max(OPTION_MAX_MAX).default(1),
    isOutOfStock: z.boolean().optional(),
  })
  .transform(({ id, isOutOfStock, ...option }) => ({ ...option, id, isOutOfStock }));
const Choices = z
  .int()
  .min(0)
  .max(OPTIONS_MAX * OPTION_MAX_MAX);
const facts = { name: Name, min: Choices, max: Choices, options: z.array(Option).max(OPTIONS_MAX) };
const AddBody = z.strictObject(facts);
const ChangeBody = z.strictObject(facts).partial();
const FACTS = [
  'catalogue.restaurant_not_found',
  'catalogue.name_malformed',
  'catalogue.modifier_group_malformed',
  'catalogue.option_not_found',
] as const;

export const modifierGroupRoutes = (catalogue: Catalogue): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/menu/modifier-groups',
    operationId: 'listModifierGroups',
    tag: 'Menu',
    summary: 'List the modifier groups, newest first',
    access: WRITE_MENU,
    params: RestaurantParams,
    query: PageQuery,
    status: 200,
    response: pageView(GroupView),
    example: { response: { data: [GROUP_VIEW_EXAMPLE], next: null } },
    problems: pick(CATALOGUE_PROBLEMS, 'catalogue.restaurant_not_found'),
    replyHeaders: (page, { params, query }) => link(`/restaurants/${params.restaurantId}/menu/modifier-groups`, page, query),
    async handle({ params, query }) {
      const groups = await catalogue.modifierGroups(params.restaurantId, pageRequest(query));
      return groups.ok ? ok({ data: groups.value.data.map(groupView), next: groups.value.next }) : groups;
    },
  }),
  route({
    method: 'post',
    path: '/restaurants/{restaurantId}/menu/modifier-groups',
    operationId: 'addModifierGroup',
    tag: 'Menu',
    summary: 'Add a modifier group',
    description:
      'One portion takes from `min` to `max` of its options, counted with their quantities; a `min` of 1 or more makes the choice required. Name it in `groupIds` of the items that have it.',
    access: WRITE_MENU,
    params: RestaurantParams,
    body: AddBody,
    status: 201,
    response: GroupView,
    example: { body: GROUP_EXAMPLE, response: GROUP_VIEW_EXAMPLE },
    problems: pick(CATALOGUE_PROBLEMS, 'catalogue.menu_full', ...FACTS),
    replyHeaders: etag,
    async handle({ params: { restaurantId }, body }, { actor }) {
      const added = await catalogue.addModifierGroup({ restaurantId, group: body }, actor);
      return added.ok ? ok(groupView(added.value)) : added;
    },
  }),
  route({
    method: 'patch',
    path: '/restaurants/{restaurantId}/menu/modifier-groups/{groupId}',
    operationId: 'changeModifierGroup',
    tag: 'Menu',
    summary: 'Change a modifier group',
    description: `${IF_MATCH} Options that are given replace those there are: send the id of each that stays, and leave it out for a new one.`,
    access: WRITE_MENU,
    params: GroupParams,
    body: ChangeBody,
    status: 200,
    response: GroupView,
    example: { body: { max: 1 }, response: { ...GROUP_VIEW_EXAMPLE, max: 1, version: 2 } },
    problems: pick(CATALOGUE_PROBLEMS, 'catalogue.modifier_group_not_found', 'catalogue.changed_meanwhile', ...FACTS),
    replyHeaders: etag,
    async handle({ params, body }, { actor, ifMatch }) {
      const changed = await catalogue.changeModifierGroup({ ...params, changes: given(body), expectedVersion: ifMatch }, actor);
      return changed.ok ? ok(groupView(changed.value)) : changed;
    },
  }),
  route({
    method: 'delete',
    path: '/restaurants/{restaurantId}/menu/modifier-groups/{groupId}',
    operationId: 'archiveModifierGroup',
    tag: 'Menu',
    summary: 'Take a modifier group that no item has off the menu',
    access: WRITE_MENU,
    params: GroupParams,
    status: 204,
    response: z.undefined(),
    example: { response: undefined },
    problems: pick(CATALOGUE_PROBLEMS, 'catalogue.modifier_group_not_found', 'catalogue.modifier_group_in_use'),
    handle: ({ params }, { actor }) => catalogue.archiveModifierGroup(params, actor),
  }),
  route({
    method: 'put',
    path: '/restaurants/{restaurantId}/menu/modifier-groups/{groupId}/options/{optionId}/availability',
    operationId: 'setModifierOptionAvailability',
    tag: 'Menu',
    summary: 'Say whether an option can be had',
    description: 'In every item that has its group. An item whose required choice cannot be made any more is out of stock by itself.',
    access: WRITE_AVAILABILITY,
    params: OptionParams,
    body: z.strictObject({ state: z.enum(['in_stock', 'out_of_stock']) }),
    status: 200,
    response: GroupView,
    example: { body: { state: 'in_stock' }, response: { ...GROUP_VIEW_EXAMPLE, version: 2 } },
    problems: pick(CATALOGUE_PROBLEMS, 'catalogue.restaurant_not_found', 'catalogue.modifier_group_not_found', 'catalogue.option_not_found'),
    replyHeaders: etag,
    async handle({ params, body: { state } }, { actor }) {
      const set = await catalogue.setOptionAvailability({ ...params, isOutOfStock: state === 'out_of_stock' }, actor);
      return set.ok ? ok(groupView(set.value)) : set;
    },
  }),
];

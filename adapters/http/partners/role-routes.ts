import { z } from 'zod';
import type { Partners } from '#application/partners/module.ts';
import type { ListedRole } from '#application/partners/roles/list-roles.ts';
import { ROLE_DESCRIPTION_MAX, ROLE_NAME_MAX } from '#domain/partners/role.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { etag, given, link, PageQuery, pageRequest, pageView, RestaurantParams } from '../schemas.ts';
import { GrantablePermission, Name, Text } from '../validators.ts';
import { GivenRole } from './inputs.ts';
import { PARTNERS_PROBLEMS } from './problems.ts';
import { STAFF_EXAMPLE, StaffView, staffPage } from './staff-view.ts';

const RoleParams = RestaurantParams.extend({ roleId: GivenRole });
const content = {
  name: Name.max(ROLE_NAME_MAX),
  description: Text(ROLE_DESCRIPTION_MAX),
  permissions: z
    .array(GrantablePermission)
    .min(1)
    .max(GrantablePermission.options.length)
    .refine((permissions) => new Set(permissions).size === permissions.length, 'each once'),
};
const MakeBody = z.strictObject({ ...content, description: content.description.default('') });
const ChangeBody = z.strictObject(content).partial();
const RoleView = z.object({
  id: z.string().meta({ description: 'What to give people: the name of a role that every restaurant has, or the id of one that this one made.' }),
  name: z.string(),
  description: z.string(),
  permissions: z.array(z.string()),
  isBuiltIn: z.boolean().meta({ description: 'Every restaurant has it, and none can change it.' }),
  version: z.int(),
});

const CONTENT = { name: 'Bookkeeper', description: 'Comes on Fridays', permissions: ['payments:read', 'ledger:read', 'payouts:read'] };
const EXAMPLE = { id: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10', ...CONTENT, isBuiltIn: false, version: 1 };
const view = ({ permissions, ...role }: Omit<ListedRole, 'isBuiltIn'>, isBuiltIn = false): z.input<typeof RoleView> => ({
  ...role,
  permissions: [...permissions],
  isBuiltIn,
});

export const roleRoutes = ({ roles }: Partners): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/roles',
    operationId: 'listRoles',
    tag: 'Roles',
    summary: 'List the roles of a restaurant',
    description: 'Those that every restaurant has, then those it made.',
    access: { permission: 'staff:read', in: 'restaurant' },
    params: RestaurantParams,
    status: 200,
    response: z.object({ data: z.array(RoleView), next: z.null() }),
    example: { response: { data: [EXAMPLE], next: null } },
    problems: {},
    handle: async ({ params: { restaurantId } }) =>
      ok({ data: (await roles.list(restaurantId)).map((role) => view(role, role.isBuiltIn)), next: null }),
  }),
  route({
    method: 'post',
    path: '/restaurants/{restaurantId}/roles',
    operationId: 'makeRole',
    tag: 'Roles',
    summary: 'Make a role',
    description:
      'Out of permissions that you hold here yourself. What only owners may is for owners to give, and making owners is in no such role. GET /me/permissions says what you hold.',
    access: { permission: 'staff:write', in: 'restaurant' },
    params: RestaurantParams,
    body: MakeBody,
    status: 201,
    response: RoleView,
    example: { body: CONTENT, response: EXAMPLE },
    problems: pick(
      PARTNERS_PROBLEMS,
      'partners.restaurant_not_found',
      'partners.too_many_roles',
      'partners.role_name_taken',
      'partners.permission_not_grantable',
      'partners.for_owners_to_give',
      'partners.beyond_your_reach',
    ),
    replyHeaders: (role, { params }) => ({ ...etag(role), location: `/restaurants/${params.restaurantId}/roles/${role.id}` }),
    async handle({ params: { restaurantId }, body }, { actor }) {
      const made = await roles.make({ restaurantId, ...body }, actor);
      return made.ok ? ok(view(made.value)) : made;
    },
  }),
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/roles/{roleId}',
    operationId: 'getRole',
    tag: 'Roles',
    summary: 'Read a role',
    access: { permission: 'staff:read', in: 'restaurant' },
    params: RoleParams,
    status: 200,
    response: RoleView,
    example: { response: EXAMPLE },
    problems: pick(PARTNERS_PROBLEMS, 'partners.role_not_found'),
    replyHeaders: etag,
    async handle({ params: { restaurantId, roleId } }) {
      const found = await roles.find(restaurantId, roleId);
      return found.ok ? ok(view(found.value, found.value.isBuiltIn)) : found;
    },
  }),
  route({
    method: 'patch',
    path: '/restaurants/{restaurantId}/roles/{roleId}',
    operationId: 'changeRole',
    tag: 'Roles',
    summary: 'Change a role',
    description:
      'Whoever holds it may do what it says from then on, sessions under way included. You must hold all that it allowed before and will allow. Send the ETag you read in If-Match to be refused if somebody else changed it since.',
    access: { permission: 'staff:write', in: 'restaurant' },
    params: RoleParams,
    body: ChangeBody,
    status: 200,
    response: RoleView,
    example: {
      body: { permissions: ['payments:read', 'ledger:read'] },
      response: { ...EXAMPLE, permissions: ['payments:read', 'ledger:read'], version: 2 },
    },
    problems: pick(
      PARTNERS_PROBLEMS,
      'partners.role_not_found',
      'partners.role_built_in',
      'partners.role_changed_meanwhile',
      'partners.role_name_taken',
      'partners.permission_not_grantable',
      'partners.for_owners_to_give',
      'partners.beyond_your_reach',
    ),
    replyHeaders: etag,
    async handle({ params, body }, { actor, ifMatch }) {
      const changed = await roles.change({ ...params, changes: given(body), expectedVersion: ifMatch }, actor);
      return changed.ok ? ok(view(changed.value)) : changed;
    },
  }),
  route({
    method: 'delete',
    path: '/restaurants/{restaurantId}/roles/{roleId}',
    operationId: 'removeRole',
    tag: 'Roles',
    summary: 'Remove a role',
    description: 'Only one that nobody works in. Invitations that offer it bring nobody here any more.',
    access: { permission: 'staff:write', in: 'restaurant' },
    params: RoleParams,
    status: 204,
    response: z.undefined(),
    example: { response: undefined },
    problems: pick(PARTNERS_PROBLEMS, 'partners.role_not_found', 'partners.role_built_in', 'partners.role_held', 'partners.beyond_your_reach'),
    handle: ({ params }, { actor }) => roles.remove(params, actor),
  }),
  route({
    method: 'get',
    path: '/restaurants/{restaurantId}/roles/{roleId}/holders',
    operationId: 'listRoleHolders',
    tag: 'Roles',
    summary: 'List who works in a role',
    access: { permission: 'staff:read', in: 'restaurant' },
    params: RoleParams,
    query: PageQuery,
    status: 200,
    response: pageView(StaffView),
    example: { response: { data: [STAFF_EXAMPLE], next: null } },
    problems: pick(PARTNERS_PROBLEMS, 'partners.role_not_found'),
    replyHeaders: (page, { params, query }) => link(`/restaurants/${params.restaurantId}/roles/${params.roleId}/holders`, page, query),
    async handle({ params: { restaurantId, roleId }, query }) {
      const held = await roles.holders(restaurantId, roleId, pageRequest(query));
      return held.ok ? ok(staffPage(held.value)) : held;
    },
  }),
];

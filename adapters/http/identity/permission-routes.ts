import { z } from 'zod';
import type { Identity } from '#application/identity/module.ts';
import type { Held } from '#application/identity/roles/my-permissions.ts';
import { PLATFORM_ROLES } from '#domain/identity/roles.ts';
import { ok } from '#domain/shared/result.ts';
import { HANDING_ON, PERMISSION_ENTRIES, ROLE_ENTRIES } from '../permission-matrix.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { Id } from '../schemas.ts';
import { ACCOUNT_EXAMPLE } from './examples.ts';
import { IDENTITY_PROBLEMS } from './problems.ts';
import { AccountView, accountView } from './views.ts';

const Names = z.array(z.string());
const HeldView = z.object({
  platform: z.object({ roles: z.array(z.enum(PLATFORM_ROLES)), permissions: Names }),
  restaurants: z.array(z.object({ restaurantId: Id, role: z.string(), name: z.string(), permissions: Names })),
});
const MineView = HeldView.extend({
  withheld: z
    .literal('second_factor')
    .nullable()
    .meta({ description: '`second_factor`: all of it sleeps until you sign in with one. Until then you are a customer.' }),
});
const AccountRolesView = HeldView.extend({ account: AccountView });
const MatrixView = z.object({
  roles: z.array(z.object({ role: z.string(), scope: z.enum(['restaurant', 'platform']), permissions: Names })),
  permissions: z.array(
    z.object({
      permission: z.string(),
      purpose: z.string(),
      roles: Names,
      handedOnBy: z.enum(HANDING_ON).meta({ description: 'Who may put it into a role that a restaurant makes.' }),
      isForKeys: z.boolean().meta({ description: 'Whether an API key can be given it.' }),
    }),
  ),
});
const AccountParams = z.object({ accountId: Id });
const PlatformRoleParams = AccountParams.extend({ role: z.enum(PLATFORM_ROLES) });

const HELD_EXAMPLE = {
  platform: { roles: [], permissions: [] },
  restaurants: [
    { restaurantId: '019a9f3f-02aa-7a58-8d0e-6c5b0e3f9d21', role: 'waiter', name: 'waiter', permissions: ['orders:read', 'orders:complete'] },
  ],
};
const MATRIX_EXAMPLE = {
  roles: [{ role: 'waiter', scope: 'restaurant', permissions: ['orders:read', 'orders:complete'] }],
  permissions: [
    { permission: 'orders:read', purpose: 'See the orders of the restaurant', roles: ['owner', 'waiter'], handedOnBy: 'holder', isForKeys: true },
  ],
};
const OPERATE = { permission: 'platform:operate', in: 'platform' } as const;

const heldView = ({ platform, restaurants }: Held): z.input<typeof HeldView> => ({
  platform: { roles: [...platform.roles], permissions: [...platform.permissions] },
  restaurants: restaurants.map((held) => ({ ...held, permissions: [...held.permissions] })),
});

/** What people may do, for themselves and for whoever operates the platform. */
export const permissionRoutes = (identity: Identity): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/me/permissions',
    operationId: 'myPermissions',
    tag: 'Roles',
    summary: 'What you may do where',
    description: 'In each restaurant and on the platform, by the roles you hold, also while they wait for a second factor.',
    access: 'authenticated',
    status: 200,
    response: MineView,
    example: { response: { ...HELD_EXAMPLE, withheld: null } },
    problems: pick(IDENTITY_PROBLEMS, 'identity.account_not_found'),
    async handle(_, { actor }) {
      const mine = await identity.myPermissions(actor);
      return mine.ok ? ok({ ...heldView(mine.value), withheld: mine.value.withheld }) : mine;
    },
  }),
  route({
    method: 'get',
    path: '/admin/permissions',
    operationId: 'getPermissionMatrix',
    tag: 'Roles',
    summary: 'Every role and every permission',
    description: 'What each permission is for, and which roles have it. The same, with every operation, is at /docs/permissions.',
    access: OPERATE,
    status: 200,
    response: MatrixView,
    example: { response: MATRIX_EXAMPLE },
    problems: {},
    handle: async () =>
      ok({
        roles: ROLE_ENTRIES.map((entry) => ({ ...entry, permissions: [...entry.permissions] })),
        permissions: PERMISSION_ENTRIES.map((entry) => ({ ...entry, roles: [...entry.roles] })),
      }),
  }),
  route({
    method: 'get',
    path: '/admin/accounts/{accountId}/roles',
    operationId: 'getAccountRoles',
    tag: 'Roles',
    summary: 'What an account holds where',
    access: OPERATE,
    params: AccountParams,
    status: 200,
    response: AccountRolesView,
    example: { response: { account: ACCOUNT_EXAMPLE, ...HELD_EXAMPLE } },
    problems: pick(IDENTITY_PROBLEMS, 'identity.no_such_account'),
    async handle({ params: { accountId } }) {
      const found = await identity.rolesOfAccount(accountId);
      return found.ok ? ok({ account: accountView(found.value.account), ...heldView(found.value) }) : found;
    },
  }),
  route({
    method: 'put',
    path: '/admin/accounts/{accountId}/roles/{role}',
    operationId: 'givePlatformRole',
    tag: 'Roles',
    summary: 'Give an account a role on the platform',
    description: 'It holds in every restaurant from then on, in sessions under way as well. Twice is once.',
    access: OPERATE,
    params: PlatformRoleParams,
    status: 204,
    response: z.undefined(),
    example: { response: undefined },
    problems: pick(IDENTITY_PROBLEMS, 'identity.no_such_account', 'identity.account_closed'),
    handle: ({ params }, { actor }) => identity.givePlatformRole(params, actor),
  }),
  route({
    method: 'delete',
    path: '/admin/accounts/{accountId}/roles/{role}',
    operationId: 'takePlatformRole',
    tag: 'Roles',
    summary: 'Take a role on the platform from an account',
    description: 'The last admin stays one.',
    access: OPERATE,
    params: PlatformRoleParams,
    status: 204,
    response: z.undefined(),
    example: { response: undefined },
    problems: pick(IDENTITY_PROBLEMS, 'identity.no_such_account', 'identity.role_not_held', 'identity.last_admin'),
    handle: ({ params }, { actor }) => identity.takePlatformRole(params, actor),
  }),
];

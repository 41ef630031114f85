import type { Permission } from '../shared/actor.ts';

/** What an account may hold inside one restaurant. Being a customer takes no role. */
export const RESTAURANT_ROLES = ['owner', 'manager', 'cashier', 'waiter', 'kitchen', 'rider'] as const;
export type RestaurantRole = (typeof RESTAURANT_ROLES)[number];

/** What an account may hold on the platform, and so in every restaurant. */
export const PLATFORM_ROLES = ['support', 'admin'] as const;
export type PlatformRole = (typeof PLATFORM_ROLES)[number];

const IN_RESTAURANT = [
  'restaurants:write',
  'staff:read',
  'staff:write',
  'menu:write',
  'menu:availability',
  'stock:read',
  'stock:write',
  'orders:read',
  'orders:accept',
  'orders:reject',
  'orders:prepare',
  'orders:ready',
  'orders:dispatch',
  'orders:complete',
  'orders:cancel',
  'orders:return',
  'payments:read',
  'payments:take',
  'payments:refund',
  'ledger:read',
  'fraud:read',
  'fraud:review',
  'fraud:lists',
  'payouts:read',
  'support:read',
  'support:write',
  'webhooks:read',
  'webhooks:write',
] as const;

/** What only whoever answers for a restaurant may. */
const OF_OWNER = ['staff:own', 'restaurants:create', 'keys:read', 'keys:write', 'audit:read', 'payouts:write', 'disputes:write'] as const;

/** What only the platform's own people may. */
const OF_PLATFORM = ['emails:read', 'emails:write'] as const;

/** Every permission there is. */
export const PERMISSIONS = [
  ...IN_RESTAURANT,
  ...OF_OWNER,
  ...OF_PLATFORM,
  'platform:operate',
  'ratelimit:bypass',
] as const satisfies readonly Permission[];

const OF_RESTAURANT_ROLE: Readonly<Record<RestaurantRole, readonly (typeof PERMISSIONS)[number][]>> = {
  owner: [...IN_RESTAURANT, ...OF_OWNER],
  manager: IN_RESTAURANT,
  cashier: [
    'orders:read',
    'orders:accept',
    'orders:reject',
    'orders:complete',
    'orders:cancel',
    'menu:availability',
    'payments:read',
    'payments:take',
    'payments:refund',
    'support:read',
    'support:write',
  ],
  waiter: ['orders:read', 'orders:complete', 'payments:read', 'payments:take'],
  kitchen: ['orders:read', 'orders:accept', 'orders:reject', 'orders:prepare', 'orders:ready', 'stock:read', 'menu:availability'],
  rider: ['orders:read', 'orders:dispatch', 'orders:complete', 'orders:return'],
};

const OF_PLATFORM_ROLE: Readonly<Record<PlatformRole, readonly (typeof PERMISSIONS)[number][]>> = {
  support: [
    'orders:read',
    'stock:read',
    'staff:read',
    'payments:read',
    'ledger:read',
    'payouts:read',
    'fraud:read',
    'support:read',
    'support:write',
    'emails:read',
  ],
  admin: PERMISSIONS,
};

const NOTHING: readonly Permission[] = [];

/** What a role allows in its restaurant. A role we do not know allows nothing. */
export const restaurantPermissions = (role: string): readonly Permission[] =>
  Object.hasOwn(OF_RESTAURANT_ROLE, role) ? OF_RESTAURANT_ROLE[role as RestaurantRole] : NOTHING;

/** What a set of platform roles allows everywhere. */
export const platformPermissions = (roles: readonly PlatformRole[]): readonly Permission[] => [
  ...new Set(roles.flatMap((role) => OF_PLATFORM_ROLE[role])),
];

/** Every role there is, for what is decided by roles in the configuration. */
export const ROLES = [...RESTAURANT_ROLES, ...PLATFORM_ROLES] as const;

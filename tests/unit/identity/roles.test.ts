import { describe, expect, it } from 'vitest';
import { PERMISSIONS, PLATFORM_ROLES, platformPermissions, RESTAURANT_ROLES, restaurantPermissions } from '#domain/identity/roles.ts';
import { STAFF_ROLES } from '#domain/partners/staff.ts';

/** Who may do what in a restaurant, as people agreed on it. */
const MATRIX: Readonly<Record<string, string>> = {
  'restaurants:create': 'owner',
  'restaurants:write': 'owner manager',
  'staff:read': 'owner manager',
  'staff:write': 'owner manager',
  'staff:own': 'owner',
  'menu:write': 'owner manager',
  'menu:availability': 'owner manager cashier kitchen',
  'stock:read': 'owner manager kitchen',
  'stock:write': 'owner manager',
  'orders:read': 'owner manager cashier waiter kitchen rider',
  'orders:accept': 'owner manager cashier kitchen',
  'orders:reject': 'owner manager cashier kitchen',
  'orders:prepare': 'owner manager kitchen',
  'orders:ready': 'owner manager kitchen',
  'orders:dispatch': 'owner manager rider',
  'orders:complete': 'owner manager cashier waiter rider',
  'orders:cancel': 'owner manager cashier',
  'orders:return': 'owner manager rider',
  'payments:read': 'owner manager cashier waiter',
  'payments:take': 'owner manager cashier waiter',
  'payments:refund': 'owner manager cashier',
  'ledger:read': 'owner manager',
  'fraud:read': 'owner manager',
  'fraud:review': 'owner manager',
  'fraud:lists': 'owner manager',
  'keys:read': 'owner',
  'keys:write': 'owner',
  'audit:read': 'owner',
  'payouts:read': 'owner manager',
  'payouts:write': 'owner',
  'disputes:write': 'owner',
  'emails:read': '',
  'emails:write': '',
  'platform:operate': '',
  'ratelimit:bypass': '',
};

describe('roles', () => {
  it('allow in a restaurant exactly what was agreed', () => {
    const actual = Object.fromEntries(
      PERMISSIONS.map((one) => [one, RESTAURANT_ROLES.filter((role) => restaurantPermissions(role).includes(one)).join(' ')]),
    );
    expect(actual).toEqual(MATRIX);
  });

  it('are those that partners gives', () => {
    expect([...RESTAURANT_ROLES].sort()).toEqual([...STAFF_ROLES].sort());
  });

  it('allow nothing when nobody knows them', () => {
    for (const role of ['admin', 'support', 'customer', 'constructor', '__proto__', '']) expect(restaurantPermissions(role)).toEqual([]);
  });

  it('allow an admin everything and support a look', () => {
    expect(new Set(platformPermissions(['admin']))).toEqual(new Set(PERMISSIONS));
    expect(platformPermissions(['support'])).toEqual([
      'orders:read',
      'stock:read',
      'staff:read',
      'payments:read',
      'ledger:read',
      'payouts:read',
      'fraud:read',
      'emails:read',
    ]);
    expect(platformPermissions([...PLATFORM_ROLES])).toHaveLength(PERMISSIONS.length);
    expect(platformPermissions([])).toEqual([]);
  });
});

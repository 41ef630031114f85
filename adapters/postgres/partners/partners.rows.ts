import { defineEntity, p } from '@mikro-orm/core';
import { INVITATION_STATUSES } from '#domain/partners/invitation.ts';

export const RestaurantRow = defineEntity({
  name: 'RestaurantRow',
  schema: 'partners',
  tableName: 'restaurants',
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    settings: p.json<Record<string, unknown>>(),
    openedAt: p.datetime(3),
    version: p.integer(),
  },
});

export const StaffRow = defineEntity({
  name: 'StaffRow',
  schema: 'partners',
  tableName: 'staff',
  indexes: [
    { name: 'staff_account', properties: ['accountId'] },
    { name: 'staff_role', properties: ['restaurantId', 'role', 'accountId'] },
  ],
  properties: {
    restaurantId: p.uuid().primary(),
    accountId: p.uuid().primary(),
    displayName: p.text(),
    email: p.text(),
    role: p.text().nullable(),
    since: p.datetime(3),
    version: p.integer(),
  },
});

export const RoleRow = defineEntity({
  name: 'RoleRow',
  schema: 'partners',
  tableName: 'roles',
  uniques: [{ name: 'roles_name', properties: ['restaurantId', 'name'] }],
  properties: {
    restaurantId: p.uuid().primary(),
    id: p.uuid().primary(),
    name: p.text(),
    description: p.text(),
    permissions: p.json<readonly string[]>(),
    version: p.integer(),
  },
});

export const InvitationRow = defineEntity({
  name: 'InvitationRow',
  schema: 'partners',
  tableName: 'invitations',
  uniques: [{ name: 'invitations_selector', properties: ['selector'] }],
  indexes: [
    {
      name: 'invitations_pending',
      expression: `create index invitations_pending on partners.invitations (restaurant_id, expires_at) where status = 'pending'`,
    },
    { name: 'invitations_expiry', properties: ['expiresAt'] },
  ],
  checks: [{ name: 'invitations_status', expression: `status in (${INVITATION_STATUSES.map((status) => `'${status}'`).join(', ')})` }],
  properties: {
    restaurantId: p.uuid().primary(),
    id: p.uuid().primary(),
    email: p.text(),
    role: p.text(),
    selector: p.text(),
    verifierHash: p.text(),
    invitedBy: p.uuid(),
    status: p.text(),
    sentAt: p.datetime(3),
    expiresAt: p.datetime(3),
    version: p.integer(),
  },
});

export const PARTNERS_ROWS = [RestaurantRow, StaffRow, RoleRow, InvitationRow];

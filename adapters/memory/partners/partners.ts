import type { HeldRole, PartnersQueries, Restaurants, Staff } from '#application/partners/ports.ts';
import { type Page, type PageRequest, pageOf } from '#application/shared/page.ts';
import { Restaurant } from '#domain/partners/restaurant.ts';
import type { CustomRole } from '#domain/partners/role.ts';
import type { StaffMember } from '#domain/partners/staff.ts';
import { newestFirst } from '../paging.ts';
import type { MemoryStore } from '../store.ts';
import type { MemoryTx } from '../tx.ts';
import { memoryInvitationQueries } from './invitations.ts';
import { memoryRoleQueries, ROLES } from './roles.ts';

const RESTAURANTS = 'partners.restaurants';
const STAFF = 'partners.staff';
const HOLDERS_MAX = 100;
const staffKey = (restaurantId: string, accountId: string): string => `${restaurantId}:${accountId}`;

export const memoryRestaurants = (tx: MemoryTx): Restaurants => ({
  find: async (restaurantId) => tx.get<Restaurant>(RESTAURANTS, restaurantId),
  async lock(restaurantId) {
    await tx.lock(RESTAURANTS, [restaurantId]);
    return tx.get(RESTAURANTS, restaurantId) !== undefined;
  },
  async save({ state, events }) {
    const { id, version } = Restaurant.check(state);
    tx.put(RESTAURANTS, id, version, { ...state, version: version + events.length });
    tx.append({ stream: `restaurant:${id}`, version, restaurantId: id }, events);
  },
});

export const memoryStaff = (tx: MemoryTx): Staff => ({
  find: async (restaurantId, accountId) => tx.get<StaffMember>(STAFF, staffKey(restaurantId, accountId)),
  async lockOwners(restaurantId) {
    await tx.lock(RESTAURANTS, [restaurantId]);
    return tx.rows<StaffMember>(STAFF).filter((member) => member.restaurantId === restaurantId && member.role === 'owner').length;
  },
  async holders(restaurantId, role) {
    const held = tx.rows<StaffMember>(STAFF).filter((member) => member.restaurantId === restaurantId && member.role === role);
    return held.slice(0, HOLDERS_MAX).map(({ accountId }) => accountId);
  },
  async save({ state, events }) {
    const { restaurantId, accountId, version } = state;
    tx.put(STAFF, staffKey(restaurantId, accountId), version, { ...state, version: version + events.length });
    tx.append({ stream: `staff:${restaurantId}:${accountId}`, version, restaurantId }, events);
  },
});

export const memoryPartnersQueries = (store: MemoryStore): PartnersQueries => ({
  restaurant: async (restaurantId) => store.row<Restaurant>(RESTAURANTS, restaurantId),
  async restaurants(page) {
    return pageOf(
      newestFirst(store.rows<Restaurant>(RESTAURANTS), ({ id }) => id, page),
      page.limit,
      ({ id }) => id,
      (row) => row,
    );
  },
  staff: async (restaurantId, page) => membersPage(store, (member) => member.restaurantId === restaurantId && member.role !== null, page),
  holders: async (restaurantId, role, page) => membersPage(store, (member) => member.restaurantId === restaurantId && member.role === role, page),
  async rolesOf(accountId) {
    return store.rows<StaffMember>(STAFF).flatMap(({ restaurantId, role, ...member }): HeldRole[] => {
      if (member.accountId !== accountId || role === null) return [];
      const made = store.row<CustomRole>(ROLES, role);
      return [{ restaurantId, role, ...(made?.restaurantId === restaurantId && { made: { name: made.name, permissions: made.permissions } }) }];
    });
  },
  ...memoryRoleQueries(store),
  ...memoryInvitationQueries(store),
});

const membersPage = (store: MemoryStore, isMeant: (member: StaffMember) => boolean, page: PageRequest): Page<StaffMember> =>
  pageOf(
    newestFirst(store.rows<StaffMember>(STAFF).filter(isMeant), ({ accountId }) => accountId, page),
    page.limit,
    ({ accountId }) => accountId,
    (row) => row,
  );

import type { PartnersQueries, Roles } from '#application/partners/ports.ts';
import { CustomRole } from '#domain/partners/role.ts';
import type { MemoryStore } from '../store.ts';
import type { MemoryTx } from '../tx.ts';

export const ROLES = 'partners.roles';

export const memoryRoles = (tx: MemoryTx): Roles => ({
  async find(restaurantId, roleId) {
    const role = tx.get<CustomRole>(ROLES, roleId);
    return role?.restaurantId === restaurantId ? CustomRole.check(role) : undefined;
  },
  of: async (restaurantId) => tx.rows<CustomRole>(ROLES).filter((role) => role.restaurantId === restaurantId),
  async save({ state, events }) {
    const { id, restaurantId, version } = CustomRole.check(state);
    tx.put(ROLES, id, version, { ...state, version: version + events.length });
    tx.append({ stream: `role:${id}`, version, restaurantId }, events);
  },
  async remove({ state: { id, restaurantId, version }, events }) {
    tx.delete(ROLES, id);
    tx.append({ stream: `role:${id}`, version, restaurantId }, events);
  },
});

export const memoryRoleQueries = (store: MemoryStore): Pick<PartnersQueries, 'roles' | 'role'> => ({
  roles: async (restaurantId) => store.rows<CustomRole>(ROLES).filter((role) => role.restaurantId === restaurantId),
  async role(restaurantId, roleId) {
    const role = store.row<CustomRole>(ROLES, roleId);
    return role?.restaurantId === restaurantId ? role : undefined;
  },
});

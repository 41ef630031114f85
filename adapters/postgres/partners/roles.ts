import type { PartnersQueries, Roles } from '#application/partners/ports.ts';
import { CustomRole } from '#domain/partners/role.ts';
import type { Permission } from '#domain/shared/actor.ts';
import { saved } from '../saved.ts';
import type { Sql } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

type RoleRecord = {
  readonly id: string;
  readonly restaurant_id: string;
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly Permission[];
  readonly version: number;
};

const COLUMNS = 'id, restaurant_id, name, description, permissions, version';

const toRole = ({ restaurant_id: restaurantId, ...row }: RoleRecord): CustomRole => CustomRole.check({ ...row, restaurantId });

const INSERT = `
  insert into partners.roles (restaurant_id, id, version, name, description, permissions)
  values ($1::uuid, $2::uuid, $3::int, $4, $5, $6::jsonb)
  returning 1`;
const UPDATE = `
  update partners.roles set version = $3::int, name = $4, description = $5, permissions = $6::jsonb
   where restaurant_id = $1::uuid and id = $2::uuid and version = $7::int
  returning 1`;

async function findRole(sql: Sql, restaurantId: string, roleId: string): Promise<CustomRole | undefined> {
  const [row] = await sql<RoleRecord>(`select ${COLUMNS} from partners.roles where restaurant_id = $1::uuid and id = $2::uuid`, [
    restaurantId,
    roleId,
  ]);
  return row && toRole(row);
}

async function rolesOf(sql: Sql, restaurantId: string): Promise<readonly CustomRole[]> {
  const rows = await sql<RoleRecord>(`select ${COLUMNS} from partners.roles where restaurant_id = $1::uuid order by id`, [restaurantId]);
  return rows.map(toRole);
}

export const postgresRoles = ({ sql, append }: PostgresTx): Roles => ({
  find: (restaurantId, roleId) => findRole(sql, restaurantId, roleId),
  of: (restaurantId) => rolesOf(sql, restaurantId),
  async save({ state, events }) {
    const { id, restaurantId, name, description, permissions, version } = CustomRole.check(state);
    const values = [restaurantId, id, version + events.length, name, description, JSON.stringify(permissions)];
    saved(version === 0 ? await sql(INSERT, values) : await sql(UPDATE, [...values, version]), `role ${id}`);
    append({ stream: `role:${id}`, version, restaurantId }, events);
  },
  async remove({ state: { id, restaurantId, version }, events }) {
    const gone = await sql('delete from partners.roles where restaurant_id = $1::uuid and id = $2::uuid and version = $3::int returning 1', [
      restaurantId,
      id,
      version,
    ]);
    saved(gone, `role ${id}`);
    append({ stream: `role:${id}`, version, restaurantId }, events);
  },
});

export const postgresRoleQueries = (sql: () => Sql): Pick<PartnersQueries, 'roles' | 'role'> => ({
  roles: (restaurantId) => rolesOf(sql(), restaurantId),
  role: (restaurantId, roleId) => findRole(sql(), restaurantId, roleId),
});

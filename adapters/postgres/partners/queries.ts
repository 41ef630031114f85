import type { PartnersQueries } from '#application/partners/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import type { Permission } from '#domain/shared/actor.ts';
import { LAST } from '../paging.ts';
import type { Sql } from '../sql.ts';
import { postgresInvitationQueries } from './invitations.ts';
import { findRestaurant, RESTAURANT_COLUMNS, type RestaurantRecord, toRestaurant } from './restaurants.ts';
import { postgresRoleQueries } from './roles.ts';
import { STAFF_COLUMNS, type StaffRecord, toStaffMember } from './staff.ts';

type HeldRecord = {
  readonly restaurant_id: string;
  readonly role: string;
  readonly name: string | null;
  readonly permissions: readonly Permission[] | null;
};
// A restaurant has few roles of its own, so its rows are looked through.
const HELD = `
  select s.restaurant_id, s.role, r.name, r.permissions
    from partners.staff s left join partners.roles r on r.restaurant_id = s.restaurant_id and r.id::text = s.role
   where s.account_id = $1::uuid and s.role is not null
   order by s.restaurant_id`;

export const postgresPartnersQueries = (sql: () => Sql): PartnersQueries => ({
  restaurant: (restaurantId) => findRestaurant(sql(), restaurantId),
  async restaurants({ limit, after = LAST }) {
    const rows = await sql()<RestaurantRecord>(
      `select ${RESTAURANT_COLUMNS} from partners.restaurants where id < $1::uuid order by id desc limit $2::int`,
      [after, limit + 1],
    );
    return pageOf(rows, limit, ({ id }) => id, toRestaurant);
  },
  async staff(restaurantId, { limit, after = LAST }) {
    const rows = await sql()<StaffRecord>(
      `select ${STAFF_COLUMNS} from partners.staff
        where restaurant_id = $1::uuid and role is not null and account_id < $2::uuid
        order by account_id desc limit $3::int`,
      [restaurantId, after, limit + 1],
    );
    return pageOf(rows, limit, ({ account_id }) => account_id, toStaffMember);
  },
  async holders(restaurantId, role, { limit, after = LAST }) {
    const rows = await sql()<StaffRecord>(
      `select ${STAFF_COLUMNS} from partners.staff
        where restaurant_id = $1::uuid and role = $2 and account_id < $3::uuid
        order by account_id desc limit $4::int`,
      [restaurantId, role, after, limit + 1],
    );
    return pageOf(rows, limit, ({ account_id }) => account_id, toStaffMember);
  },
  async rolesOf(accountId) {
    const rows = await sql()<HeldRecord>(HELD, [accountId]);
    return rows.map(({ restaurant_id: restaurantId, role, name, permissions }) => ({
      restaurantId,
      role,
      ...(name !== null && permissions !== null && { made: { name, permissions } }),
    }));
  },
  ...postgresRoleQueries(sql),
  ...postgresInvitationQueries(sql),
});

import type { PartnersQueries } from '#application/partners/ports.ts';
import { pageOf } from '#application/shared/page.ts';
import { LAST } from '../paging.ts';
import type { Sql } from '../sql.ts';
import { findRestaurant, RESTAURANT_COLUMNS, type RestaurantRecord, toRestaurant } from './restaurants.ts';
import { STAFF_COLUMNS, type StaffRecord, toStaffMember } from './staff.ts';

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
  async rolesOf(accountId) {
    const rows = await sql()<{ restaurant_id: string; role: string }>(
      'select restaurant_id, role from partners.staff where account_id = $1::uuid and role is not null order by restaurant_id',
      [accountId],
    );
    return rows.map(({ restaurant_id, role }) => ({ restaurantId: restaurant_id, role }));
  },
});

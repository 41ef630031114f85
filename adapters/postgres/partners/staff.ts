import type { Staff } from '#application/partners/ports.ts';
import type { StaffMember } from '#domain/partners/staff.ts';
import { saved } from '../saved.ts';
import { instant, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

export type StaffRecord = {
  readonly restaurant_id: string;
  readonly account_id: string;
  readonly display_name: string;
  readonly email: string;
  readonly role: string | null;
  readonly since: string;
  readonly version: number;
};

export const STAFF_COLUMNS = 'restaurant_id, account_id, display_name, email, role, since, version';

export const toStaffMember = (row: StaffRecord): StaffMember => ({
  restaurantId: row.restaurant_id,
  accountId: row.account_id,
  displayName: row.display_name,
  email: row.email,
  role: row.role,
  since: instant(row.since),
  version: row.version,
});

export const postgresStaff = ({ sql, append }: PostgresTx): Staff => ({
  async find(restaurantId, accountId) {
    const [row] = await sql<StaffRecord>(`select ${STAFF_COLUMNS} from partners.staff where restaurant_id = $1::uuid and account_id = $2::uuid`, [
      restaurantId,
      accountId,
    ]);
    return row && toStaffMember(row);
  },
  async lockOwners(restaurantId) {
    // The restaurant's row is the lock: locking only the owners would miss one who is being added.
    await sql('select 1 from partners.restaurants where id = $1::uuid for update', [restaurantId]);
    const owners = await sql(`select 1 from partners.staff where restaurant_id = $1::uuid and role = 'owner'`, [restaurantId]);
    return owners.length;
  },
  async holders(restaurantId, role) {
    const rows = await sql<{ account_id: string }>(
      'select account_id from partners.staff where restaurant_id = $1::uuid and role = $2 order by account_id limit 100',
      [restaurantId, role],
    );
    return rows.map(({ account_id }) => account_id);
  },
  async save({ state, events }) {
    const { restaurantId, accountId, displayName, email, role, since, version } = state;
    const written = await sql(
      `insert into partners.staff as s (restaurant_id, account_id, display_name, email, role, since, version)
       values ($1::uuid, $2::uuid, $3, $4, $5, $6::timestamptz, $7::int)
       on conflict (restaurant_id, account_id) do update
         set display_name = excluded.display_name, email = excluded.email, role = excluded.role, since = excluded.since, version = excluded.version
       where s.version = $8::int
       returning 1`,
      [restaurantId, accountId, displayName, email, role, timestamp(since), version + events.length, version],
    );
    saved(written, `staff ${accountId}`);
    append({ stream: `staff:${restaurantId}:${accountId}`, version, restaurantId }, events);
  },
});

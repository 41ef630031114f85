import type { Restaurants } from '#application/partners/ports.ts';
import { Restaurant, type RestaurantSettings } from '#domain/partners/restaurant.ts';
import { saved } from '../saved.ts';
import { instant, type Sql, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

export type RestaurantRecord = {
  readonly id: string;
  readonly settings: RestaurantSettings;
  readonly opened_at: string;
  readonly version: number;
};

export const RESTAURANT_COLUMNS = 'id, settings, opened_at, version';

export const toRestaurant = ({ id, settings, opened_at, version }: RestaurantRecord): Restaurant =>
  Restaurant.check({ ...settings, id, openedAt: instant(opened_at), version });

export async function findRestaurant(sql: Sql, restaurantId: string): Promise<Restaurant | undefined> {
  const [row] = await sql<RestaurantRecord>(`select ${RESTAURANT_COLUMNS} from partners.restaurants where id = $1::uuid`, [restaurantId]);
  return row && toRestaurant(row);
}

export const postgresRestaurants = ({ sql, append }: PostgresTx): Restaurants => ({
  find: (restaurantId) => findRestaurant(sql, restaurantId),
  async lock(restaurantId) {
    return (await sql('select 1 from partners.restaurants where id = $1::uuid for update', [restaurantId])).length > 0;
  },
  async save({ state, events }) {
    const { id, openedAt, version, ...settings } = Restaurant.check(state);
    const next = version + events.length;
    const written =
      version === 0
        ? await sql(
            'insert into partners.restaurants (id, name, settings, opened_at, version) values ($1::uuid, $2, $3::jsonb, $4::timestamptz, $5) returning 1',
            [id, settings.name, JSON.stringify(settings), timestamp(openedAt), next],
          )
        : await sql(
            'update partners.restaurants set name = $3, settings = $4::jsonb, version = $5 where id = $1::uuid and version = $2 returning 1',
            [id, version, settings.name, JSON.stringify(settings), next],
          );
    saved(written, `restaurant ${id}`);
    append({ stream: `restaurant:${id}`, version, restaurantId: id }, events);
  },
});

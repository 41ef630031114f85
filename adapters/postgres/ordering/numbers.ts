import type { OrderNumbers } from '#application/ordering/ports.ts';
import { NumberBlocks } from '../../shared/number-blocks.ts';
import type { Sql } from '../sql.ts';

const BLOCK = 20;
const TAKE = `
  insert into ordering.order_numbers as n (restaurant_id, business_day, last) values ($1::uuid, $2::date, $3::int)
  on conflict (restaurant_id, business_day) do update set last = n.last + excluded.last
  returning last`;

export function postgresOrderNumbers(sql: () => Sql): OrderNumbers {
  const blocks = new NumberBlocks(async (key, size) => {
    const [restaurantId, businessDay] = key.split('/');
    const [row] = await sql()<{ last: number }>(TAKE, [restaurantId, businessDay, size]);
    return Number(row?.last);
  }, BLOCK);
  return { next: (restaurantId, businessDay) => blocks.next(`${restaurantId}/${businessDay}`) };
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCK } from '#adapters/postgres/inventory/balances.ts';
import { HOLD } from '#adapters/postgres/inventory/ledger.ts';
import { openStockroom, type Stockroom } from '../../support/inventory.ts';
import { SQL_PROFILES } from '../../support/profiles.ts';

const ID = '00000000-0000-7000-8000-000000000007';
const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const id = (n: string) => `('00000000-0000-7000-8000-' || lpad((${n})::text, 12, '0'))::uuid`;

describe.each(SQL_PROFILES)('the plans of inventory on %s', (profile) => {
  let room: Stockroom;
  beforeAll(async () => {
    room = await openStockroom(profile);
    // Ninety restaurants of two hundred items; a hundredth of the batches ever expires, a hundredth of the orders is under way.
    await room.sql(`insert into inventory.balances (restaurant_id, stock_item_id, batch_id, shelf, held, expires_at)
      select ${id('n % 90')}, ${id('n % 200')}, gen_random_uuid(), 5, 5, case when n % 100 = 0 then now() + n * interval '1 minute' end from generate_series(1, 18000) n`);
    await room.sql(`insert into inventory.movements (restaurant_id, id, stock_item_id, batch_id, from_place, to_place, quantity, kind, document_id, at)
      select ${id('n % 9')}, gen_random_uuid(), ${id('n % 700')}, gen_random_uuid(), 'shelf', 'held', 1, 'order', gen_random_uuid(), now() from generate_series(1, 18000) n`);
    await room.sql(`insert into inventory.reservations (restaurant_id, order_id, lines, status, reserved_at, version)
      select ${id('n % 9')}, gen_random_uuid(), '[]', case n % 100 when 0 then 'held' when 1 then 'expired' else 'fulfilled' end, now(), 1 from generate_series(1, 18000) n`);
    await room.sql('analyze inventory.balances, inventory.movements, inventory.reservations');
  });
  afterAll(() => room?.close());

  it.each([
    [
      'the batches of some items',
      `select * from inventory.balances where restaurant_id = '${ID}' and stock_item_id = any('{${ID}}') for update`,
      'balances_pkey',
    ],
    [
      'what has expired',
      `select * from inventory.balances where expires_at <= now() and shelf > 0 order by expires_at limit 200 for update skip locked`,
      'balances_expiry',
    ],
    ['the ledger', `select * from inventory.movements where restaurant_id = '${ID}' and id < '${LAST}' order by id desc limit 21`, 'movements_pkey'],
    [
      'the ledger of an item',
      `select * from inventory.movements where restaurant_id = '${ID}' and id < '${LAST}' and stock_item_id = '${ID}' order by id desc limit 21`,
      'movements_item',
    ],
    [
      'what orders hold',
      `select * from inventory.reservations where restaurant_id = '${ID}' and order_id < '${LAST}' and status = 'held' order by order_id desc limit 21`,
      'reservations_held',
    ],
    [
      'what orders gave back',
      `select * from inventory.reservations where restaurant_id = '${ID}' and order_id < '${LAST}' and status = 'expired' order by order_id desc limit 21`,
      'reservations_undone',
    ],
  ])('read %s by an index', async (_, query, index) => {
    const plan = JSON.stringify(await room.sql(`explain ${query}`));
    expect(plan).toContain(index);
    expect(plan).not.toContain('Seq Scan');
  });

  it.each([
    ['the batches that orders lock', LOCK],
    ['the batches that orders take from', HOLD],
  ])('find %s by the key, whatever the planner thinks how many there are', async (_, statement) => {
    const plan = JSON.stringify(await room.sql(`explain ${statement.replace('$1', `(select '[]'::text offset 0)`)}`));
    expect(plan).toContain('Index Scan using balances_pkey');
    expect(plan).not.toContain('Seq Scan');
  });

  it('index nothing that a reservation changes in a balance', async () => {
    const indexes = await room.sql<{ indexdef: string }>(`select indexdef from pg_indexes where schemaname = 'inventory' and tablename = 'balances'`);
    expect(indexes).toHaveLength(2);
    expect(JSON.stringify(indexes)).not.toMatch(/shelf|held/);
  });
});

import { randomUUID } from 'node:crypto';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { Pool, type PoolClient } from 'pg';

/**
 * The hand-written limit: one handler and `pg`, one transaction of named statements, the same rows in the same tables as
 * an order of ours. It leaves out everything else: no login, no validation, no menu, no prices, no log, nobody listening.
 */
const pool = new Pool({ connectionString: process.env['DATABASE_URL'], max: Number(process.env['DATABASE_POOL_MAX'] ?? 16) });
const [restaurantId, customerId, itemIds] = [process.env['RESTAURANT'] as string, randomUUID(), (process.env['STOCK'] as string).split(',')];
const TABLES = ['platform.requests', 'ordering.orders', 'inventory.balances', 'inventory.reservations', 'inventory.movements', 'platform.events'];
const DAY = new Date().toISOString().slice(0, 10);
const PRICE = 12_900;
let last = 0;

const REQUEST = 'insert into bench_limit.requests values ($1, $2, $3, $4, $5)';
const ORDER = `insert into bench_limit.orders (id, restaurant_id, customer_id, business_day, number, status, total, placed_at, facts, version)
  values ($1, $2, $3, $4, $5, 'placed', $6, $7, $8, 1)`;
const HOLD = `
  with line as (select l.* from jsonb_to_recordset($2::jsonb) as l ("stockItemId" uuid, quantity bigint)),
       locked as (select b.stock_item_id from bench_limit.balances b where b.restaurant_id = $1 and b.stock_item_id in (select "stockItemId" from line)
                   order by b.stock_item_id for update)
  update bench_limit.balances b set shelf = b.shelf - l.quantity, held = b.held + l.quantity from line l join locked k on k.stock_item_id = l."stockItemId"
   where b.restaurant_id = $1 and b.stock_item_id = l."stockItemId" and b.shelf >= l.quantity`;
const RESERVATION = `insert into bench_limit.reservations (restaurant_id, order_id, lines, status, reserved_at, version) values ($1, $2, $3, 'held', $4, 1)`;
const MOVEMENTS = `
  insert into bench_limit.movements (restaurant_id, id, stock_item_id, batch_id, from_place, to_place, quantity, kind, document_id, at)
  select $1::uuid, l.id, l."stockItemId", l."stockItemId", 'shelf', 'held', l.quantity, 'order', $3::uuid, $4::timestamptz
    from jsonb_to_recordset($2::jsonb) as l (id uuid, "stockItemId" uuid, quantity bigint)`;
const EVENTS = `
  insert into bench_limit.events (id, type, stream, version, restaurant_id, data, actor, recorded_at)
  select e.id, e.type, e.stream, 1, $2::uuid, e.data, 'account', $3::timestamptz from jsonb_to_recordset($1::jsonb) as e (id uuid, type text, stream text, data jsonb)`;

const run = (client: PoolClient, name: string, text: string, values: unknown[]) => client.query({ name, text, values });

type Asked = { readonly lines: readonly { readonly itemId: string; readonly quantity: number }[]; readonly key: string };

async function place({ lines, key }: Asked): Promise<object> {
  const [orderId, at] = [randomUUID(), new Date().toISOString()];
  const billed = lines.map((line) => ({
    ...line,
    name: 'A dish',
    unitPrice: PRICE,
    modifiers: [],
    note: null,
    taxClass: 'food',
    subtotal: PRICE * line.quantity,
  }));
  const total = billed.reduce((sum, { subtotal }) => sum + subtotal, 0);
  const facts = { restaurantId, customerId, lines: billed, price: { subtotal: total, total }, placedAt: at };
  const held = lines.map(({ quantity }, i) => ({
    id: randomUUID(),
    stockItemId: itemIds[(last + i * 7) % itemIds.length],
    quantity: quantity * 1_000,
  }));
  const events = [
    { id: randomUUID(), type: 'ordering.order_placed', stream: `order:${orderId}`, data: { orderId, order: facts } },
    { id: randomUUID(), type: 'inventory.stock_reserved', stream: `reservation:${orderId}`, data: { orderId, lines: held } },
  ];
  const client = await pool.connect();
  try {
    await client.query('begin');
    await run(client, 'request', REQUEST, ['orders', key, key, orderId, at]);
    await run(client, 'order', ORDER, [orderId, restaurantId, customerId, DAY, ++last, total, at, JSON.stringify(facts)]);
    await run(client, 'reservation', RESERVATION, [restaurantId, orderId, JSON.stringify(held), at]);
    await run(client, 'movements', MOVEMENTS, [restaurantId, JSON.stringify(held), orderId, at]);
    await run(client, 'events', EVENTS, [JSON.stringify(events), restaurantId, at]);
    const { rowCount } = await run(client, 'hold', HOLD, [restaurantId, JSON.stringify(held)]);
    if (rowCount !== new Set(held.map(({ stockItemId }) => stockItemId)).size) throw new Error('short');
    await client.query('commit');
    return { id: orderId, ...facts };
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

await pool.query('drop schema if exists bench_limit cascade; create schema bench_limit');
for (const table of TABLES) await pool.query(`create table bench_limit.${table.split('.')[1]} (like ${table} including all)`);
await pool.query('insert into bench_limit.balances select * from inventory.balances where restaurant_id = $1', [restaurantId]);

const app = new Hono();
app.post('/orders', async (c) => c.json(await place({ ...(await c.req.json<Asked>()), key: c.req.header('idempotency-key') ?? randomUUID() }), 201));
serve({ fetch: app.fetch, port: Number(process.env['PORT']), hostname: '127.0.0.1' }, () => process.send?.('ready'));
process.once('SIGTERM', () => process.exit(0));

import type { Reservations, StockEntries } from '#application/inventory/ports.ts';
import type { Ids } from '#application/shared/ports.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import type { Movement, MovementLine } from '#domain/inventory/movement.ts';
import { Reservation, type ReservationStatus } from '#domain/inventory/reservation.ts';
import { instant, timestamp, timestampOrNull } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

/** What every statement that moves stock begins with; its parameters 1 to 8 are those of `moveParams`. */
const LINE = `
  with line as (
    select l.* from jsonb_to_recordset($8::jsonb) as l (id uuid, "stockItemId" uuid, "batchId" uuid, quantity bigint)
  )`;

// Whoever comes without having locked the balances locks them here, in the order of `Balances.lock`, before any is changed.
const LOCKED = `
  locked as materialized (
    select b.stock_item_id, b.batch_id
      from inventory.balances b join line l on b.stock_item_id = l."stockItemId" and b.batch_id = l."batchId"
     where b.restaurant_id = $1::uuid
     order by b.stock_item_id, b.expires_at nulls last, b.batch_id
       for update of b
  )`;
const LOCKED_LINE = 'line l join locked k on k.stock_item_id = l."stockItemId" and k.batch_id = l."batchId"';

/** The balances and the ledger move together. A line that would leave less than nothing moves nothing: the caller counts them. */
const moved = (lines: string): string => `
  moved as (
    update inventory.balances b
       set shelf = b.shelf + case 'shelf' when $5::text then l.quantity when $4::text then -l.quantity else 0 end,
           held = b.held + case 'held' when $5::text then l.quantity when $4::text then -l.quantity else 0 end
      from ${lines}
     where b.restaurant_id = $1::uuid and b.stock_item_id = l."stockItemId" and b.batch_id = l."batchId"
       and case $4::text when 'shelf' then b.shelf when 'held' then b.held else l.quantity end >= l.quantity
    returning 1
  ), written as (
    insert into inventory.movements (restaurant_id, id, stock_item_id, batch_id, from_place, to_place, quantity, kind, document_id, reason, at)
    select $1::uuid, l.id, l."stockItemId", l."batchId", $4::text, $5::text, l.quantity, $3::text, $2::uuid, $6::text, $7::timestamptz from line l
  )`;

const COUNT = 'select count(*)::int as moved from moved';
const ENTER = `${LINE}, ${moved('line l')} ${COUNT}`;

// Orders that share a transaction may want the same batch: it gives what all of them take, or nothing. Each batch is looked up
// by itself, because a join would be planned for more rows than there are, and read the whole table.
export const HOLD = `
  with hold as (
    select * from jsonb_to_recordset($1::jsonb)
        as h ("restaurantId" uuid, "orderId" uuid, lines jsonb, "lineIds" uuid[], "expiresAt" timestamptz, "reservedAt" timestamptz, version int)
  ), line as (
    select h."restaurantId", h."orderId", h."reservedAt", l.*
      from hold h
     cross join lateral rows from (jsonb_to_recordset(h.lines) as ("stockItemId" uuid, "batchId" uuid, quantity bigint), unnest(h."lineIds"))
        as l ("stockItemId", "batchId", quantity, id)
  ), taken as (
    select l."stockItemId", l."batchId", sum(l.quantity)::bigint as quantity,
           (select b.ctid from inventory.balances b
             where b.restaurant_id = l."restaurantId" and b.stock_item_id = l."stockItemId" and b.batch_id = l."batchId") as place
      from line l group by l."restaurantId", l."stockItemId", l."batchId"
  ), moved as (
    update inventory.balances b set shelf = b.shelf - t.quantity, held = b.held + t.quantity
      from taken t
     where b.ctid = any (array(select place from taken)) and b.ctid = t.place and b.shelf >= t.quantity
    returning b.stock_item_id, b.batch_id
  ), written as (
    insert into inventory.movements (restaurant_id, id, stock_item_id, batch_id, from_place, to_place, quantity, kind, document_id, at)
    select "restaurantId", id, "stockItemId", "batchId", 'shelf', 'held', quantity, 'order', "orderId", "reservedAt" from line
  ), reservation as (
    insert into inventory.reservations (restaurant_id, order_id, lines, status, expires_at, reserved_at, version)
    select "restaurantId", "orderId", lines, 'held', "expiresAt", "reservedAt", version from hold
  )
  select l."orderId" as order_id from line l join moved m on m.stock_item_id = l."stockItemId" and m.batch_id = l."batchId"`;
const SETTLE = `${LINE}, ${LOCKED}, ${moved(LOCKED_LINE)}, reservation as (
    update inventory.reservations set status = $9::text, settled_at = $7::timestamptz, version = $11::int
     where restaurant_id = $1::uuid and order_id = $2::uuid and version = $10::int returning 1
  ) ${COUNT} where exists (select 1 from reservation)`;

const OPEN = `
  insert into inventory.balances (restaurant_id, stock_item_id, batch_id, shelf, held, expires_at, lot)
  select $1::uuid, b."stockItemId", b."batchId", 0, 0, b."expiresAt", b.lot
    from jsonb_to_recordset($2::jsonb) as b ("stockItemId" uuid, "batchId" uuid, "expiresAt" timestamptz, lot text)
  on conflict do nothing`;
const PRUNE = `
  delete from inventory.balances
   where restaurant_id = $1::uuid and stock_item_id = any($2::uuid[]) and batch_id <> stock_item_id and shelf = 0 and held = 0`;

const FIND = `
  select restaurant_id, order_id, lines, status, expires_at, reserved_at, settled_at, version
    from inventory.reservations where restaurant_id = $1::uuid and order_id = $2::uuid for update`;

export type ReservationRecord = {
  readonly restaurant_id: string;
  readonly order_id: string;
  readonly lines: readonly MovementLine[];
  readonly status: ReservationStatus;
  readonly expires_at: string | null;
  readonly reserved_at: string;
  readonly settled_at: string | null;
  readonly version: number;
};

const instantOrNull = (text: string | null): number | null => (text === null ? null : instant(text));

export const toReservation = (row: ReservationRecord): Reservation =>
  Reservation.check({
    restaurantId: row.restaurant_id,
    orderId: row.order_id,
    lines: row.lines,
    status: row.status,
    expiresAt: instantOrNull(row.expires_at),
    reservedAt: instant(row.reserved_at),
    settledAt: instantOrNull(row.settled_at),
    version: row.version,
  });

const moveParams = ({ restaurantId, documentId, kind, from, to, reason, at, lines }: Movement, ids: Ids): readonly unknown[] => [
  restaurantId,
  documentId,
  kind,
  from,
  to,
  reason,
  timestamp(at),
  JSON.stringify(lines.map((line) => ({ ...line, id: ids.next() }))),
];

function wholly([row]: readonly { readonly moved: number }[], { lines, documentId }: Movement): void {
  if (row?.moved !== lines.length) throw new WriteConflict(`the stock that ${documentId} moves is no longer there`);
}

export const postgresStockEntries = ({ sql, append }: PostgresTx, ids: Ids): StockEntries => ({
  async save({ state, events }) {
    const { restaurantId, documentId, lines, opens, kind } = state;
    append({ stream: `stock_movement:${documentId}`, version: 0, restaurantId }, events);
    if (lines.length === 0) return;
    if (opens.length > 0) {
      const batches = opens.map(({ expiresAt, ...batch }) => ({ ...batch, expiresAt: expiresAt === null ? null : timestamp(expiresAt) }));
      await sql(OPEN, [restaurantId, JSON.stringify(batches)]);
    }
    wholly(await sql(ENTER, moveParams(state, ids)), state);
    if (kind === 'receipt') await sql(PRUNE, [restaurantId, lines.map(({ stockItemId }) => stockItemId)]);
  },
});

export const postgresReservations = ({ sql, gather, append }: PostgresTx, ids: Ids): Reservations => ({
  async lock(restaurantId, orderId) {
    const [row] = await sql<ReservationRecord>(FIND, [restaurantId, orderId]);
    return row && toReservation(row);
  },
  async save({ state, events }) {
    const { restaurantId, orderId, lines, status, expiresAt, reservedAt, version } = Reservation.check(state);
    const movement = Reservation.movement(state);
    const next = version + events.length;
    append({ stream: `reservation:${orderId}`, version, restaurantId }, events);
    if (version > 0) return wholly(await sql(SETTLE, [...moveParams(movement, ids), status, version, next]), movement);
    const moved = await gather<{ order_id: string }>(HOLD, {
      restaurantId,
      orderId,
      lines,
      lineIds: lines.map(() => ids.next()),
      expiresAt: timestampOrNull(expiresAt),
      reservedAt: timestamp(reservedAt),
      version: next,
    });
    wholly([{ moved: moved.filter(({ order_id }) => order_id === orderId).length }], movement);
  },
});

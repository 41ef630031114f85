import type { MikroORM } from '@mikro-orm/postgresql';
import { Container } from 'inversify';
import { toRecordedEvent as toMemoryEvent } from '#adapters/memory/event-log.ts';
import { BALANCES, type BalancesRow, MOVEMENTS, type MovementRow } from '#adapters/memory/inventory/tables.ts';
import type { MemoryStore } from '#adapters/memory/store.ts';
import { EVENT_COLUMNS, type EventRow, toRecordedEvent } from '#adapters/postgres/events/log.ts';
import { type Sql, sqlOf } from '#adapters/postgres/sql.ts';
import { CommitSignal } from '#adapters/shared/committed.ts';
import type { Inventory as UseCases } from '#application/inventory/module.ts';
import type { InventoryTx } from '#application/inventory/ports.ts';
import { type ReserveStock, stockWithin } from '#application/inventory/stock-within.ts';
import type { RecordedEvent } from '#application/shared/events.ts';
import { Inventory, inventory } from '#composition/modules/inventory.ts';
import { Platform, platform } from '#composition/modules/platform.ts';
import type { Balance } from '#domain/inventory/balance.ts';
import type { InventoryEvent } from '#domain/inventory/events.ts';
import type { Outcome } from '#domain/inventory/reservation.ts';
import type { StockItem, Unit } from '#domain/inventory/stock-item.ts';
import { system } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { openRows } from './databases.ts';
import { type Profile, SILENT, testConfig } from './profiles.ts';

const MODULES = [platform, inventory];
const ROWS = MODULES.flatMap(({ rows }) => rows);
export const AT = 1_764_000_000_000;
export const HOUR = 3_600_000;
export const CLERK = system('clerk');

/** Inventory on its own, with a menu that has whatever it is asked for, and a clock that stands still. */
export class Stockroom {
  readonly container: Container;
  readonly inventory: UseCases;
  readonly clock: { at: number };
  readonly statements: { count: number };
  readonly #sql: (() => Sql) | undefined;
  readonly #close: () => Promise<void>;

  constructor(
    container: Container,
    parts: { clock: { at: number }; statements: { count: number }; sql: (() => Sql) | undefined; close(): Promise<void> },
  ) {
    this.container = container;
    this.inventory = container.get(Inventory.useCases);
    this.clock = parts.clock;
    this.statements = parts.statements;
    this.#sql = parts.sql;
    this.#close = parts.close;
  }

  run = <R extends Result<unknown, unknown>>(work: (tx: InventoryTx) => Promise<R>): Promise<R> => this.container.get(Inventory.uow).run(CLERK, work);

  /** Reserves as an order would, in a transaction of its own; a shortage rolls it back. */
  reserve = (order: Pick<ReserveStock, 'restaurantId' | 'orderId' | 'demand'> & Partial<ReserveStock>) =>
    this.run(async (tx) => {
      const revision = await tx.recipes.revision(order.restaurantId);
      const reserved = await stockWithin(tx).reserve({ expiresAt: null, usableAt: this.clock.at, at: this.clock.at, revision, ...order });
      if (reserved === 'stale') throw new Error('the revision was read in the same transaction');
      return reserved === 'reserved' ? ok(reserved) : err(reserved);
    });

  settle = (restaurantId: string, orderId: string, outcome: Outcome) =>
    this.run(async (tx) => ok(await stockWithin(tx).settle({ restaurantId, orderId, outcome, at: this.clock.at })));

  async item(restaurantId: string, name: string = crypto.randomUUID(), unit: Unit = 'kg', lowStockThreshold = 0): Promise<StockItem> {
    return must(await this.inventory.addStockItem({ restaurantId, name, unit, lowStockThreshold }, CLERK));
  }

  /** Receives, in units; `keepsFor` is how long it keeps from now, in milliseconds. */
  async receive({ restaurantId, id }: StockItem, quantity: number, keepsFor: number | null = null, lot: string | null = null): Promise<string> {
    const expiresAt = keepsFor === null ? null : this.clock.at + keepsFor;
    const entry = must(await this.inventory.receiveStock({ ...heading(restaurantId, id), quantity, lot, expiresAt }, CLERK));
    return entry.lines[0]?.batchId as string;
  }

  /** Every balance there is, of one restaurant or of all. */
  async balances(restaurantId?: string): Promise<readonly (Balance & { readonly restaurantId: string })[]> {
    const all = await this.#balances();
    return all.filter((balance) => restaurantId === undefined || balance.restaurantId === restaurantId);
  }

  async #balances(): Promise<readonly (Balance & { readonly restaurantId: string })[]> {
    if (!this.#sql) {
      const rows = this.#store.rows<BalancesRow>(BALANCES);
      return rows.flatMap((row) => row.balances.map((balance) => ({ ...balance, restaurantId: row.restaurantId })));
    }
    const rows = await this.#sql()<Record<string, string>>(
      'select restaurant_id, stock_item_id, batch_id, shelf, held, expires_at, lot from inventory.balances order by restaurant_id, stock_item_id, batch_id',
    );
    return rows.map((row) => ({
      restaurantId: row['restaurant_id'] as string,
      stockItemId: row['stock_item_id'] as string,
      batchId: row['batch_id'] as string,
      shelf: Number(row['shelf']) as Balance['shelf'],
      held: Number(row['held']) as Balance['held'],
      expiresAt: row['expires_at'] ? Date.parse(row['expires_at']) : null,
      lot: row['lot'] ?? null,
    }));
  }

  /** Every line of the ledger. */
  async movements(): Promise<readonly Pick<MovementRow, 'restaurantId' | 'stockItemId' | 'batchId' | 'from' | 'to' | 'quantity'>[]> {
    if (!this.#sql) return this.#store.rows<MovementRow>(MOVEMENTS);
    return this.#sql()(
      `select restaurant_id as "restaurantId", stock_item_id as "stockItemId", batch_id as "batchId",
              from_place as "from", to_place as "to", quantity::int as quantity from inventory.movements`,
    );
  }

  async events(stream?: string): Promise<readonly RecordedEvent<InventoryEvent>[]> {
    const events = this.#sql
      ? (await this.#sql()<EventRow>(`select ${EVENT_COLUMNS} from platform.events e order by e.xid, e.position`)).map(toRecordedEvent)
      : this.#store.events.map(toMemoryEvent);
    return events.filter((event) => stream === undefined || event.stream === stream) as RecordedEvent<InventoryEvent>[];
  }

  sql<Row>(text: string, params: readonly unknown[] = []): Promise<readonly Row[]> {
    if (!this.#sql) throw new Error('there is no SQL in memory');
    return this.#sql()<Row>(text, params);
  }

  /** Another process on the same data: with a cache of its own, that hears of no commits but its own. */
  other(): Container {
    const container = containerOn(this.container.isBound(Platform.orm) ? this.container.get(Platform.orm) : undefined, this.clock);
    if (!this.#sql) container.rebind(Platform.store).toConstantValue(this.#store);
    container.rebind(Platform.committed).toConstantValue(new CommitSignal());
    return container;
  }

  async close(): Promise<void> {
    await this.container.unbindAll();
    await this.#close();
  }

  get #store(): MemoryStore {
    return this.container.get(Platform.store);
  }
}

export async function openStockroom(profile: Profile): Promise<Stockroom> {
  const statements = { count: 0 };
  const { orm, close } = await openRows(profile, ROWS, statements);
  const clock = { at: AT };
  return new Stockroom(containerOn(orm, clock), { clock, statements, close, sql: orm && (() => sqlOf(orm.em.fork())) });
}

function containerOn(orm: MikroORM | undefined, clock: { at: number }): Container {
  const container = new Container();
  container.bind(Platform.config).toConstantValue(testConfig);
  container.bind(Platform.secret).toConstantValue('a-secret-that-only-the-tests-know-000');
  container.bind(Platform.log).toConstantValue(SILENT);
  container.bind(Inventory.sellables).toConstantValue({ exists: async (_restaurantId, sellableId) => !sellableId.startsWith('00000000') });
  if (orm) container.bind(Platform.orm).toConstantValue(orm);
  for (const module of MODULES) container.load(module.core, orm ? module.postgres : module.memory);
  container.rebind(Platform.clock).toConstantValue({ now: () => clock.at });
  return container;
}

export const heading = (restaurantId: string, stockItemId: string) => ({ restaurantId, stockItemId, reason: null, request: undefined });

export function must<T>(result: Result<T, unknown>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

export const newId = (): string => crypto.randomUUID();

/** In another order every time, and the same for the same seed. */
export const shuffled = <T>(list: readonly T[], seed: number): readonly T[] =>
  list
    .map((value, i) => ({ value, rank: Math.sin(seed * 97 + i * 31) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ value }) => value);

import { Container } from 'inversify';
import { MemoryStore } from '#adapters/memory/store.ts';
import type { MemoryTx } from '#adapters/memory/tx.ts';
import { readStream } from '#adapters/postgres/events/log.ts';
import { sqlOf } from '#adapters/postgres/sql.ts';
import type { PostgresTx } from '#adapters/postgres/tx.ts';
import type { Catalogue as UseCases } from '#application/catalogue/module.ts';
import type { CatalogueQueries, Countdown, StockPortions } from '#application/catalogue/ports.ts';
import { Catalogue, catalogue } from '#composition/modules/catalogue.ts';
import { Notifications } from '#composition/modules/notifications.ts';
import { Partners, partners } from '#composition/modules/partners.ts';
import { Platform, platform } from '#composition/modules/platform.ts';
import { Restaurant, type RestaurantSettings } from '#domain/partners/restaurant.ts';
import { system } from '#domain/shared/actor.ts';
import { Money } from '#domain/shared/money.ts';
import { ok } from '#domain/shared/result.ts';
import { openRows } from './databases.ts';
import { must } from './must.ts';
import { type Profile, SILENT, testConfig } from './profiles.ts';
import { restaurantSettings } from './restaurants.ts';

const MODULES = [platform, partners, catalogue];
const ROWS = MODULES.flatMap(({ rows }) => rows);
const COUNTDOWNS = 'test.countdowns';

export const TESTER = system('test');

/** One process of Thali with a clock of its own; several may share a database. Inventory's answers are set by hand. */
export class CatalogueProcess {
  readonly container: Container;
  readonly menu: UseCases;
  readonly queries: CatalogueQueries;
  readonly clock: { at: number };
  readonly stock: { portions: StockPortions[] };

  constructor(container: Container, clock: { at: number }, stock: { portions: StockPortions[] }) {
    this.container = container;
    this.clock = clock;
    this.stock = stock;
    this.menu = container.get(Catalogue.useCases);
    this.queries = container.get(Catalogue.queries);
  }

  async restaurant(changes: Partial<RestaurantSettings> = {}): Promise<string> {
    const restaurantId = crypto.randomUUID();
    const opened = must(Restaurant.open(restaurantId, restaurantSettings(changes), this.clock.at));
    await this.container.get(Partners.uow).run(TESTER, async (tx) => ok(await tx.restaurants.save(opened)));
    return restaurantId;
  }

  category = async (restaurantId: string, name: string) =>
    must(await this.menu.addCategory({ restaurantId, category: { name, position: undefined, hours: null } }, TESTER));

  item = async (restaurantId: string, categoryId: string, name: string, changes: Partial<Parameters<UseCases['addItem']>[0]['item']> = {}) => {
    const blank = {
      description: '',
      price: Money.of(12_900),
      taxClass: '',
      diet: null,
      tags: [],
      allergens: [],
      hours: null,
      groupIds: [],
      position: undefined,
    };
    return must(await this.menu.addItem({ restaurantId, item: { ...blank, categoryId, name, ...changes } }, TESTER)).item;
  };

  group = async (restaurantId: string, name: string, options: readonly string[], min = 0, max = options.length) =>
    must(
      await this.menu.addModifierGroup(
        {
          restaurantId,
          group: {
            name,
            min,
            max,
            options: options.map((option) => ({ id: undefined, name: option, price: Money.of(1_000), max: 1, isOutOfStock: undefined })),
          },
        },
        TESTER,
      ),
    ).group;
}

export type CatalogueDatabase = {
  process(): CatalogueProcess;
  readonly clock: { at: number };
  readonly statements: { count: number };
  /** What inventory was told to count down; null once it was told to stop. */
  countdown(itemId: string): Promise<number | null | undefined>;
  events(stream: string): Promise<readonly { readonly type: string; readonly version: number; readonly data: Record<string, unknown> }[]>;
  /** Runs a query for the rows that break a promise; always none in memory. */
  culprits(sql: string): Promise<readonly unknown[]>;
  close(): Promise<void>;
};

export async function openCatalogue(profile: Profile): Promise<CatalogueDatabase> {
  const statements = { count: 0 };
  const clock = { at: Date.parse('2026-11-21T10:30:00Z') };
  const store = new MemoryStore();
  const containers: Container[] = [];
  const { orm, close } = await openRows(profile, ROWS, statements);
  const sql = orm && sqlOf(orm.em.fork());
  await sql?.('create schema test');
  await sql?.('create table test.countdowns (item_id uuid primary key, portions int)');

  return {
    clock,
    statements,
    process() {
      const container = new Container();
      containers.push(container);
      const stock = { portions: [] as StockPortions[] };
      container.bind(Platform.config).toConstantValue(testConfig);
      container.bind(Platform.secret).toConstantValue('a-secret-that-only-the-tests-know-000');
      container.bind(Platform.log).toConstantValue(SILENT);
      if (orm) container.bind(Platform.orm).toConstantValue(orm);
      for (const module of MODULES) container.load(module.core, orm ? module.postgres : module.memory);
      container.rebind(Platform.clock).toConstantValue({ now: () => clock.at });
      if (!orm) container.rebind(Platform.store).toConstantValue(store);
      const nobody = (): never => {
        throw new Error('nobody is invited here');
      };
      container.bind(Partners.letters).toConstantValue({ secrets: { mint: nobody, read: nobody }, hours: 1, link: nobody, take: nobody });
      const sealing = { vault: { seal: nobody, open: nobody }, digest: nobody, ids: { next: nobody }, trace: nobody };
      container.bind(Notifications.queueing).toConstantValue({ ...sealing, clock: { now: () => clock.at } });
      container.bind(Partners.people).toConstantValue({ find: async () => undefined, byId: async () => undefined });
      container.rebind(Catalogue.stock).toConstantValue({
        portions: async (_restaurantId, ids) => stock.portions.filter(({ sellableId }) => ids === undefined || ids.includes(sellableId)),
      });
      if (orm) container.rebind(Catalogue.postgresCountdown).toConstantValue(sqlCountdown);
      else container.rebind(Catalogue.memoryCountdown).toConstantValue(memoryCountdown);
      return new CatalogueProcess(container, clock, stock);
    },
    async countdown(itemId) {
      if (!sql) return store.row<{ portions: number | null }>(COUNTDOWNS, itemId)?.portions;
      const [row] = await sql<{ portions: number | null }>('select portions from test.countdowns where item_id = $1::uuid', [itemId]);
      return row?.portions;
    },
    async events(stream) {
      if (sql)
        return (await readStream(sql, stream)).map(({ version, data }) => ({
          type: data.type,
          version,
          data: data as Record<string, unknown> & { type: string },
        }));
      return store.events
        .filter((event) => event.stream === stream)
        .map(({ version, json }) => {
          const data = JSON.parse(json) as Record<string, unknown> & { type: string };
          return { type: data.type, version, data };
        });
    },
    culprits: async (query) => (sql ? sql(query) : []),
    async close() {
      for (const container of containers) await container.unbindAll();
      await close();
    },
  };
}

const sqlCountdown = ({ sql }: PostgresTx): Countdown => ({
  async set(_restaurantId, itemId, _itemName, portions) {
    await sql('insert into test.countdowns values ($1::uuid, $2::int) on conflict (item_id) do update set portions = excluded.portions', [
      itemId,
      portions,
    ]);
  },
});
const memoryCountdown = (tx: MemoryTx): Countdown => ({
  async set(_restaurantId, itemId, _itemName, portions) {
    tx.set(COUNTDOWNS, itemId, { portions });
  },
});

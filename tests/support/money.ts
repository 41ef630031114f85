import { ContainerModule } from 'inversify';
import { sqlOf } from '#adapters/postgres/sql.ts';
import type { PaymentProvider } from '#application/payments/provider.ts';
import { Payments } from '#composition/modules/payments.ts';
import { Platform } from '#composition/modules/platform.ts';
import { INVARIANTS } from '#composition/modules.ts';
import { createProcessors, type Processors } from '#composition/processors.ts';
import type { Profile } from './profiles.ts';
import { openTill, type Till } from './till.ts';
import { VirtualClock } from './virtual-clock.ts';
import { type Answer, type Json, startWorld, type World } from './world.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** Ten in the morning, UTC. */
const START = Date.UTC(2026, 1, 3, 10);

/** A till whose provider and whose time are the test's to move, with the platform's own operator beside it. */
export class MoneyStage {
  readonly world: World;
  readonly till: Till;
  readonly clock: VirtualClock;
  readonly adminEmail: string;
  admin: string;
  #keys = 0;

  constructor(world: World, till: Till, clock: VirtualClock, admin: { readonly email: string; readonly token: string }) {
    this.world = world;
    this.till = till;
    this.clock = clock;
    this.adminEmail = admin.email;
    this.admin = admin.token;
  }

  get restaurantId(): string {
    return this.till.kitchen.restaurantId;
  }
  get owner(): string {
    return this.till.kitchen.owner;
  }
  at = (path: string): string => `/restaurants/${this.restaurantId}${path}`;
  get = async (path: string, token = this.owner): Promise<Json> => (await this.world.get(path, token)).body;
  key = (): string => `money-${++this.#keys}`;

  /** Runs one of the jobs that time would. */
  run(name: string): Promise<number> {
    const job = this.world.container.getAll(Platform.jobs).find((one) => one.name === name);
    if (!job) throw new Error(`there is no job ${name}`);
    return job.run();
  }

  /** Lets everything that is on its way arrive. */
  async settle(): Promise<void> {
    for (let i = 0; i < 2; i++) {
      await this.till.provider.runDue();
      await this.till.provider.idle();
      await this.run('payments-inbox');
      await this.run('payments-operations');
    }
    await this.world.container.get(Platform.eventLog).settle();
  }

  /** Time goes by, and what is due in it happens. Tokens are new afterwards: the old ones have expired. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.settle();
    this.clock.advance(5_000); // What happened is told of a little later.
    await this.settle();
    await this.till.kitchen.signIn();
    this.admin = await this.world.signIn(this.adminEmail);
  }

  /** Names where the restaurant's money goes: an account that the provider knows. */
  async openAccount(more: object = {}, token = this.owner): Promise<string> {
    const account = this.till.provider.addAccount('A kitchen');
    const written = await this.world.call('PUT', this.at('/payout-account'), { body: { account, ...more }, token });
    if (written.status !== 200) throw new Error(JSON.stringify(written.body));
    return account;
  }

  payOut = (body: object = {}, token = this.owner, key = this.key()): Promise<Answer> =>
    this.world.post(this.at('/payouts'), body, token, { 'idempotency-key': key });

  /** What stands on an account, debit above zero. */
  async balance(account: string): Promise<number> {
    const { data } = await this.get(this.at('/balances'));
    return data.find((one: Json) => one.account === account)?.balance.amount ?? 0;
  }
  owed = async (): Promise<number> => 0 - (await this.balance('restaurant:payable'));

  /** All that the doctor finds wrong; nothing on memory, which it cannot examine. */
  async findings(): Promise<Record<string, readonly string[]>> {
    const { store } = this.world.database;
    if (store.kind !== 'sql') return {};
    await this.world.container.get(Platform.eventLog).settle();
    const ask = sqlOf(store.orm.em.fork());
    const found: Record<string, readonly string[]> = {};
    for (const { id, sql } of INVARIANTS) {
      const culprits = await ask<{ culprit: string; detail: string }>(`select * from (${sql}) as culprits limit 6`);
      if (culprits.length > 0) found[id] = culprits.map(({ culprit, detail }) => `${culprit}: ${detail}`);
    }
    return found;
  }
}

let opened = 0;

/** `wrap` may stand between us and the simulated provider, to say what it would not. */
export async function openMoney(
  profile: Profile,
  wrap: (provider: PaymentProvider) => PaymentProvider = (provider) => provider,
): Promise<MoneyStage> {
  const clock = new VirtualClock(START);
  const wrapped = new ContainerModule(({ rebind }) => {
    rebind(Payments.screening).toConstantValue({ assess: async () => 'allow' }); // One customer pays for everything here: that is no fraud.
    rebind(Payments.processors)
      .toResolvedValue(
        (config, secret): Processors => {
          const { providers, simulator } = createProcessors(config, secret, clock);
          return { simulator, providers: new Map([...providers].map(([name, provider]) => [name, wrap(provider)])) };
        },
        [Platform.config, Platform.secret],
      )
      .inSingletonScope();
  });
  const world = await startWorld(profile, clock.override(), wrapped);
  await Promise.all(world.container.getAll(Platform.workers).map((worker) => worker.stop())); // The test says when what happens.
  const till = await openTill(world);
  return new MoneyStage(world, till, clock, await world.account(`operator${++opened}@money.test`, 'admin'));
}

import { Container } from 'inversify';
import { MemoryStore } from '#adapters/memory/store.ts';
import { openMemoryPglite } from '#adapters/pglite/open.ts';
import { createPgliteOrm } from '#adapters/pglite/orm.ts';
import { createPostgresOrm } from '#adapters/postgres/orm.ts';
import type { Identity as UseCases } from '#application/identity/module.ts';
import type { AccountActor } from '#application/identity/ports.ts';
import { Identity, identity } from '#composition/modules/identity.ts';
import { Partners, partners } from '#composition/modules/partners.ts';
import { Platform, platform } from '#composition/modules/platform.ts';
import type { StaffRole } from '#domain/partners/staff.ts';
import { StaffMember } from '#domain/partners/staff.ts';
import { ANONYMOUS, system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { type Profile, SILENT, testConfig } from './profiles.ts';

const MODULES = [platform, partners, identity];
const ROWS = MODULES.flatMap(({ rows }) => rows);

export const PASSWORD = 'tiffin-At-7-sharp';

/** One process of Thali with a clock of its own; several may share a database. */
export class IdentityProcess {
  readonly container: Container;
  readonly identity: UseCases;
  readonly clock: { at: number };

  constructor(container: Container, clock: { at: number }) {
    this.container = container;
    this.clock = clock;
    this.identity = container.get(Identity.useCases);
  }

  async register(email: string, platformRole?: 'support' | 'admin'): Promise<string> {
    const command = { email, password: PASSWORD, displayName: 'Asha Rao', ...(platformRole && { platformRole }) };
    const registered = await this.identity.registerAccount(command, system('test'));
    if (!registered.ok) throw new Error(JSON.stringify(registered.error));
    return registered.value.id;
  }

  async signIn(email: string) {
    const signedIn = await this.identity.signIn({ identifier: email, password: PASSWORD }, ANONYMOUS);
    if (!signedIn.ok) throw new Error(JSON.stringify(signedIn.error));
    return signedIn.value;
  }

  async actorOf(accessToken: string): Promise<AccountActor> {
    const actor = await this.identity.authenticate(accessToken);
    if (actor?.kind !== 'account') throw new Error('not authenticated');
    return actor;
  }

  refresh = (refreshToken: string) => this.identity.refreshSession({ refreshToken }, ANONYMOUS);

  /** Sets the role an account holds in a restaurant; null takes it away. */
  async staff(restaurantId: string, accountId: string, role: StaffRole | null): Promise<void> {
    const at = this.clock.at;
    await this.container.get(Partners.uow).run(system('test'), async (tx) => {
      const before = await tx.staff.find(restaurantId, accountId);
      const person = { accountId, displayName: 'Asha Rao', email: 'asha@example.com' };
      const removed = before && StaffMember.remove(before, 2, at);
      if (role === null && !removed?.ok) throw new Error('nobody to remove');
      await tx.staff.save(role === null && removed?.ok ? removed.value : StaffMember.add(before, restaurantId, person, role as StaffRole, at));
      return ok(undefined);
    });
  }
}

export type IdentityDatabase = {
  process(): IdentityProcess;
  readonly clock: { at: number };
  readonly statements: { count: number };
  close(): Promise<void>;
};

export async function openIdentity(profile: Profile): Promise<IdentityDatabase> {
  const statements = { count: 0 };
  const clock = { at: 1_764_000_000_000 };
  const store = new MemoryStore();
  const containers: Container[] = [];
  const { orm, close } = await open(profile, statements);
  return {
    clock,
    statements,
    process() {
      const container = new Container();
      containers.push(container);
      container.bind(Platform.config).toConstantValue(testConfig);
      container.bind(Platform.secret).toConstantValue('a-secret-that-only-the-tests-know-000');
      container.bind(Platform.log).toConstantValue(SILENT);
      if (orm) container.bind(Platform.orm).toConstantValue(orm);
      for (const module of MODULES) container.load(module.core, orm ? module.postgres : module.memory);
      container.rebind(Platform.clock).toConstantValue({ now: () => clock.at });
      if (!orm) container.rebind(Platform.store).toConstantValue(store);
      return new IdentityProcess(container, clock);
    },
    async close() {
      for (const container of containers) await container.unbindAll();
      await close();
    },
  };
}

async function open(profile: Profile, statements: { count: number }) {
  if (profile === 'memory') return { orm: undefined, close: async () => undefined };
  if (profile === 'pglite') {
    const pglite = await openMemoryPglite();
    const orm = createPgliteOrm(pglite, ROWS, statements);
    await orm.schema.create();
    return {
      orm,
      async close() {
        await orm.close();
        await pglite.close();
      },
    };
  }
  const orm = createPostgresOrm('postgresql://root@127.0.0.1:5432/scratch_identity', ROWS, 16, statements);
  await orm.schema.refresh();
  return { orm, close: () => orm.close() };
}

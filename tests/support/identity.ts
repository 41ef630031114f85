import { type Container, ContainerModule } from 'inversify';
import { MemoryStore } from '#adapters/memory/store.ts';
import type { Identity as UseCases } from '#application/identity/module.ts';
import type { AccountActor } from '#application/identity/ports.ts';
import { createContainer } from '#composition/container.ts';
import { Identity } from '#composition/modules/identity.ts';
import { Partners } from '#composition/modules/partners.ts';
import { Platform } from '#composition/modules/platform.ts';
import { StaffMember, type StaffRole } from '#domain/partners/staff.ts';
import { ANONYMOUS, system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { must } from './must.ts';
import { freshDatabase, type Profile, SILENT, testConfig } from './profiles.ts';

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
    if ('challenge' in signedIn.value) throw new Error('a second factor is asked for');
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
      if (role === null && !before) throw new Error('nobody to remove');
      const changed =
        role === null
          ? StaffMember.remove(before as StaffMember, 2, system('test'), at)
          : StaffMember.add(before, { restaurantId, person, role }, 2, system('test'), at);
      await tx.staff.save(must(changed));
      return ok(undefined);
    });
  }
}

export type IdentityDatabase = {
  process(): IdentityProcess;
  readonly clock: { at: number };
  readonly statements: { readonly count: number };
  close(): Promise<void>;
};

/** A database of its own that any number of processes work on, by one clock which only the test moves. */
export async function openIdentity(profile: Profile): Promise<IdentityDatabase> {
  const database = await freshDatabase(profile);
  const clock = { at: 1_764_000_000_000 };
  const memory = new MemoryStore();
  const overrides = new ContainerModule(({ rebind }) => {
    rebind(Platform.clock).toConstantValue({ now: () => clock.at });
    if (profile === 'memory') rebind(Platform.store).toConstantValue(memory);
  });
  const containers: Container[] = [];
  return {
    clock,
    statements: database.statements,
    process() {
      const process = { config: testConfig, secret: 'a-secret-that-only-the-tests-know-000', log: SILENT, store: database.store };
      const container = createContainer(process, overrides);
      containers.push(container);
      return new IdentityProcess(container, clock);
    },
    async close() {
      for (const container of containers) container.unbindAll();
      await database.close();
    },
  };
}

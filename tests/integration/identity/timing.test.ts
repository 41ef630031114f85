import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Identity as UseCases } from '#application/identity/module.ts';
import { createContainer } from '#composition/container.ts';
import { type Database, openDatabase } from '#composition/database.ts';
import { Identity } from '#composition/modules/identity.ts';
import { ANONYMOUS, system } from '#domain/shared/actor.ts';
import { SILENT, testConfig } from '../../support/profiles.ts';

const PASSWORD = 'tiffin-At-7-sharp';
const ROUNDS = 15;
/** Far beyond the noise of a busy machine, far below what a missing hash would show: that is a hundredfold. */
const RATIO_MAX = 1.6;

describe('how long it takes', () => {
  let database: Database;
  let container: ReturnType<typeof createContainer>;
  let identity: UseCases;
  let serial = 0;

  beforeAll(async () => {
    database = await openDatabase({ kind: 'memory' }, SILENT);
    const config = { ...testConfig, bcryptCost: 10 };
    container = createContainer({ config, secret: 'a-secret-that-only-the-tests-know-000', log: SILENT, store: database.store });
    identity = container.get(Identity.useCases);
  });
  afterAll(async () => {
    await container.unbindAllAsync();
    await database.close();
  });

  const register = async (): Promise<string> => {
    const email = `timed${++serial}@example.com`;
    const registered = await identity.registerAccount({ email, password: PASSWORD, displayName: 'Asha Rao' }, system('test'));
    if (!registered.ok) throw new Error(JSON.stringify(registered.error));
    return email;
  };
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const from = performance.now();
    await work();
    return performance.now() - from;
  };
  const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] as number;

  /** Both in turns, so that whatever else the machine does falls on both. */
  async function compare(known: (email: string) => Promise<unknown>, unknown: (email: string) => Promise<unknown>): Promise<number> {
    const times: [number[], number[]] = [[], []];
    for (let i = 0; i < ROUNDS + 2; i++) {
      const email = await register();
      const pair = [await timed(() => known(email)), await timed(() => unknown(email.replace('timed', 'nobody')))] as const;
      if (i >= 2) for (const arm of [0, 1] as const) times[arm].push(pair[arm]);
    }
    const [one, other] = times.map(median) as [number, number];
    return Math.max(one, other) / Math.min(one, other);
  }

  it('to refuse a wrong password and an unknown name is the same', async () => {
    const wrong = (identifier: string) => identity.signIn({ identifier, password: 'wrong' }, ANONYMOUS);
    expect(await compare(wrong, wrong)).toBeLessThan(RATIO_MAX);
  });

  it('to ask for a new password is the same where there is nobody', async () => {
    const ask = (identifier: string) => identity.requestReset({ identifier }, ANONYMOUS);
    expect(await compare(ask, ask)).toBeLessThan(RATIO_MAX);
  });
});

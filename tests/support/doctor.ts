import type { Invariant } from '#adapters/postgres/invariant.ts';
import { sqlOf } from '#adapters/postgres/sql.ts';
import type { World } from './world.ts';

class Undone extends Error {}

/** Breaks the data behind the back of every guard, asks the doctor which promises that breaks, and takes it back. */
export async function broken(
  { database: { store } }: World,
  promises: readonly Invariant[],
  ...statements: readonly string[]
): Promise<readonly string[]> {
  if (store.kind !== 'sql') throw new Error('a SQL profile');
  const found: string[] = [];
  await store.orm.em
    .fork()
    .transactional(async (em) => {
      const ask = sqlOf(em);
      await ask('set local session_replication_role = replica');
      for (const statement of statements) {
        // One that changes nothing would prove nothing.
        if ((await ask(`${statement} returning 1`)).length === 0) throw new Error(`there is nothing to break: ${statement}`);
      }
      for (const { id, sql } of promises) {
        const culprits = await ask<{ culprit: unknown; detail: unknown }>(sql);
        if (culprits.some(({ culprit, detail }) => typeof culprit !== 'string' || typeof detail !== 'string'))
          throw new Error(`${id} names nobody: ${JSON.stringify(culprits)}`);
        if (culprits.length > 0) found.push(id);
      }
      throw new Undone();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error;
    });
  return found;
}

import type { EntityManager } from '@mikro-orm/postgresql';
import { CompiledQuery } from 'kysely';

/** One statement with bound parameters, in the transaction the entity manager is in. Its text is constant, so it is prepared once. */
export type Sql = <Row = never>(text: string, params?: readonly unknown[]) => Promise<readonly Row[]>;

export function sqlOf(em: EntityManager): Sql {
  const kysely = em.getKysely<Record<string, never>>();
  return async <Row>(text: string, params: readonly unknown[] = []) => (await kysely.executeQuery<Row>(CompiledQuery.raw(text, [...params]))).rows;
}

/**
 * Statements of the transaction the entity manager is in, straight to its connection: Kysely would wait for the answer to each
 * before it sends the next, and statements that need not wait for each other shall leave together.
 */
export async function sqlWithin(em: EntityManager): Promise<Sql> {
  const executor = em.getKysely<Record<string, never>>().getExecutor();
  const connection = await executor.provideConnection((own) => Promise.resolve(own));
  return async <Row>(text: string, params: readonly unknown[] = []) =>
    (await connection.executeQuery<Row>(CompiledQuery.raw(text, [...params]))).rows;
}

/** A `timestamptz` as the driver hands it over, in epoch milliseconds. */
export const instant = (text: string): number => {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new TypeError(`not a timestamp: ${text}`);
  return at;
};

/** Epoch milliseconds as a parameter of type `timestamptz`. */
export const timestamp = (at: number): string => new Date(at).toISOString();

export const timestampOrNull = (at: number | null): string | null => (at === null ? null : timestamp(at));

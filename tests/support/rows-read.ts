import type { MikroORM } from '@mikro-orm/postgresql';
import { type Sql, sqlOf } from '#adapters/postgres/sql.ts';

/** How many rows and index entries the one statement of `ask` goes through, kept or not, in a plan that knows no parameter. */
export async function rowsRead(orm: MikroORM, ask: (sql: () => Sql) => Promise<unknown>): Promise<number> {
  let asked: { text: string; params: readonly unknown[] } | undefined;
  await ask(() => async (text, params = []) => {
    asked = { text, params };
    return [];
  });
  if (!asked) throw new Error('it asks nothing');
  const { text, params } = asked;
  const given = params.map((value) => (value === null ? 'null' : `'${Array.isArray(value) ? `{${value}}` : value}'`)).join(', ');
  return orm.em.fork().transactional(async (em) => {
    const sql = sqlOf(em);
    await sql('set local plan_cache_mode = force_generic_plan');
    await sql(`prepare asked as ${text}`);
    const [explained] = await sql<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`explain (analyze, format json) execute asked${given && `(${given})`}`);
    await sql('deallocate asked');
    return readBy((explained as { 'QUERY PLAN': [{ Plan: PlanNode }] })['QUERY PLAN'][0].Plan);
  });
}

type PlanNode = {
  readonly 'Node Type': string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
};

const readBy = (node: PlanNode): number => {
  const isScan = /^(Seq|Index|Index Only|Bitmap Heap) Scan$/.test(node['Node Type']);
  const own = isScan ? (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'] : 0;
  return (node.Plans ?? []).reduce((sum, plan) => sum + readBy(plan), own);
};

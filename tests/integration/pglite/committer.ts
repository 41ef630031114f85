import { openPglite } from '#adapters/pglite/open.ts';
import { createPgliteOrm } from '#adapters/pglite/orm.ts';
import { sqlOf } from '#adapters/postgres/sql.ts';

// Commits rows without end and prints the id of each once it is acknowledged: a process to be killed.
const [dataDir, from] = process.argv.slice(2) as [string, string];
const pglite = await openPglite(dataDir);
const orm = createPgliteOrm(pglite, [], { count: 0 });
await sqlOf(orm.em.fork())('create table if not exists rows (id bigint primary key, filler text not null)');
for (let id = Number(from); ; id++) {
  await orm.em.fork().transactional(async (em) => {
    await sqlOf(em)('insert into rows (id, filler) values ($1, $2)', [id, 'x'.repeat(500)]);
    await sqlOf(em)('update rows set filler = $2 where id = $1', [id, 'y'.repeat(500)]);
  });
  process.stdout.write(`${id}\n`);
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#composition/database.ts';
import { freshDatabase, SQL_PROFILES } from '../../support/profiles.ts';

const ID = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10';

describe.each(SQL_PROFILES)('lists of what becomes of money on %s', (profile) => {
  let database: Database;
  beforeAll(async () => {
    database = await freshDatabase(profile);
  });
  afterAll(() => database.close());

  it.each([
    [`select id from payments.payouts where restaurant_id = '${ID}' and id < '${ID}' order by id desc limit 21`, 'payouts_restaurant'],
    [`select id from payments.payouts where processor = 'razorpay' and transfer_id = 'trf_1' for update`, 'payouts_transfer'],
    [`select id from payments.payouts where status in ('reserved', 'processing')`, 'payouts_under_way'],
    [
      `select settled_at, settlement_id, sum(credit - debit) from payments.book_rows
        where restaurant_id = '${ID}' and settlement_id is not null and (settled_at, settlement_id) < ('infinity', '')
        group by settled_at, settlement_id order by settled_at desc, settlement_id desc limit 21`,
      'book_rows_settled',
    ],
    [
      `select id from payments.book_rows where restaurant_id = '${ID}' and settlement_id = 's' and (kind, id) > ('', '') order by kind, id limit 21`,
      'book_rows_settlement',
    ],
    [`select id from payments.exceptions where id < '${ID}' and resolved_at is null order by id desc limit 21`, 'exceptions_newest'],
    [`select id from payments.exceptions where restaurant_id = '${ID}' and id < '${ID}' order by id desc limit 21`, 'exceptions_restaurant'],
    [
      `select dispute_id from payments.disputes where restaurant_id = '${ID}' and (at, dispute_id) < ('infinity', '')
        order by at desc, dispute_id desc limit 21`,
      'disputes_newest',
    ],
    [`delete from payments.listed_charges where at < now()`, 'listed_charges_at'],
  ])('find their index: %s', async (search, index) => {
    if (database.store.kind !== 'sql') throw new Error('a SQL profile');
    await database.store.orm.em.fork().transactional(async (tx) => {
      await tx.execute('set local enable_seqscan = off');
      await tx.execute('set local enable_bitmapscan = off');
      const plan = JSON.stringify(await tx.execute(`explain ${search}`));
      expect(plan).toContain(index);
      expect(plan).not.toContain('Sort Key');
    });
  });
});

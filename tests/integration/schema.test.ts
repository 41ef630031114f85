import type { MikroORM } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#composition/database.ts';
import { migrate } from '#composition/migrate.ts';
import { INVARIANTS } from '#composition/modules.ts';
import { freshDatabase, SQL_PROFILES } from '../support/profiles.ts';

const ID = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10';

describe.each(SQL_PROFILES)('the schema on %s', (profile) => {
  let database: Database;
  let orm: MikroORM;
  beforeAll(async () => {
    database = await freshDatabase(profile);
    if (database.store.kind !== 'sql') throw new Error('a SQL profile');
    orm = database.store.orm;
  });
  afterAll(() => database.close());

  it('is what the rows say, once it is migrated, however often', async () => {
    expect((await orm.schema.getUpdateSchemaSQL()).trim()).toBe('');
    await migrate(orm, { isShared: profile === 'postgres' });
    expect(await orm.migrator.getPending()).toEqual([]);
  });

  it('has an index for every list and every search of the hot path', async () => {
    const em = orm.em.fork();
    const searches: readonly (readonly [string, string])[] = [
      [`select id from ordering.orders where customer_id = '${ID}' and id < '${ID}' order by id desc limit 21`, 'orders_customer'],
      [
        `select id from ordering.orders where restaurant_id = '${ID}' and status = 'placed' and id < '${ID}' order by id desc limit 21`,
        'orders_restaurant_status',
      ],
      [`select id from ordering.orders where status = 'pending' and expires_at <= now()`, 'orders_lapsing'],
      [
        `select 1 from platform.events where (xid, position) > ('5'::xid8, 7) and xid < pg_snapshot_xmin(pg_current_snapshot()) order by xid, position limit 500`,
        'events_pkey',
      ],
      [`select 1 from platform.events where stream = 'order:x' order by version`, 'events_stream_version'],
      [`select 1 from inventory.balances where restaurant_id = '${ID}' and stock_item_id = any('{${ID}}'::uuid[])`, 'balances_pkey'],
      [`select 1 from inventory.movements where restaurant_id = '${ID}' and stock_item_id = '${ID}' order by id desc limit 21`, 'movements_item'],
      [`select 1 from partners.staff where account_id = '${ID}'`, 'staff_account'],
      [`select 1 from identity.accounts where email = 'x@y.test'`, 'accounts_email'],
      [`select 1 from identity.accounts where phone = '+919812345678'`, 'accounts_phone'],
      [`select 1 from identity.accounts where username = 'asha'`, 'accounts_username'],
      [`select 1 from identity.one_time_tokens where selector = 'x'`, 'one_time_tokens_selector'],
      [`select 1 from identity.one_time_tokens where account_id = '${ID}' and status = 'issued'`, 'one_time_tokens_issued'],
      [`select 1 from identity.passkeys where credential_id = 'x'`, 'passkeys_credential'],
      [`select 1 from identity.passkeys where account_id = '${ID}' and status = 'active'`, 'passkeys_active'],
      [`select 1 from identity.sessions where account_id = '${ID}' and status = 'active'`, 'sessions_active'],
      [
        `select 1 from notifications.emails where status in ('pending', 'processing') and due_at <= now() order by priority, due_at, id limit 20`,
        'emails_due',
      ],
      [
        `select 1 from notifications.emails where status = 'sent' and template = 'receipt' and id < '${ID}' order by id desc limit 21`,
        'emails_status_template',
      ],
      [`select 1 from notifications.emails where recipient_digest = 'x' and id < '${ID}' order by id desc limit 21`, 'emails_recipient'],
      [`select 1 from notifications.emails where campaign_id = '${ID}' and id < '${ID}' order by id desc limit 21`, 'emails_campaign'],
      [`select 1 from notifications.emails where ended_at < now() order by ended_at limit 1000`, 'emails_ended'],
      [`select 1 from notifications.suppressions where address = any('{a@b.test}'::text[])`, 'suppressions_address'],
    ];
    await em.transactional(async (tx) => {
      await tx.execute('set local enable_seqscan = off');
      await tx.execute('set local enable_bitmapscan = off');
      for (const [search, index] of searches) {
        const plan = JSON.stringify(await tx.execute(`explain ${search}`));
        expect(plan, search).toContain(index);
        expect(plan, search).not.toContain('Sort');
      }
    });
  });

  it('lets the doctor ask every question of an empty house, and get no complaint', async () => {
    expect(INVARIANTS.length).toBeGreaterThan(20);
    expect(new Set(INVARIANTS.map(({ id }) => id)).size).toBe(INVARIANTS.length);
    for (const { sql } of INVARIANTS) expect(await orm.em.fork().execute(sql)).toEqual([]);
  });
});

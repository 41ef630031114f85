import type { AllPreferences, PushSubscriptions } from '#application/notifications/inbox/ports.ts';
import { DEFAULT_WISHES, Preferences, type Wishes } from '#domain/notifications/inbox/preferences.ts';
import type { PushSubscription } from '#domain/notifications/inbox/push-subscription.ts';
import { saved } from '../../saved.ts';
import { instant, type Sql, timestamp } from '../../sql.ts';
import type { PostgresTx } from '../../tx.ts';

type PreferencesRecord = { readonly account_id: string; readonly wishes: Wishes; readonly version: number };
const OF = 'select account_id, wishes, version from notifications.preferences where account_id = any($1::uuid[])';
// The first two at once write the same row, and one of them finds that it is there.
const FIRST = `insert into notifications.preferences (account_id, wishes, version) values ($1::uuid, $2::jsonb, $3::int) on conflict do nothing returning 1`;
const CHANGE = `update notifications.preferences set wishes = $2::jsonb, version = $3::int where account_id = $1::uuid and version = $4::int returning 1`;

/** What each of them wishes, or what is done for who never said anything. */
export async function wishesOf(sql: Sql, accountIds: readonly string[]): Promise<ReadonlyMap<string, Preferences>> {
  const rows = accountIds.length === 0 ? [] : await sql<PreferencesRecord>(OF, [accountIds]);
  const said = new Map(rows.map(({ account_id: accountId, wishes, version }) => [accountId, Preferences.check({ ...wishes, accountId, version })]));
  return new Map(accountIds.map((accountId) => [accountId, said.get(accountId) ?? { ...DEFAULT_WISHES, accountId, version: 0 }]));
}

export const postgresPreferences = ({ sql, append }: PostgresTx): AllPreferences => ({
  of: (accountIds) => wishesOf(sql, accountIds),
  async save({ state, events }) {
    const { accountId, version, ...wishes } = Preferences.check(state);
    append({ stream: `notification_preferences:${accountId}`, version, restaurantId: null }, events);
    const standing = [accountId, JSON.stringify(wishes), version + events.length];
    saved(version === 0 ? await sql(FIRST, standing) : await sql(CHANGE, [...standing, version]), `the preferences of ${accountId}`);
  },
});

type SubscriptionRecord = {
  readonly id: string;
  readonly key: string;
  readonly account_id: string;
  readonly sealed_address: string;
  readonly device: string;
  readonly subscribed_at: string;
  readonly version: number;
};
const SUBSCRIPTION_COLUMNS = 'id, key, account_id, sealed_address, device, subscribed_at, version';
const toSubscription = (row: SubscriptionRecord): PushSubscription => ({
  id: row.id,
  key: row.key,
  accountId: row.account_id,
  sealedAddress: row.sealed_address,
  device: row.device,
  subscribedAt: instant(row.subscribed_at),
  version: row.version,
});
const OF_ACCOUNTS = `select ${SUBSCRIPTION_COLUMNS} from notifications.push_subscriptions where account_id = any($1::uuid[]) order by id`;
const INSERT = `insert into notifications.push_subscriptions (${SUBSCRIPTION_COLUMNS}) values ($1::uuid, $2, $3::uuid, $4, $5, $6::timestamptz, $7::int)`;

export const subscriptionsOf = async (sql: Sql, accountIds: readonly string[]): Promise<readonly PushSubscription[]> =>
  (await sql<SubscriptionRecord>(OF_ACCOUNTS, [accountIds])).map(toSubscription);

export const postgresPushSubscriptions = ({ sql, append }: PostgresTx): PushSubscriptions => ({
  of: (accountIds) => subscriptionsOf(sql, accountIds),
  async lockOf(accountId) {
    await sql('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`push_subscriptions:${accountId}`]);
    return subscriptionsOf(sql, [accountId]);
  },
  async byKey(key) {
    const [row] = await sql<SubscriptionRecord>(`select ${SUBSCRIPTION_COLUMNS} from notifications.push_subscriptions where key = $1 for update`, [
      key,
    ]);
    return row && toSubscription(row);
  },
  async save({ state: { id, key, accountId, sealedAddress, device, subscribedAt, version }, events }) {
    await sql(INSERT, [id, key, accountId, sealedAddress, device, timestamp(subscribedAt), version + events.length]);
    append({ stream: `push_subscription:${id}`, version, restaurantId: null }, events);
  },
  async remove({ state: { id, version }, events }) {
    const gone = await sql('delete from notifications.push_subscriptions where id = $1::uuid returning 1', [id]);
    if (gone.length > 0) append({ stream: `push_subscription:${id}`, version, restaurantId: null }, events);
  },
});

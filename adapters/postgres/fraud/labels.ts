import type { LabelSets, Policies, StoredPolicy } from '#application/fraud/ports.ts';
import { together } from '#application/shared/together.ts';
import { type Label, Labels } from '#domain/fraud/labels.ts';
import { DEFAULT_POLICY, type FraudPolicy } from '#domain/fraud/policy.ts';
import { saved } from '../saved.ts';
import { instant, type Sql } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

type LabelRecord = {
  readonly id: string;
  readonly restaurant_id: string;
  readonly decided_at: string;
  readonly labels: readonly Label[] | null;
  readonly version: number | null;
};

// The decision is locked: it is there before its first label is.
const LOCK = `
  select d.id, d.restaurant_id, d.decided_at from fraud.decisions d where d.id = $1::uuid for update of d`;
const FIND = 'select labels, version from fraud.label_sets where decision_id = $1::uuid';
const SAVE = `
  insert into fraud.label_sets as l (decision_id, restaurant_id, labels, version) values ($1::uuid, $2::uuid, $3::jsonb, $4::int + $5::int)
  on conflict (decision_id) do update set labels = excluded.labels, version = excluded.version where l.version = $4::int
  returning 1`;

export const postgresLabelSets = ({ sql, append }: PostgresTx): LabelSets => ({
  async lock(decisionId) {
    const [[decision], [set]] = await together(
      sql<LabelRecord>(LOCK, [decisionId]),
      sql<Pick<LabelRecord, 'labels' | 'version'>>(FIND, [decisionId]),
    );
    if (!decision) return undefined;
    const none = Labels.none(decisionId, decision.restaurant_id, instant(decision.decided_at));
    return set ? { ...none, labels: set.labels ?? [], version: set.version ?? 0 } : none;
  },
  async save({ state, events }) {
    const { decisionId, restaurantId, labels, version } = state;
    append({ stream: `fraud_labels:${decisionId}`, version, restaurantId }, events);
    saved(await sql(SAVE, [decisionId, restaurantId, JSON.stringify(labels), version, events.length]), `the labels of ${decisionId}`);
  },
});

const SAVE_POLICY = `
  insert into fraud.policies as p (restaurant_id, policy, version) values ($1::uuid, $2::jsonb, $3::int + $4::int)
  on conflict (restaurant_id) do update set policy = excluded.policy, version = excluded.version where p.version = $3::int
  returning 1`;

export async function findPolicy(sql: Sql, restaurantId: string): Promise<StoredPolicy> {
  const [row] = await sql<{ policy: FraudPolicy; version: number }>('select policy, version from fraud.policies where restaurant_id = $1::uuid', [
    restaurantId,
  ]);
  return { restaurantId, ...(row ?? { policy: DEFAULT_POLICY, version: 0 }) };
}

export const postgresPolicies = ({ sql, append }: PostgresTx): Policies => ({
  find: (restaurantId) => findPolicy(sql, restaurantId),
  async save({ state: { restaurantId, policy, version }, events }) {
    append({ stream: `fraud_policy:${restaurantId}`, version, restaurantId }, events);
    saved(await sql(SAVE_POLICY, [restaurantId, JSON.stringify(policy), version, events.length]), `the policy of ${restaurantId}`);
  },
});

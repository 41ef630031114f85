import type { AttemptKey, Decisions, KnownAttempt } from '#application/fraud/ports.ts';
import { WriteConflict } from '#application/shared/unit-of-work.ts';
import { checkVerdict, type Decision, type Verdict } from '#domain/fraud/decision.ts';
import type { Signals } from '#domain/fraud/signals.ts';
import { violates } from '../conflicts.ts';
import { type Sql, timestamp } from '../sql.ts';
import type { PostgresTx } from '../tx.ts';

export type DecisionRecord = { readonly id: string; readonly attempt_id: string; readonly signals: Signals; readonly verdict: Verdict };

export const DECISION_COLUMNS = 'd.id, d.attempt_id, d.signals, d.verdict';
export const toDecision = ({ id, attempt_id, signals, verdict }: DecisionRecord): Decision => ({
  id,
  attemptId: attempt_id,
  signals,
  verdict: checkVerdict(verdict),
});

const ADD = `
  insert into fraud.decisions
    (id, restaurant_id, payment_id, attempt_id, order_id, customer_id, action, probability, decided_at, signals, verdict)
  values ($1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::uuid, $6::uuid, $7, $8::float8, $9::timestamptz, $10::jsonb, $11::jsonb)`;

/** Each of the three by its own index; one decision may come twice. */
const contextsBy = (condition: string): string => `
  select d.id, d.signals from fraud.decisions d where d.restaurant_id = any($1::uuid[]) and ${condition}`;
const CONTEXTS = [
  contextsBy('d.id = any($2::uuid[])'),
  contextsBy('d.payment_id = any($3::uuid[])'),
  contextsBy('d.order_id = any($4::uuid[])'),
].join(' union ');

export async function findDecision(sql: Sql, decisionId: string): Promise<Decision | undefined> {
  const [row] = await sql<DecisionRecord>(`select ${DECISION_COLUMNS} from fraud.decisions d where d.id = $1::uuid`, [decisionId]);
  return row && toDecision(row);
}

export async function findAttempt(sql: Sql, { restaurantId, paymentId, attemptId }: AttemptKey): Promise<Decision | undefined> {
  const [row] = await sql<DecisionRecord>(
    `select ${DECISION_COLUMNS} from fraud.decisions d where d.restaurant_id = $1::uuid and d.payment_id = $2::uuid and d.attempt_id = $3::uuid`,
    [restaurantId, paymentId, attemptId],
  );
  return row && toDecision(row);
}

export const toKnownAttempt = ({ id, signals }: Pick<DecisionRecord, 'id' | 'signals'>): KnownAttempt => ({ ...signals, decisionId: id });

export const postgresDecisions = ({ sql, append }: PostgresTx): Decisions => ({
  find: (decisionId) => findDecision(sql, decisionId),
  ofAttempt: (attempt) => findAttempt(sql, attempt),
  async add({ state, events }) {
    const { id, attemptId, signals, verdict } = state;
    const { restaurantId, paymentId, orderId, customerId, at } = signals;
    const { action, probability } = checkVerdict(verdict);
    append({ stream: `fraud_decision:${id}`, version: 0, restaurantId }, events);
    const json = [JSON.stringify(signals), JSON.stringify(verdict)];
    try {
      await sql(ADD, [id, restaurantId, paymentId, attemptId, orderId, customerId, action, probability, timestamp(at), ...json]);
    } catch (error) {
      throw violates(error, 'decisions_attempt') ? new WriteConflict(`payment ${paymentId} was decided on meanwhile`, { cause: error }) : error;
    }
  },
  async contexts({ restaurantIds, decisionIds, paymentIds, orderIds }) {
    if (decisionIds.length + paymentIds.length + orderIds.length === 0) return [];
    const rows = await sql<Pick<DecisionRecord, 'id' | 'signals'>>(CONTEXTS, [restaurantIds, decisionIds, paymentIds, orderIds]);
    return rows.map(toKnownAttempt);
  },
});

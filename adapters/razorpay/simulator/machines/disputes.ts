import type { Dispute, Evidence } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import { post } from './books.ts';
import { held, Refusal } from './refusal.ts';

export type NewDispute = {
  readonly payment_id: string;
  readonly amount?: number | undefined;
  readonly reason_code?: string | undefined;
  readonly phase?: Dispute['phase'] | undefined;
  readonly respond_in_seconds?: number | undefined;
};
export type Decision = 'won' | 'lost' | 'closed' | 'under_review' | 'action_required';

const WEEK_S = 7 * 86_400;
const PROOFS = [
  'shipping_proof',
  'billing_proof',
  'cancellation_proof',
  'customer_communication',
  'proof_of_service',
  'explanation_letter',
  'refund_confirmation',
  'access_activity_log',
  'refund_cancellation_policy',
  'term_and_conditions',
  'others',
] as const;

/** A customer's bank asks for the money back. Silence until the date it names loses. */
export function dispute(world: World, wanted: NewDispute): Dispute {
  const payment = held(world.tables.payments, wanted.payment_id);
  if (!payment.captured) throw new Refusal('Only a captured payment can be disputed');
  const amount = wanted.amount ?? payment.amount;
  const made: Dispute = {
    id: world.id('disp'),
    entity: 'dispute',
    payment_id: payment.id,
    amount,
    currency: payment.currency,
    amount_deducted: 0,
    reason_code: wanted.reason_code ?? 'goods_or_services_not_received_or_partially_received',
    reason_description: 'Goods or services were not received, or only in part',
    respond_by: world.now() + (wanted.respond_in_seconds ?? WEEK_S),
    status: 'open',
    phase: wanted.phase ?? 'chargeback',
    created_at: world.now(),
    evidence: { amount, summary: null, ...Object.fromEntries(PROOFS.map((proof) => [proof, null])), submitted_at: null },
  };
  world.tables.disputes.set(made.id, made);
  say(world, made, 'created');
  world.timeline.at(made.respond_by * 1_000, () => {
    if (made.status === 'open') decide(world, made.id, 'lost');
  });
  return made;
}

export function contest(
  world: World,
  made: Dispute,
  { action, ...evidence }: Partial<Evidence> & { readonly action?: 'draft' | 'submit' | undefined },
): Dispute {
  if (made.status !== 'open') throw new Refusal(`Action not allowed on a dispute that is ${made.status}`);
  if (evidence.amount !== undefined && evidence.amount > made.amount)
    throw new Refusal('The amount contested is greater than the disputed amount', { field: 'amount' });
  Object.assign(made.evidence, evidence);
  if (action !== 'submit') return made;
  made.evidence.submitted_at = world.now();
  decide(world, made.id, 'under_review');
  return made;
}

export function accept(world: World, made: Dispute): Dispute {
  if (made.status !== 'open') throw new Refusal(`Action not allowed on a dispute that is ${made.status}`);
  return decide(world, made.id, 'lost');
}

/** What the bank decides. What is lost is taken from the balance. */
export function decide(world: World, id: string, decision: Decision): Dispute {
  const made = held(world.tables.disputes, id);
  if (made.status !== 'open' && made.status !== 'under_review') throw new Refusal(`Action not allowed on a dispute that is ${made.status}`);
  if (decision === 'action_required') made.status = 'open';
  else made.status = decision;
  if (decision === 'lost') {
    made.amount_deducted = made.amount;
    const payment = world.tables.payments.get(made.payment_id);
    post(world, {
      entity_id: world.id('adj'),
      type: 'adjustment',
      amount: made.amount,
      debit: made.amount,
      currency: made.currency,
      payment,
      description: 'Dispute lost',
      dispute_id: made.id,
    });
  }
  say(world, made, decision);
  return made;
}

const say = (world: World, made: Dispute, what: Decision | 'created'): void =>
  world.webhooks.emit(`payment.dispute.${what}`, { payment: held(world.tables.payments, made.payment_id), dispute: made });

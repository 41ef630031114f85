import { WriteConflict } from '#application/shared/unit-of-work.ts';
import type { PaymentsErrorOf } from '#domain/payments/errors.ts';
import { Operation } from '#domain/payments/operation.ts';
import { type Attempt, type Channel, Payment, PaymentId, type PaymentTerms } from '#domain/payments/payment.ts';
import { routesFor } from '#domain/payments/routing.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { invariant } from '#domain/shared/invariant.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { contextOf } from './apply-facts.ts';
import { attemptIn, joined, payable, paymentFor, termsOf } from './payable-order.ts';
import type { PayableOrder, PaymentsDeps, PaymentsTx } from './ports.ts';
import { runOperation } from './run-operation.ts';
import { savePayment } from './save-payment.ts';

export type OpenPayment = {
  readonly orderId: string;
  readonly channel: Exclude<Channel, 'cash'>;
  readonly key: string;
  readonly fingerprint: string;
  /** Where the caller is, for the screening. */
  readonly ip: string | null;
  readonly deviceId: string | null;
};
export type OpenedPayment = { readonly payment: Payment; readonly attempt: Attempt };
/** With what whoever pays is shown. */
export type PayableAttempt = OpenedPayment & { readonly order: PayableOrder };

type Refusal = PaymentsErrorOf<
  | 'payments.order_not_found'
  | 'payments.order_not_payable'
  | 'payments.already_paid'
  | 'payments.channel_not_offered'
  | 'payments.not_permitted'
  | 'payments.declined'
  | 'payments.provider_refused'
  | 'payments.provider_unreachable'
  | 'payments.idempotency_key_reused'
  | 'payments.request_in_progress'
>;
type Deps = Pick<PaymentsDeps, 'uow' | 'queries' | 'requests' | 'facts' | 'providers' | 'settings' | 'runtime'>;

/** Long enough that nobody but the caller dispatches what the caller is about to. */
const OURS_MS = 30_000;
const RETRY_AFTER_SECONDS = 5;

/**
 * Gives an order's customer a way to pay it. The same request again, or another one while the way is still open, answers the same
 * way. A processor that clearly says no is followed by the next; as long as nobody knows what one did, no other is asked.
 */
export const openPayment =
  (deps: Deps) =>
  async (command: OpenPayment, actor: Actor): Promise<Result<PayableAttempt, Refusal>> => {
    invariant(actor.kind === 'account', 'only an account can pay');
    const order = await payable(deps, command, actor);
    if (!order.ok) return order;
    const processors = processorsFor(deps, command.channel, order.value);
    const [first] = processors;
    if (first === undefined) return err({ code: 'payments.channel_not_offered', channel: command.channel, offered: offeredBy(deps, order.value) });

    const scope = `payments:${actor.accountId}`;
    const done = await deps.requests.find(scope, command.key);
    if (done && done.fingerprint !== command.fingerprint) return err({ code: 'payments.idempotency_key_reused' });

    const ids = { paymentId: PaymentId.of(deps.runtime.ids.next()), attemptId: deps.runtime.ids.next() };
    const known = await deps.queries.ofOrder(command.orderId);
    // What is open already was judged when it was opened.
    const isJudged = done !== undefined || (known !== undefined && openIn(known, command.channel) !== undefined);
    const verdict = isJudged ? 'allow' : await screen(deps, command, order.value, known?.id ?? ids.paymentId, ids.attemptId);
    if (verdict === 'block') return err({ code: 'payments.declined' });

    const terms = await termsOf(deps, order.value);
    const started = await start(
      deps,
      { command, actor, terms, ids, processor: first, capture: verdict === 'review' ? 'manual' : 'automatic' },
      scope,
    );
    if (!started.ok) return started;
    const settled = await settleAttempt(deps, started.value, processors, actor);
    return settled.ok ? ok({ ...settled.value, order: order.value }) : settled;
  };

function processorsFor({ settings, providers }: Deps, channel: OpenPayment['channel'], { amount, currency }: PayableOrder): readonly string[] {
  if (channel === 'bank_transfer') return providers.has('bank_transfer') ? ['bank_transfer'] : [];
  return routesFor(settings.routes, amount, currency).filter((processor) => processor !== 'bank_transfer' && providers.has(processor));
}

const offeredBy = (deps: Deps, order: PayableOrder): readonly string[] =>
  (['checkout', 'link', 'bank_transfer'] as const).filter((channel) => processorsFor(deps, channel, order).length > 0);

function screen({ facts, runtime }: Deps, { channel, ip, deviceId }: OpenPayment, order: PayableOrder, paymentId: PaymentId, attemptId: string) {
  const { orderId, restaurantId, customerId, amount, currency } = order;
  const at = runtime.clock.now();
  return facts.screening.assess({ paymentId, attemptId, orderId, restaurantId, customerId, amount, currency, channel, ip, deviceId, at });
}

type Start = {
  readonly command: Pick<OpenPayment, 'orderId' | 'channel' | 'key' | 'fingerprint'>;
  readonly actor: Actor;
  readonly terms: PaymentTerms;
  readonly ids: { readonly paymentId: PaymentId; readonly attemptId: string };
  readonly processor: string;
  readonly capture: Attempt['capture'];
};

async function start(deps: Deps, { command, actor, terms, ids, processor, capture }: Start, scope: string): Promise<Result<OpenedPayment, Refusal>> {
  const context = contextOf(deps);
  const { channel, key, fingerprint } = command;
  const result = await deps.uow.run(actor, async (tx) => {
    const { payment, isNew } = await paymentFor(tx, ids.paymentId, terms);
    const open = openIn(payment, channel);
    const claim = await tx.requests.claim({ scope, key, fingerprint, outcome: `${payment.id} ${open?.id ?? ids.attemptId}` });
    if (claim === 'running') return err({ code: 'payments.request_in_progress' as const });
    if (claim !== 'claimed') {
      if (claim.fingerprint !== fingerprint) return err({ code: 'payments.idempotency_key_reused' as const });
      return replayed(payment, claim.outcome);
    }
    if (open && !Payment.isPaid(payment)) return ok({ payment, attempt: open });
    const started = Payment.startAttempt(payment, { id: ids.attemptId, processor, channel, capture }, context.at);
    if (!started.ok) return started;
    const change = isNew ? joined(Payment.open(ids.paymentId, terms), started.value) : started.value;
    const before = isNew ? { ...payment, version: 0 } : payment;
    const state = await savePayment(tx, before, change, context);
    await planOpening(tx, state, ids.attemptId, context.at);
    return ok({ payment: state, attempt: attemptIn(state, ids.attemptId) });
  });
  return result as Result<OpenedPayment, Refusal>;
}

function replayed(payment: Payment, outcome: string): Result<OpenedPayment, never> {
  const attempt = payment.attempts.find(({ id }) => outcome.endsWith(id));
  if (!attempt) throw new WriteConflict(`the request's attempt is not on payment ${payment.id} yet`);
  return ok({ payment, attempt });
}

function planOpening(tx: PaymentsTx, payment: Payment, attemptId: string, at: number): Promise<void> {
  const { id: subjectId, restaurantId } = payment;
  const attempt = attemptIn(payment, attemptId);
  const kind = attempt.channel === 'link' ? 'open_link' : 'open_order';
  return tx.operations.plan([Operation.plan({ kind, processor: attempt.processor, restaurantId, subjectId, targetId: attemptId }, at, at + OURS_MS)]);
}

/** The way to pay that is there already, or about to be. */
const openIn = ({ attempts }: Payment, wanted: Channel): Attempt | undefined =>
  attempts.find(({ channel, status }) => channel === wanted && (status === 'open' || status === 'opening'));

/** Has the processor open it, and goes on to the next one that may be asked if it says no. */
async function settleAttempt(
  deps: Deps,
  opened: OpenedPayment,
  processors: readonly string[],
  actor: Actor,
): Promise<Result<OpenedPayment, Refusal>> {
  let { payment, attempt } = opened;
  for (;;) {
    if (attempt.status === 'opening') {
      await runOperation(deps)(operationOf(attempt), true);
      payment = await reread(deps, payment.id);
      attempt = attemptIn(payment, attempt.id);
    }
    if (attempt.status === 'open') return ok({ payment, attempt });
    if (attempt.status === 'opening')
      return err({ code: 'payments.provider_unreachable', processor: attempt.processor, retryAfterSeconds: RETRY_AFTER_SECONDS });
    const next = attempt.status === 'failed' && attempt.failure?.mayFallBack ? processors[processors.indexOf(attempt.processor) + 1] : undefined;
    if (next === undefined)
      return err({ code: 'payments.provider_refused', processor: attempt.processor, reason: attempt.failure?.code ?? 'closed' });
    const followed = await fallBack(deps, payment.id, attempt, next, actor);
    if (!followed.ok) return followed;
    ({ payment, attempt } = followed.value);
  }
}

const operationOf = ({ id, channel }: Attempt): string => Operation.idOf({ kind: channel === 'link' ? 'open_link' : 'open_order', targetId: id });

async function fallBack(
  deps: Deps,
  paymentId: PaymentId,
  { channel, capture }: Attempt,
  processor: string,
  actor: Actor,
): Promise<Result<OpenedPayment, Refusal>> {
  const context = contextOf(deps);
  const attemptId = context.newId();
  return deps.uow.run(actor, async (tx): Promise<Result<OpenedPayment, PaymentsErrorOf<'payments.already_paid'>>> => {
    const payment = await tx.payments.lock(paymentId);
    invariant(payment !== undefined, `payment ${paymentId} is gone`);
    const open = openIn(payment, channel);
    if (open) return ok({ payment, attempt: open });
    const started = Payment.startAttempt(payment, { id: attemptId, processor, channel, capture }, context.at);
    if (!started.ok) return started;
    const state = await savePayment(tx, payment, started.value, context);
    await planOpening(tx, state, attemptId, context.at);
    return ok({ payment: state, attempt: attemptIn(state, attemptId) });
  });
}

async function reread({ queries }: Pick<Deps, 'queries'>, paymentId: PaymentId): Promise<Payment> {
  const payment = await queries.find(paymentId);
  invariant(payment !== undefined, `payment ${paymentId} is gone`);
  return payment;
}

import type { Change } from '../../shared/change.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { ExceptionResolved } from '../events.ts';
import type { SettlementErrorOf } from './errors.ts';

export const EXCEPTION_KINDS = [
  'refund_failed',
  'payout_failed',
  'amount_mismatch',
  'fee_mismatch',
  'missing_here',
  'missing_at_provider',
  'operation_stuck',
  'facts_contradict',
  'duplicate',
] as const;
export type ExceptionKind = (typeof EXCEPTION_KINDS)[number];

/**
 * recheck: the provider is asked once more how it stands. refund_again: what a failed refund owed is given back anew. retry: an
 * operation nobody knows the outcome of is due now. refund_at_provider: money that belongs to nothing of ours goes back where it came
 * from. write_off: it is taken as it is, and a sum that is gone for good is booked as lost.
 */
export const RESOLUTION_ACTIONS = ['recheck', 'refund_again', 'retry', 'refund_at_provider', 'write_off'] as const;
export type ResolutionAction = (typeof RESOLUTION_ACTIONS)[number];

const OFFERED: Readonly<Record<ExceptionKind, readonly ResolutionAction[]>> = {
  refund_failed: ['recheck', 'refund_again', 'write_off'],
  payout_failed: ['recheck', 'write_off'],
  amount_mismatch: ['recheck', 'write_off'],
  fee_mismatch: ['recheck', 'write_off'],
  missing_here: ['recheck', 'refund_at_provider', 'write_off'],
  missing_at_provider: ['recheck', 'write_off'],
  operation_stuck: ['recheck', 'retry'],
  facts_contradict: ['recheck', 'write_off'],
  duplicate: ['recheck', 'write_off'],
};

export type Resolution = { readonly action: ResolutionAction; readonly note: string; readonly by: string; readonly at: number };

/** What people must look at because the program cannot know. */
export type PaymentException = {
  readonly id: string;
  readonly kind: ExceptionKind;
  readonly processor: string;
  /** The provider's id, or ours, of what it is about. */
  readonly reference: string;
  readonly restaurantId: string | null;
  readonly paymentId: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly raisedAt: number;
  readonly resolution: Resolution | null;
  readonly version: number;
};

type Resolved = Result<Change<PaymentException, ExceptionResolved>, SettlementErrorOf<'payments.exception_resolved' | 'payments.action_not_offered'>>;

/** Somebody deals with it, once: who comes second is told who came first. */
function resolve(exception: PaymentException, resolution: Resolution): Resolved {
  const { id: exceptionId, kind, reference } = exception;
  if (exception.resolution !== null) return err({ code: 'payments.exception_resolved', by: exception.resolution.by });
  const { action, note, at } = resolution;
  const offered = offeredFor(exception);
  if (!offered.includes(action)) return err({ code: 'payments.action_not_offered', action, offered });
  const event = { type: 'payments.exception_resolved', exceptionId, kind, reference, action, note, at } as const;
  return ok({ state: { ...exception, resolution }, events: [event] });
}

/** What can be done about it. Only of a charge there is money that could go back. */
const offeredFor = ({ kind, detail }: Pick<PaymentException, 'kind' | 'detail'>): readonly ResolutionAction[] =>
  OFFERED[kind].filter((action) => action !== 'refund_at_provider' || detail['what'] === 'charge');

export const PaymentException = { resolve, offeredFor };

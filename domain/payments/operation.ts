import { err, ok, type Result } from '../shared/result.ts';

/** What we ask of a provider; `return`: to give back money that belongs to nothing of ours. Each is asked under one key for ever, so that asking again is never a second time. */
export const OPERATION_KINDS = ['open_order', 'open_link', 'cancel_link', 'capture', 'refund', 'payout', 'return'] as const;
export type OperationKind = (typeof OPERATION_KINDS)[number];

/** `unknown`: it may have happened. The provider is asked what came of it before it is asked to do it once more. */
export const OPERATION_NEXT = {
  planned: ['dispatched', 'cancelled'],
  dispatched: ['succeeded', 'failed', 'unknown'],
  unknown: ['dispatched'],
  succeeded: [],
  failed: [],
  cancelled: [],
} as const satisfies Record<string, readonly string[]>;
export type OperationStatus = keyof typeof OPERATION_NEXT;
export const OPERATION_STATUSES = Object.keys(OPERATION_NEXT) as readonly OperationStatus[];

export type Operation = {
  /** Also its key at the provider: the id of the attempt, charge, refund or payout it is about, and its kind. */
  readonly id: string;
  readonly kind: OperationKind;
  readonly processor: string;
  /** Null: nobody knows whose money it is. */
  readonly restaurantId: string | null;
  /** The payment, payout or exception it belongs to. */
  readonly subjectId: string;
  /** The attempt, charge, refund, payout or exception it is about. */
  readonly targetId: string;
  readonly status: OperationStatus;
  readonly tries: number;
  /** When it may be dispatched; while it is dispatched, when whoever did so is taken for dead. Null once it has ended. */
  readonly dueAt: number | null;
  readonly lastError: string | null;
  readonly plannedAt: number;
  /** 0 until first saved. */
  readonly version: number;
};

/** How long a dispatched operation may go without an answer before its outcome counts as unknown: beyond every timeout of ours. */
export const LEASE_MS = 30_000;
const MINUTE = 60_000;
const BACKOFF_MS = [2_000, 10_000, 30_000, MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE] as const;
const SLOWEST_MS = 60 * MINUTE;

type Plan = Pick<Operation, 'kind' | 'processor' | 'restaurantId' | 'subjectId' | 'targetId'>;

/** The same target is only ever asked for once, whoever plans it. */
const idOf = ({ kind, targetId }: Pick<Plan, 'kind' | 'targetId'>): string => `${kind}:${targetId}`;

const plan = (asked: Plan, at: number, dueAt: number = at): Operation => ({
  ...asked,
  id: idOf(asked),
  status: 'planned',
  tries: 0,
  dueAt,
  lastError: null,
  plannedAt: at,
  version: 0,
});

/** Whether nobody has told yet what came of an earlier try. */
const isUncertain = ({ status, tries }: Operation): boolean => tries > 0 && (status === 'unknown' || status === 'dispatched');

/**
 * Takes it to be done now, by one process: committed before the provider is called. When somebody waits for it its time need not
 * have come; but what another process is at is left to that one until its lease is over.
 */
function dispatch(operation: Operation, at: number, isAwaited = false): Result<Operation, 'not_due' | 'ended'> {
  const { dueAt, status } = operation;
  if (dueAt === null) return err('ended');
  if (dueAt > at && !(isAwaited && status !== 'dispatched')) return err('not_due');
  return ok({ ...operation, status: 'dispatched', tries: operation.tries + 1, dueAt: at + LEASE_MS });
}

const succeed = (operation: Operation): Operation => ({ ...operation, status: 'succeeded', dueAt: null, lastError: null });
const fail = (operation: Operation, why: string): Operation => ({ ...operation, status: 'failed', dueAt: null, lastError: why });
const doubt = (operation: Operation, why: string, at: number): Operation => ({
  ...operation,
  status: 'unknown',
  dueAt: at + (BACKOFF_MS[operation.tries - 1] ?? SLOWEST_MS),
  lastError: why,
});
const cancel = (operation: Operation): Operation => ({ ...operation, status: 'cancelled', dueAt: null });

/** What nobody knows the outcome of is looked into now, whatever its turn. */
const hurry = (operation: Operation, at: number): Operation => (operation.status === 'unknown' ? { ...operation, dueAt: at } : operation);

export const Operation = { plan, idOf, isUncertain, dispatch, succeed, fail, doubt, cancel, hurry };

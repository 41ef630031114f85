import type { Change } from '../../shared/change.ts';
import type { SuppressionEvent } from '../events.ts';
import type { EmailKind } from './templates.ts';

/** hard_bounce: its server says there is no such mailbox. complaint: its owner calls our mail unwanted. manual: somebody here decided. */
export const SUPPRESSION_REASONS = ['hard_bounce', 'complaint', 'unsubscribed', 'manual'] as const;
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

/** An address that is not written to. Removed ones are gone; the log remembers them, without the address. */
export type Suppression = {
  readonly id: string;
  readonly address: string;
  readonly recipientDigest: string;
  readonly reason: SuppressionReason;
  readonly note: string | null;
  readonly addedBy: string;
  readonly addedAt: number;
  readonly version: number;
};

function add(facts: Omit<Suppression, 'version' | 'addedAt'>, at: number): Change<Suppression, SuppressionEvent> {
  const { id: suppressionId, reason } = facts;
  return { state: { ...facts, addedAt: at, version: 0 }, events: [{ type: 'notifications.suppression_added', suppressionId, reason, at }] };
}

const remove = (state: Suppression, at: number): Change<Suppression, SuppressionEvent> => ({
  state,
  events: [{ type: 'notifications.suppression_removed', suppressionId: state.id, reason: state.reason, at }],
});

/** Whether it keeps mail of a kind back. Security mail always goes; who unsubscribed still hears of their own orders. */
function blocks(reason: SuppressionReason, kind: EmailKind): boolean {
  switch (kind) {
    case 'security':
      return false;
    case 'transactional':
      return reason !== 'unsubscribed';
    case 'marketing':
      return true;
  }
}

/** Worse reasons replace milder ones: who unsubscribed may bounce later. */
const isWorse = (reason: SuppressionReason, than: SuppressionReason): boolean => than === 'unsubscribed' && reason !== 'unsubscribed';

export const Suppression = { add, remove, blocks, isWorse };

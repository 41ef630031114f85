import type { AttemptKey, EntryAddress } from '#application/fraud/ports.ts';

export const DECISIONS = 'fraud.decisions';
/** Keeps the attempts of payments apart. */
export const ATTEMPTS = 'fraud.attempts';
export const HISTORIES = 'fraud.histories';
export const REVIEWS = 'fraud.reviews';
export const LABELS = 'fraud.label_sets';
export const ENTRIES = 'fraud.list_entries';
/** Which entry stands for an address. */
export const STANDING = 'fraud.list_entries_standing';
export const POLICIES = 'fraud.policies';

export const attemptOf = ({ restaurantId, paymentId, attemptId }: AttemptKey): string => `${restaurantId}/${paymentId}/${attemptId}`;
export const addressOf = ({ restaurantId, list, kind, token }: EntryAddress): string => `${restaurantId ?? ''}/${list}/${kind}/${token}`;

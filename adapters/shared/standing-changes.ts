import type { Committed } from './committed.ts';

/** Whose standing a commit may have changed: these sessions, or everybody's. */
export type StandingChanges = { readonly sessionIds: readonly string[]; readonly isEverybody: boolean };

export function standingChanges(events: Committed): StandingChanges {
  const sessionIds = events.filter(({ type }) => type.startsWith('identity.session_')).map(({ stream }) => stream.slice('session:'.length));
  // Which sessions an account has is not known here; both are rare.
  const isEverybody = events.some(({ type }) => type.startsWith('partners.staff_') || type === 'identity.account_closed');
  return { sessionIds, isEverybody };
}

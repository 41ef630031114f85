import type { Committed } from './committed.ts';

/** Whose standing a commit may have changed: these sessions, or everybody's. */
export type StandingChanges = { readonly sessionIds: readonly string[]; readonly isEverybody: boolean };

/** Roles given and taken, roles that allow something else now, and accounts that are gone. */
const EVERYBODY = /^(?:partners\.(?:staff_|role_changed|role_removed)|identity\.(?:platform_role_|account_closed))/;

export function standingChanges(events: Committed): StandingChanges {
  const sessionIds = events.filter(({ type }) => type.startsWith('identity.session_')).map(({ stream }) => stream.slice('session:'.length));
  // Which sessions an account has is not known here; both are rare.
  const isEverybody = events.some(({ type }) => EVERYBODY.test(type));
  return { sessionIds, isEverybody };
}

import { type Actor, nameOf } from '#domain/shared/actor.ts';

/** How an actor is written down: an account by its id. */
export const personOf = (actor: Actor): string => (actor.kind === 'account' ? actor.accountId : nameOf(actor));

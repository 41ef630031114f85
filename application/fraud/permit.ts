import type { FraudErrorOf } from '#domain/fraud/errors.ts';
import { type Actor, may, nameOf } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';

/** Who may not even read of a restaurant's decisions is told that there are none; who may only read, that it takes more. */
export function permitIn<NotFound>(
  actor: Actor,
  restaurantId: string,
  permission: 'fraud:read' | 'fraud:review',
  notFound: NotFound,
): Result<undefined, NotFound | FraudErrorOf<'fraud.not_permitted'>> {
  if (may(actor, permission, restaurantId)) return ok(undefined);
  return may(actor, 'fraud:read', restaurantId) ? err({ code: 'fraud.not_permitted', permission } as const) : err(notFound);
}

/** How an actor is written down: an account by its id. */
export const personOf = (actor: Actor): string => (actor.kind === 'account' ? actor.accountId : nameOf(actor));

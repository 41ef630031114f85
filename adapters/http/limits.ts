import type { Budget, Limit } from '#application/platform/rate-limits.ts';
import { type Actor, nameOf } from '#domain/shared/actor.ts';

/**
 * What an operation may be counted as; where it says nothing, as `general`. `none` is for those who prove in every request who
 * they are and may come in bursts, as a provider's webhooks do.
 */
export const LIMITERS = ['general', 'auth', 'payment', 'upload', 'search', 'none'] as const;
export type Limiter = (typeof LIMITERS)[number];

/** Every limit there is. `user` and `restaurant` hold beside the others; one that is turned off is absent. */
export type Limits = { readonly [Name in Exclude<Limiter, 'none'> | 'auth-failures' | 'user' | 'restaurant']?: Limit };

/** What the limits need to know of a request. */
export type Counted = {
  readonly limiter: Limiter;
  /** Who it is proven to be from; undefined for everybody else. */
  readonly actor: Actor | undefined;
  /** The client's network. */
  readonly network: string;
  readonly restaurantId: string | undefined;
  /** Whom an attempt is about, in a form that tells nobody: only for `auth`. Null where the use case itself counts the attempts about one person. */
  readonly subject: string | null | undefined;
};

/**
 * What a request draws on. Whoever shows who they are has a budget of their own; the rest share the one of their network,
 * so that a shop behind one address is not shut out by its own staff. Attempts to prove something are counted by whom they
 * are about and by where they come from, and apart from the rest: who has looked too often can still sign in.
 */
export function budgetsOf(limits: Limits, { limiter, actor, network, restaurantId, subject }: Counted): readonly Budget[] {
  if (limiter === 'none') return [];
  const who = actor === undefined || actor.kind === 'anonymous' ? undefined : nameOf(actor);
  const caller = who ?? network;
  const budgets: (Budget | undefined)[] = [
    who === undefined ? budget(limits.general, limiter === 'auth' ? `attempts:${network}` : network) : budget(limits.user, who),
    ...(limiter === 'auth' && subject !== null ? [budget(limits.auth, `${network}:${subject ?? caller}`)] : []),
    ...(limiter === 'auth' ? [budget(limits['auth-failures'], network)] : []),
    ...(limiter === 'payment' || limiter === 'upload' || limiter === 'search' ? [budget(limits[limiter], caller)] : []),
    ...(restaurantId !== undefined && actor !== undefined && isOwnPerson(actor, restaurantId) ? [budget(limits.restaurant, restaurantId)] : []),
  ];
  return budgets.filter((one) => one !== undefined);
}

const budget = (limit: Limit | undefined, key: string): Budget | undefined => limit && { limit, key };

/** Only what a restaurant's own people and programs do counts against it: otherwise anybody could use it up. */
const isOwnPerson = (actor: Actor, restaurantId: string): boolean =>
  'grants' in actor && actor.grants.some((grant) => grant.restaurantId === restaurantId);

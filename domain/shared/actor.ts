/** What a grant allows, as `noun:verb`. */
export type Permission = `${string}:${string}`;

/** What an account may do inside one restaurant. */
export type Grant = { readonly restaurantId: string; readonly role: string; readonly permissions: readonly Permission[] };

/** Who is asking. Proven by an adapter; trusted from here on. */
export type Actor =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'account';
      readonly accountId: string;
      readonly sessionId: string;
      /** Held on the platform itself, so in every restaurant. */
      readonly permissions: readonly Permission[];
      readonly grants: readonly Grant[];
      /** Their roles sleep until they have proven more than a password. */
      readonly withheld?: 'second_factor';
    }
  | {
      /** A program that a person of one restaurant gave a part of what they may do themselves. */
      readonly kind: 'api_key';
      readonly apiKeyId: string;
      readonly permissions: readonly [];
      readonly grants: readonly [Grant];
    }
  | { readonly kind: 'system'; readonly name: string };

export const ANONYMOUS: Actor = { kind: 'anonymous' };
export const system = (name: string): Actor => ({ kind: 'system', name });

/** Whether the actor holds a permission in a restaurant, or, without one, on the platform. */
export function may(actor: Actor, permission: Permission, restaurantId?: string): boolean {
  if (!('grants' in actor)) return actor.kind === 'system';
  if (actor.kind === 'account' && actor.permissions.includes(permission)) return true;
  return restaurantId !== undefined && actor.grants.some((grant) => grant.restaurantId === restaurantId && grant.permissions.includes(permission));
}

/** Whether the actor works for the restaurant in any role, or for the platform. */
export const worksAt = (actor: Actor, restaurantId: string): boolean =>
  actor.kind === 'system' ||
  ('grants' in actor && (actor.permissions.length > 0 || actor.grants.some((grant) => grant.restaurantId === restaurantId)));

/** How the event log names an actor: `account:<id>`, `api_key:<id>`, `system:<name>` or `anonymous`. */
export function nameOf(actor: Actor): string {
  switch (actor.kind) {
    case 'account':
      return `account:${actor.accountId}`;
    case 'api_key':
      return `api_key:${actor.apiKeyId}`;
    case 'system':
      return `system:${actor.name}`;
    case 'anonymous':
      return 'anonymous';
  }
}

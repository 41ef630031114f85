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
  | { readonly kind: 'system'; readonly name: string };

export const ANONYMOUS: Actor = { kind: 'anonymous' };
export const system = (name: string): Actor => ({ kind: 'system', name });

/** Whether the actor holds a permission in a restaurant, or, without one, on the platform. */
export function may(actor: Actor, permission: Permission, restaurantId?: string): boolean {
  if (actor.kind !== 'account') return actor.kind === 'system';
  if (actor.permissions.includes(permission)) return true;
  return restaurantId !== undefined && actor.grants.some((grant) => grant.restaurantId === restaurantId && grant.permissions.includes(permission));
}

/** Whether the actor works for the restaurant in any role, or for the platform. */
export const worksAt = (actor: Actor, restaurantId: string): boolean =>
  actor.kind === 'system' ||
  (actor.kind === 'account' && (actor.permissions.length > 0 || actor.grants.some((grant) => grant.restaurantId === restaurantId)));

/** How the event log names an actor: `account:<id>`, `system:<name>` or `anonymous`. */
export function nameOf(actor: Actor): string {
  switch (actor.kind) {
    case 'account':
      return `account:${actor.accountId}`;
    case 'system':
      return `system:${actor.name}`;
    case 'anonymous':
      return 'anonymous';
  }
}

import { STAFF_ROLES } from '#domain/partners/staff.ts';
import type { Permission } from '#domain/shared/actor.ts';
import type { PartnersTx, Rights } from '../ports.ts';

export const isBuiltIn = (role: string): boolean => (STAFF_ROLES as readonly string[]).includes(role);

/** What a role allows in a restaurant; undefined when it has none of that name or id. */
export async function permissionsOf(
  { roles }: Pick<PartnersTx, 'roles'>,
  { builtIn }: Pick<Rights, 'builtIn'>,
  restaurantId: string,
  role: string,
): Promise<readonly Permission[] | undefined> {
  return isBuiltIn(role) ? builtIn(role) : (await roles.find(restaurantId, role))?.permissions;
}

import type { Page, PageRequest } from '#application/shared/page.ts';
import type { PartnersErrorOf } from '#domain/partners/errors.ts';
import type { CustomRole } from '#domain/partners/role.ts';
import { STAFF_ROLES, type StaffMember } from '#domain/partners/staff.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { PartnersDeps, Rights } from '../ports.ts';
import { isBuiltIn } from './permissions-of.ts';

/** A role as a restaurant sees it, whether it made it or every restaurant has it. */
export type ListedRole = Omit<CustomRole, 'restaurantId'> & { readonly isBuiltIn: boolean };
type Deps = Pick<PartnersDeps, 'queries' | 'rights'>;
type NotFound = PartnersErrorOf<'partners.role_not_found'>;

const builtIn = ({ builtIn: permissionsOf }: Rights, role: string): ListedRole => ({
  id: role,
  name: role,
  description: '',
  permissions: permissionsOf(role),
  isBuiltIn: true,
  version: 0,
});
const made = (role: CustomRole): ListedRole => ({ ...role, isBuiltIn: false });

/** Every role that can be given in a restaurant: those that all have, then its own. */
export const listRoles =
  ({ queries, rights }: Deps) =>
  async (restaurantId: string): Promise<readonly ListedRole[]> => [
    ...STAFF_ROLES.map((role) => builtIn(rights, role)),
    ...(await queries.roles(restaurantId)).map(made),
  ];

export const findRole =
  ({ queries, rights }: Deps) =>
  async (restaurantId: string, roleId: string): Promise<Result<ListedRole, NotFound>> => {
    if (isBuiltIn(roleId)) return ok(builtIn(rights, roleId));
    const role = await queries.role(restaurantId, roleId);
    return role ? ok(made(role)) : err({ code: 'partners.role_not_found', roleId });
  };

/** Who works in a role. */
export const roleHolders =
  (deps: Deps) =>
  async (restaurantId: string, roleId: string, page: PageRequest): Promise<Result<Page<StaffMember>, NotFound>> => {
    const found = await findRole(deps)(restaurantId, roleId);
    return found.ok ? ok(await deps.queries.holders(restaurantId, roleId, page)) : found;
  };

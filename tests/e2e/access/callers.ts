import { KEY_SCOPES } from '#domain/identity/api-key.ts';
import { PERMISSIONS, platformPermissions, RESTAURANT_ROLES, restaurantPermissions } from '#domain/identity/roles.ts';
import type { Permission } from '#domain/shared/actor.ts';
import type { Kitchen } from '../../support/kitchen.ts';
import type { MoneyStage } from '../../support/money.ts';
import type { Json, World } from '../../support/world.ts';

/** Somebody who asks, and what they should be able to do at the restaurant, and on the platform. */
export type Caller = {
  readonly name: string;
  readonly token: string | undefined;
  readonly email?: string;
  readonly here: readonly Permission[];
  readonly everywhere: readonly Permission[];
  /** Whether the things of the walk are theirs. */
  readonly isCustomer?: true;
  readonly isProgram?: true;
  /** Works for another restaurant, and may do everything there. */
  readonly isForeign?: true;
};

/** What the role that the restaurant made allows: a mixture that no other role has. */
export const CUSTOM: readonly Permission[] = ['staff:read', 'orders:read', 'payments:refund', 'payments:read', 'audit:read', 'disputes:write'];

/** Every kind of caller there is. `foreign` is the owner of another restaurant. */
export async function everybody(money: MoneyStage, foreign: Kitchen): Promise<readonly Caller[]> {
  const { world, restaurantId, owner } = money;
  const at = `/restaurants/${restaurantId}`;
  const hire = async (name: string, role: string, here: readonly Permission[]): Promise<Caller> => {
    const { token, email } = await world.account(`${name}@access.test`);
    const hired = await world.post(`${at}/staff`, { email, role }, owner);
    if (hired.status !== 201) throw new Error(JSON.stringify(hired.body));
    return { name, token, email, here, everywhere: [] };
  };
  const platform = async (role: 'admin' | 'support'): Promise<Caller> => ({
    name: role,
    ...(await world.account(`${role}@access.test`, role)),
    here: [],
    everywhere: platformPermissions([role]),
  });
  const key = async (place: string, token: string): Promise<string> =>
    must(await world.post(`${place}/api-keys`, { name: 'Walk', scopes: KEY_SCOPES }, token)).token;
  const { id: roleId } = must(await world.post(`${at}/roles`, { name: 'Mixture', permissions: CUSTOM }, owner));
  const stranger = await world.account('stranger@access.test');
  const restaurantRoles: Caller[] = [];
  for (const role of RESTAURANT_ROLES) restaurantRoles.push(await hire(role, role, restaurantPermissions(role)));
  return [
    { name: 'nobody', token: undefined, here: [], everywhere: [] },
    { name: 'a stranger', ...stranger, here: [], everywhere: [] },
    {
      name: 'the customer',
      token: money.till.kitchen.customer,
      email: money.till.kitchen.people.customer,
      here: [],
      everywhere: [],
      isCustomer: true,
    },
    { name: 'another restaurant’s owner', token: foreign.owner, email: foreign.people.owner, here: [], everywhere: [], isForeign: true },
    {
      name: 'another restaurant’s program',
      token: await key(`/restaurants/${foreign.restaurantId}`, foreign.owner),
      here: [],
      everywhere: [],
      isProgram: true,
      isForeign: true,
    },
    { name: 'a program', token: await key(at, owner), here: KEY_SCOPES, everywhere: [], isProgram: true },
    await hire('mixture', roleId, CUSTOM),
    ...restaurantRoles,
    await platform('support'),
    { ...(await platform('admin')), here: PERMISSIONS },
  ];
}

function must({ status, body }: Awaited<ReturnType<World['post']>>): Json {
  if (status >= 300) throw new Error(JSON.stringify(body));
  return body;
}

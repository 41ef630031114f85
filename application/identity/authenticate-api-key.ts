import { Account } from '#domain/identity/account.ts';
import { ApiKey } from '#domain/identity/api-key.ts';
import { platformPermissions } from '#domain/identity/roles.ts';
import type { Actor, Permission } from '#domain/shared/actor.ts';
import type { ApiKeyDeps } from './api-key-ports.ts';
import { permissionsOf } from './standing.ts';

type Deps = Pick<ApiKeyDeps, 'queries' | 'accounts' | 'grants' | 'secrets' | 'isWithin' | 'clock'>;

/**
 * Whom a key speaks for when it comes from there; undefined when it opens nothing. It may do what it was given and what
 * whoever gave it may still do: who loses a role takes it from their keys at once.
 */
export const authenticateApiKey =
  (deps: Deps) =>
  async (token: string, ip: string): Promise<Actor | undefined> => {
    const { queries, secrets, isWithin, clock } = deps;
    const apiKeyId = secrets.read(token);
    const key = apiKeyId === undefined ? undefined : await queries.byId(apiKeyId);
    const now = clock.now();
    if (!key || !secrets.isGenuine(token, key.secretHash) || !ApiKey.isAlive(key, now)) return undefined;
    if (key.networks.length > 0 && !isWithin(ip, key.networks)) return undefined;

    const held = await heldBy(deps, key);
    await queries.touch(key.id, now);
    const permissions = key.scopes.filter((scope) => held.includes(scope));
    return { kind: 'api_key', apiKeyId: key.id, permissions: [], grants: [{ restaurantId: key.restaurantId, role: 'api_key', permissions }] };
  };

/** What the account that gave the key may do in its restaurant now. */
async function heldBy({ accounts, grants }: Deps, { issuedBy, restaurantId }: ApiKey): Promise<readonly Permission[]> {
  const account = await accounts.account(issuedBy);
  if (!account || !Account.isActive(account)) return [];
  const roles = await grants.rolesOf(issuedBy);
  const here = roles.filter((role) => role.restaurantId === restaurantId).flatMap((role) => permissionsOf(role));
  return [...platformPermissions(account.platformRoles), ...here];
}

import { describe, expect, it } from 'vitest';
import { hmacApiKeySecrets } from '#adapters/system/api-key-secrets.ts';
import { deriveKeys } from '#adapters/system/keys.ts';
import { ApiKey, type ApiKeyDraft, KEY_DAYS_MAX, KEY_SCOPES, KEYS_MAX } from '#domain/identity/api-key.ts';
import { HANDED_ON_BY_OWNER, PERMISSIONS } from '#domain/identity/roles.ts';
import { type Actor, system } from '#domain/shared/actor.ts';
import { must } from '../../support/must.ts';

const AT = 1_764_000_000_000;
const DAY = 86_400_000;
const holding = (...permissions: `${string}:${string}`[]): Actor => ({
  kind: 'account',
  accountId: 'asha',
  sessionId: 's',
  permissions: [],
  grants: [{ restaurantId: 'r', role: 'x', permissions }],
});
const draft: ApiKeyDraft = { id: 'k', restaurantId: 'r', name: 'POS', secretHash: 'h', scopes: ['orders:read'], networks: [], expiresAt: null };
const owner = holding(...KEY_SCOPES);

/** What programs are never given: it gives money away, decides about people, or lets somebody in. */
const FOR_PEOPLE = [
  'staff:read',
  'staff:write',
  'payments:refund',
  'fraud:review',
  'fraud:lists',
  'support:read',
  'support:write',
  'emails:read',
  'emails:write',
  ...HANDED_ON_BY_OWNER,
  'staff:own',
  'platform:operate',
  'ratelimit:bypass',
];

it('every permission is either for programs, too, or for people alone', () => {
  expect([...KEY_SCOPES, ...FOR_PEOPLE].sort()).toEqual([...PERMISSIONS].sort());
});

describe('an API key', () => {
  it('is given by somebody who holds what it may, in that restaurant', () => {
    expect(must(ApiKey.issue(draft, 0, owner, AT))).toMatchObject({
      state: { issuedBy: 'asha', status: 'active', version: 0 },
      events: [{ type: 'identity.api_key_issued', scopes: ['orders:read'], issuedBy: 'asha', at: AT }],
    });
    const wide = { ...draft, scopes: ['orders:read', 'stock:write', 'menu:write'] as const };
    expect(ApiKey.issue(wide, 0, holding('orders:read', 'stock:write'), AT)).toEqual({
      ok: false,
      error: { code: 'identity.api_key_scope_not_held', scopes: ['menu:write'] },
    });
    expect(ApiKey.issue({ ...draft, restaurantId: 'other' }, 0, owner, AT).ok).toBe(false);
  });

  it('is given by people only', () => {
    const key: Actor = { kind: 'api_key', apiKeyId: 'x', permissions: [], grants: [{ restaurantId: 'r', role: 'api_key', permissions: KEY_SCOPES }] };
    for (const actor of [key, system('job'), { kind: 'anonymous' } as const])
      expect(ApiKey.issue(draft, 0, actor, AT)).toEqual({ ok: false, error: { code: 'identity.person_required' } });
  });

  it.each<[string, number | null, boolean]>([
    ['never', null, true],
    ['now', AT, false],
    ['in a moment', AT + 1, true],
    ['at the very last', AT + KEY_DAYS_MAX * DAY, true],
    ['after that', AT + KEY_DAYS_MAX * DAY + 1, false],
  ])('may expire %s: %d', (_when, expiresAt, isGood) => {
    expect(ApiKey.issue({ ...draft, expiresAt }, 0, owner, AT).ok).toBe(isGood);
  });

  it('is one of so many', () => {
    expect(ApiKey.issue(draft, KEYS_MAX - 1, owner, AT).ok).toBe(true);
    expect(ApiKey.issue(draft, KEYS_MAX, owner, AT)).toMatchObject({ error: { code: 'identity.too_many_api_keys' } });
  });

  it('lives until it expires or is revoked, once', () => {
    const { state } = must(ApiKey.issue({ ...draft, expiresAt: AT + DAY }, 0, owner, AT));
    expect([ApiKey.isAlive(state, AT + DAY - 1), ApiKey.isAlive(state, AT + DAY)]).toEqual([true, false]);
    const revoked = must(ApiKey.revoke(state, AT)).state;
    expect(ApiKey.isAlive(revoked, AT)).toBe(false);
    expect(ApiKey.revoke(revoked, AT)).toMatchObject({ error: { code: 'identity.api_key_revoked' } });
  });

  it('can be given nothing that only a person may', () => {
    const forPeople = PERMISSIONS.filter((permission) => /^(?:staff|keys|audit|platform|ratelimit):|^restaurants:create$/.test(permission));
    expect(forPeople.length).toBeGreaterThan(6);
    expect(KEY_SCOPES.filter((scope) => (forPeople as readonly string[]).includes(scope))).toEqual([]);
  });
});

describe('its text', () => {
  const id = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10';
  const [old, now] = ['an-old-secret-of-thirty-two-letters', 'a-new-secret-of-thirty-two-letters'];
  const made = hmacApiKeySecrets(deriveKeys([old], 'api-key')).make(id);

  it('names the key, is never the same, and leaves nothing of itself in what is kept', () => {
    const secrets = hmacApiKeySecrets(deriveKeys([old], 'api-key'));
    expect(secrets.read(made.token)).toBe(id);
    expect(secrets.isGenuine(made.token, made.secretHash)).toBe(true);
    expect(secrets.make(id).token).not.toBe(made.token);
    expect(made.secretHash).not.toContain(made.token.slice(-43));
    for (const text of ['', 'thali_live_x', `${made.token} `, made.token.toUpperCase(), 'eyJhbGciOiJIUzI1NiJ9.e30.x'])
      expect(secrets.read(text)).toBeUndefined();
  });

  it('holds while the secret it was made under is kept', () => {
    expect(hmacApiKeySecrets(deriveKeys([now, old], 'api-key')).isGenuine(made.token, made.secretHash)).toBe(true);
    expect(hmacApiKeySecrets(deriveKeys([now], 'api-key')).isGenuine(made.token, made.secretHash)).toBe(false);
  });
});

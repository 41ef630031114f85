import { describe, expect, it } from 'vitest';
import { Account, DISPLAY_NAME_MAX } from '#domain/identity/account.ts';
import type { EmailAddress } from '#domain/identity/email-address.ts';
import type { PlatformRole } from '#domain/identity/roles.ts';
import { err, ok } from '#domain/shared/result.ts';

const AT = 1_764_000_000_000;
const registered = Account.register(
  { id: 'a1', email: 'meera@example.com' as EmailAddress, displayName: 'Meera', passwordHash: 'secret-hash', platformRoles: ['admin', 'admin'] },
  AT,
);

describe('an account', () => {
  it('is registered, and its event says all but the secret', () => {
    expect(registered.state).toMatchObject({ id: 'a1', platformRoles: ['admin'], status: 'active', registeredAt: AT, version: 0 });
    expect(registered.events).toEqual([
      { type: 'identity.account_registered', accountId: 'a1', email: 'meera@example.com', displayName: 'Meera', platformRoles: ['admin'], at: AT },
    ]);
    expect(JSON.stringify(registered.events)).not.toContain('secret-hash');
  });

  it('is closed once', () => {
    const closed = Account.close(registered.state, AT + 1);
    if (!closed.ok) throw new Error('an active account can be closed');
    expect(closed.value).toEqual({
      state: {
        ...registered.state,
        status: 'closed',
        email: 'a1@closed.invalid',
        displayName: 'Closed account',
        passwordHash: null,
        credentials: 2,
        platformRoles: [],
      },
      events: [{ type: 'identity.account_closed', accountId: 'a1', at: AT + 1 }],
    });
    expect([Account.isActive(registered.state), Account.isActive(closed.value.state)]).toEqual([true, false]);
    expect(Account.close(closed.value.state, AT + 2)).toEqual(err({ code: 'identity.account_closed', accountId: 'a1' }));
  });

  it('changes its hash without telling it', () => {
    const { state, events } = Account.rehash(registered.state, 'better-hash', AT + 1);
    expect(state).toEqual({ ...registered.state, passwordHash: 'better-hash' });
    expect(events).toEqual([{ type: 'identity.password_rehashed', accountId: 'a1', at: AT + 1 }]);
  });

  it('stops what no rule could have made', () => {
    expect(() => Account.check({ ...registered.state, passwordHash: '' })).toThrow('no password');
    expect(() => Account.check({ ...registered.state, status: 'gone' as 'closed' })).toThrow('unknown status');
    expect(() => Account.check({ ...registered.state, platformRoles: ['owner' as PlatformRole] })).toThrow('a role there is not');
    expect(Account.check(registered.state)).toBe(registered.state);
  });
});

describe('a display name', () => {
  it.each([
    ['  Meera Nair ', 'Meera Nair'],
    ['मीरा नायर', 'मीरा नायर'],
    ['ZW\u200dJ 👨‍🍳', 'ZW\u200dJ 👨‍🍳'],
    ['é'.normalize('NFD'), 'é'],
    ['x'.repeat(DISPLAY_NAME_MAX), 'x'.repeat(DISPLAY_NAME_MAX)],
    ['🍛'.repeat(DISPLAY_NAME_MAX), '🍛'.repeat(DISPLAY_NAME_MAX)],
  ])('%j is taken', (typed, kept) => {
    expect(Account.parseDisplayName(typed)).toEqual(ok(kept));
  });

  it.each([
    '',
    '   ',
    'a\nb',
    'a\0b',
    'a\u2028b',
    'a\u202eb',
    'a\u2066b',
    'a\u200bb',
    'x'.repeat(DISPLAY_NAME_MAX + 1),
    '🍛'.repeat(DISPLAY_NAME_MAX + 1),
  ])('%j is refused', (typed) => {
    expect(Account.parseDisplayName(typed)).toEqual(err({ code: 'identity.display_name_malformed', limit: DISPLAY_NAME_MAX }));
  });
});

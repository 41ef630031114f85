import { describe, expect, it } from 'vitest';
import { MemorySessionStandings } from '#adapters/memory/identity/session-standings.ts';
import { CommitSignal } from '#adapters/shared/committed.ts';
import { Lru } from '#adapters/shared/lru.ts';
import type { AccountActor } from '#application/identity/ports.ts';

const actor = (sessionId: string): AccountActor => ({ kind: 'account', accountId: 'a', sessionId, permissions: [], grants: [] });

function standings() {
  const committed = new CommitSignal();
  const clock = { at: 0 };
  const asked: string[] = [];
  const cache = new MemorySessionStandings(committed, () => clock.at);
  const load = async (sessionId: string) => {
    asked.push(sessionId);
    return actor(sessionId);
  };
  const commit = (type: string, stream: string) => committed.emit([{ type, stream, restaurantId: null }]);
  return { cache, clock, asked, load, commit };
}

describe('standings', () => {
  it('are asked once in five seconds for each session', async () => {
    const { cache, clock, asked, load } = standings();
    expect(await cache.get('s1', load)).toEqual(actor('s1'));
    clock.at = 4_999;
    await Promise.all([cache.get('s1', load), cache.get('s1', load), cache.get('s2', load)]);
    expect(asked).toEqual(['s1', 's2']);
    clock.at = 5_000;
    await cache.get('s1', load);
    expect(asked).toEqual(['s1', 's2', 's1']);
  });

  it.each([
    ['identity.session_revoked', 'session:s1', ['s1']],
    ['identity.session_rotated', 'session:s1', ['s1']],
    ['identity.account_closed', 'account:a', ['s1', 's2']],
    ['partners.staff_added', 'staff:r:a', ['s1', 's2']],
    ['partners.staff_removed', 'staff:r:a', ['s1', 's2']],
    ['partners.role_changed', 'role:x', ['s1', 's2']],
    ['partners.role_removed', 'role:x', ['s1', 's2']],
    ['identity.platform_role_given', 'account:a', ['s1', 's2']],
    ['identity.platform_role_taken', 'account:a', ['s1', 's2']],
    ['partners.role_made', 'role:x', []],
    ['partners.invitation_sent', 'invitation:x', []],
    ['identity.account_registered', 'account:b', []],
    ['ordering.order_placed', 'order:s1', []],
  ])('are forgotten on %s of %s: %j', async (type, stream, expected) => {
    const { cache, asked, load, commit } = standings();
    await cache.get('s1', load);
    await cache.get('s2', load);
    commit(type, stream);
    asked.length = 0;
    await cache.get('s1', load);
    await cache.get('s2', load);
    expect(asked).toEqual(expected);
  });

  it('are not kept when a commit comes while they are being read', async () => {
    const { cache, asked, load, commit } = standings();
    let answer: (standing: AccountActor | undefined) => void = () => undefined;
    const slow = cache.get('s1', () => new Promise((resolve) => (answer = resolve)));
    commit('identity.session_revoked', 'session:s1');
    answer(actor('s1')); // What was read before the commit.
    await slow;
    await cache.get('s1', load);
    expect(asked).toEqual(['s1']);
  });

  it('remember that there is none, and never a failure', async () => {
    const { cache, asked, load } = standings();
    expect(await cache.get('s1', async () => undefined)).toBeUndefined();
    expect(await cache.get('s1', load)).toBeUndefined();
    await expect(cache.get('s2', () => Promise.reject(new Error('no database')))).rejects.toThrow('no database');
    expect(await cache.get('s2', load)).toEqual(actor('s2'));
    expect(asked).toEqual(['s2']);
  });
});

describe('a bounded map', () => {
  it('forgets what was not used for longest', () => {
    const lru = new Lru<string, number>(2);
    lru.set('a', 1);
    lru.set('b', 2);
    expect(lru.get('a')).toBe(1);
    lru.set('c', 3);
    expect([lru.get('a'), lru.get('b'), lru.get('c'), lru.size]).toEqual([1, undefined, 3, 2]);
    lru.set('a', 4);
    expect([lru.get('a'), lru.size]).toEqual([4, 2]);
    lru.delete('a');
    lru.clear();
    expect(lru.size).toBe(0);
  });
});

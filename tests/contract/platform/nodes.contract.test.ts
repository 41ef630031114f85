import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryLeadership, memoryLostNodes, memoryNodes, memoryTerms } from '#adapters/memory/platform/nodes.ts';
import { memoryUnitOfWork } from '#adapters/memory/unit-of-work.ts';
import { postgresLeadership, postgresLostNodes, postgresNodes, postgresTerms } from '#adapters/postgres/platform/nodes.ts';
import { postgresUnitOfWork } from '#adapters/postgres/unit-of-work.ts';
import { eventually } from '#adapters/shared/eventually.ts';
import type { Leadership, Term, Terms } from '#application/platform/leadership.ts';
import type { LostNodes, Node, Nodes } from '#application/platform/nodes.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { createContainer } from '#composition/container.ts';
import type { Database } from '#composition/database.ts';
import { Platform } from '#composition/modules/platform.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import { freshDatabase, PROFILES, SILENT, testConfig } from '../../support/profiles.ts';

const LOST_MS = 1_500;
const LEASE_MS = 2_000;
const WAIT_MS = 20_000;
const ME = system('test');

const node = (changes: Partial<Node> = {}): Node => ({
  id: crypto.randomUUID(),
  role: 'worker',
  version: '1.2.3',
  host: 'here',
  pid: 7,
  hasRedis: true,
  startedAt: 1_764_000_000_000,
  load: { eventLoopLagMs: 1.5, cpuPercent: 20, memoryMb: 200 },
  ...changes,
});

describe.each(PROFILES)('the registry of nodes on %s', (profile) => {
  let database: Database;
  let [nodes, hasty]: [Nodes, Nodes] = [] as never;
  let [leadership, hastyLeadership]: [Leadership, Leadership] = [] as never;
  let uow: UnitOfWork<{ readonly lostNodes: LostNodes; readonly terms: Terms }>;
  beforeAll(async () => {
    database = await freshDatabase(profile);
    const container = createContainer({ config: testConfig, secret: 'a-secret-that-only-the-tests-know-000', log: SILENT, store: database.store });
    if (profile === 'memory') {
      const memory = container.get(Platform.memory);
      [nodes, hasty] = [memoryNodes(memory), memoryNodes(memory, LOST_MS)];
      [leadership, hastyLeadership] = [memoryLeadership(memory), memoryLeadership(memory, LEASE_MS)];
      uow = memoryUnitOfWork(memory, (tx) => ({ lostNodes: memoryLostNodes(tx, memory.clock, LOST_MS), terms: memoryTerms(tx, memory.clock) }));
    } else {
      const sql = container.get(Platform.sql);
      [nodes, hasty] = [postgresNodes(sql), postgresNodes(sql, LOST_MS)];
      [leadership, hastyLeadership] = [postgresLeadership(sql), postgresLeadership(sql, LEASE_MS)];
      uow = postgresUnitOfWork(container.get(Platform.postgres), (tx) => ({ lostNodes: postgresLostNodes(tx, LOST_MS), terms: postgresTerms(tx) }));
    }
  }, 60_000);
  afterAll(() => database?.close());

  const sweep = async () => (await uow.run(ME, async ({ lostNodes }) => ok(await lostNodes.sweep()))).value;
  const confirm = async (term: Term) => (await uow.run(ME, async ({ terms }) => ok(await terms.confirm(term)))).value;
  const claimAfter = (task: string, holder: string) =>
    eventually(
      () => leadership.claim(task, holder),
      (term) => term !== undefined,
      WAIT_MS,
    );

  it('knows who lives, with what they last said, until they leave', async () => {
    const [young, old] = [node({ startedAt: 1_764_000_001_000 }), node({ role: 'web', hasRedis: false })];
    await nodes.beat(young);
    await nodes.beat(old);
    await nodes.beat({ ...old, load: { ...old.load, memoryMb: 300 } });
    const alive = await nodes.alive();
    expect(alive).toMatchObject([{ ...old, load: { ...old.load, memoryMb: 300 } }, young]);
    expect(Math.abs((alive[0]?.seenAt ?? 0) - Date.now())).toBeLessThan(60_000);
    await nodes.leave(young.id);
    await nodes.leave(young.id);
    expect((await nodes.alive()).map(({ id }) => id)).toEqual([old.id]);
    await nodes.leave(old.id);
  });

  it('loses who is silent, and tells of each once', async () => {
    const [silent, other] = [node(), node()];
    await nodes.beat(silent);
    await nodes.beat(other);
    const keepBeating = async () => {
      await nodes.beat(other);
      return hasty.alive();
    };
    const alive = await eventually(keepBeating, (found) => found.length === 1, WAIT_MS);
    expect(alive.map(({ id }) => id)).toEqual([other.id]);
    const swept = await Promise.all([sweep(), sweep(), sweep()]);
    expect(swept.flat().filter(({ id }) => id === silent.id)).toHaveLength(1);
    expect(await sweep()).toEqual([]);
    await nodes.leave(other.id);
  });

  it('lets one lead at a time, however many want to', async () => {
    const claimed = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((holder) => leadership.claim('cook', holder)));
    const [term] = claimed.filter((one) => one !== undefined);
    expect(claimed.filter((one) => one !== undefined)).toHaveLength(1);
    if (!term) throw new Error('nobody leads');
    expect(await leadership.claim('cook', term.holder)).toEqual(term);
    expect(await leadership.claim('another task', 'f')).toMatchObject({ holder: 'f' });
    expect(await confirm(term)).toBe(true);
    expect(await confirm({ ...term, holder: 'f' })).toBe(false);
    expect(await confirm({ ...term, token: term.token + 1 })).toBe(false);
    expect(await confirm({ ...term, task: 'serve' })).toBe(false);
  });

  it('lets another lead when the leader is silent, with a higher token, and the old one commits nothing more', async () => {
    const first = (await hastyLeadership.claim('serve', 'first')) as Term;
    const second = await claimAfter('serve', 'second');
    expect(second?.token).toBeGreaterThan(first.token);
    expect([await confirm(first), await confirm(second as Term)]).toEqual([false, true]);
    expect(await leadership.claim('serve', 'first')).toBeUndefined();
    await leadership.resign(first); // It has nothing to resign from.
    expect(await confirm(second as Term)).toBe(true);
  });

  it('begins a new term for a leader that comes back after its own has ended', async () => {
    const first = (await hastyLeadership.claim('sleep', 'me')) as Term;
    await eventually(
      () => confirm(first),
      (lasts) => !lasts,
      WAIT_MS,
    );
    const again = (await leadership.claim('sleep', 'me')) as Term;
    expect(again.token).toBeGreaterThan(first.token);
    expect(await confirm(first)).toBe(false);
  });

  it('lets the next begin at once when the leader resigns', async () => {
    const first = (await leadership.claim('wash', 'first')) as Term;
    await leadership.resign(first);
    expect(await leadership.claim('wash', 'second')).toMatchObject({ token: first.token + 1 });
  });

  it('keeps the next term from beginning while a transaction relies on this one', async () => {
    const term = (await hastyLeadership.claim('dry', 'first')) as Term;
    if (profile === 'pglite') return; // Its transactions run one after the other anyway: a claim inside one would wait for itself.
    let isCommitted = false;
    const order: string[] = [];
    const relying = uow.run(ME, async ({ terms }) => {
      expect(await terms.confirm(term)).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, LEASE_MS + 500)); // The term ends meanwhile.
      isCommitted = true;
      return ok(order.push('committed'));
    });
    const next = eventually(
      () => leadership.claim('dry', 'second').catch(() => undefined),
      (claimed) => claimed !== undefined,
      WAIT_MS,
    ).then((claimed) => {
      expect(isCommitted).toBe(true);
      order.push('claimed');
      return claimed;
    });
    expect((await relying).ok).toBe(true);
    expect((await next)?.holder).toBe('second');
    expect(order).toEqual(['committed', 'claimed']);
  });
});

import { LEASE_MS, type Leadership, type Term, type Terms } from '#application/platform/leadership.ts';
import { type LiveNode, LOST_MS, type LostNodes, type Nodes } from '#application/platform/nodes.ts';
import type { Clock } from '#application/shared/ports.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import type { MemoryTx } from '../tx.ts';
import { type MemoryPlatform, memoryUnitOfWork } from '../unit-of-work.ts';

const NODES = 'platform.nodes';
const LEASES = 'platform.leases';

type Lease = Term & { readonly expiresAt: number };

/** A process that keeps nothing is the only one that could ever be here; what it promises is the same. */
export function memoryNodes(platform: MemoryPlatform, lostMs: number = LOST_MS): Nodes {
  const { store, clock } = platform;
  const uow = memoryUnitOfWork(platform, (tx) => tx);
  return {
    async beat(node) {
      await uow.run(system('nodes'), async (tx) => ok(tx.set(NODES, node.id, { ...node, seenAt: clock.now() })));
    },
    async leave(id) {
      await uow.run(system('nodes'), async (tx) => ok(tx.delete(NODES, id)));
    },
    async alive() {
      const alive = store.rows<LiveNode>(NODES).filter(({ seenAt }) => seenAt > clock.now() - lostMs);
      return alive.sort((a, b) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1));
    },
  };
}

export const memoryLostNodes = (tx: MemoryTx, clock: Clock, lostMs: number = LOST_MS): LostNodes => ({
  async sweep() {
    const lost = tx.rows<LiveNode>(NODES).filter(({ seenAt }) => seenAt <= clock.now() - lostMs);
    for (const { id } of lost) tx.delete(NODES, id);
    return lost;
  },
});

export function memoryLeadership(platform: MemoryPlatform, leaseMs: number = LEASE_MS): Leadership {
  const { clock } = platform;
  const uow = memoryUnitOfWork(platform, (tx) => tx);
  return {
    async claim(task, holder) {
      const claimed = await uow.run(system('leadership'), async (tx) => {
        await tx.lock(LEASES, [task]);
        const [now, held] = [clock.now(), tx.get<Lease>(LEASES, task)];
        const isLasting = held !== undefined && held.expiresAt > now;
        if (isLasting && held.holder !== holder) return ok(undefined);
        const term: Term = { task, holder, token: isLasting ? held.token : (held?.token ?? 0) + 1 };
        tx.set(LEASES, task, { ...term, expiresAt: now + leaseMs });
        return ok(term);
      });
      return claimed.value;
    },
    async resign(term) {
      await uow.run(system('leadership'), async (tx) => {
        await tx.lock(LEASES, [term.task]);
        const held = tx.get<Lease>(LEASES, term.task);
        if (isSame(held, term)) tx.set(LEASES, term.task, { ...term, expiresAt: Number.NEGATIVE_INFINITY });
        return ok(undefined);
      });
    },
  };
}

export const memoryTerms = (tx: MemoryTx, clock: Clock): Terms => ({
  async confirm(term) {
    await tx.lock(LEASES, [term.task]);
    const held = tx.get<Lease>(LEASES, term.task);
    return held !== undefined && isSame(held, term) && held.expiresAt > clock.now();
  },
});

const isSame = (held: Lease | undefined, { holder, token }: Term): boolean => held?.holder === holder && held.token === token;

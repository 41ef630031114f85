import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import type { Log } from '../shared/ports.ts';
import type { Leadership, Term } from './leadership.ts';
import type { OperationsDeps } from './ports.ts';
import { record } from './record.ts';

const TASK = 'watch-nodes';

type Deps = Pick<OperationsDeps, 'uow' | 'clock' | 'ids'> & { readonly leadership: Leadership; readonly log: Log };

/** Says, once, that a node is gone which did not say so itself. One node does it for all; another takes over when that one is lost. */
export function watchNodes({ uow, leadership, clock, ids, log }: Deps, nodeId: string) {
  let term: Term | undefined;
  return {
    /** How many were lost; undefined while another node does it. */
    async watch(): Promise<number | undefined> {
      const claimed = await leadership.claim(TASK, nodeId);
      term = claimed;
      if (!claimed) return undefined;
      const swept = await uow.run(system(TASK), async ({ terms, lostNodes, journal }) => {
        if (!(await terms.confirm(claimed))) return ok([]);
        const lost = await lostNodes.sweep();
        for (const { id, role, host, seenAt } of lost)
          record(journal, ids, { type: 'platform.node_lost', nodeId: id, role, host, seenAt, at: clock.now() });
        return ok(lost);
      });
      for (const { id, role, host, pid } of swept.value) log.warn('a node is lost', { node: id, role, host, pid });
      return swept.value.length;
    },
    async resign(): Promise<void> {
      if (term) await leadership.resign(term);
    },
  };
}

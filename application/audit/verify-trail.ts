import { AuditChain, type ChainFault } from '#domain/audit/chain.ts';
import { AUDIT_CLASSES, type AuditClass } from '#domain/audit/classes.ts';
import type { AuditDeps } from './ports.ts';

const BATCH = 1_000;

/** What came of following one chain from its beginning to its end. */
export type Verification = { readonly class: AuditClass; readonly entries: number; readonly fault: ChainFault | undefined };

/** Checks every link of every chain; of a broken one it names the first entry that is not what was written. */
export const verifyTrail =
  ({ queries, digest }: Pick<AuditDeps, 'queries' | 'digest'>) =>
  async (): Promise<readonly Verification[]> => {
    const found: Verification[] = [];
    for (const name of AUDIT_CLASSES) {
      const chain = await queries.chain(name);
      let link = AuditChain.start(chain);
      let fault: ChainFault | undefined;
      // To the end that was read first: what is added meanwhile is for the next time.
      while (!fault && link.seq <= chain.last) {
        const all = await queries.entries(name, link.seq, BATCH);
        const entries = link.seq < chain.last ? all.filter(({ seq }) => seq <= chain.last) : [];
        const reached = AuditChain.follow(link, entries, digest);
        if ('why' in reached) fault = reached;
        else if (entries.length === 0) break;
        else link = reached;
      }
      fault ??= AuditChain.end(chain, link);
      found.push({ class: name, entries: link.seq - chain.pruned, fault });
    }
    return found;
  };

import type { Check } from '#application/platform/health.ts';
import type { Nodes } from '#application/platform/nodes.ts';

export const APART = 'several nodes share this database, and not all have a REDIS_URL: limits, revoked sessions and sockets are each node’s own';

/** How many nodes there are, and whether they should hear of each other and do not. */
export const nodesCheck = (nodes: Nodes) => async (): Promise<Check> => {
  try {
    const alive = await nodes.alive();
    const detail = `${alive.length} ${alive.length === 1 ? 'node' : 'nodes'}`;
    const isApart = alive.length > 1 && alive.some(({ hasRedis }) => !hasRedis);
    return isApart ? { name: 'nodes', status: 'warn', detail: `${detail}; ${APART}` } : { name: 'nodes', status: 'pass', detail };
  } catch {
    return { name: 'nodes', status: 'warn', detail: 'the registry does not answer' };
  }
};

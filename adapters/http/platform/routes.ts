import { z } from 'zod';
import type { Operations } from '#application/platform/module.ts';
import { NODE_ROLES } from '#application/platform/nodes.ts';
import type { Clock } from '#application/shared/ports.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, route } from '../route.ts';
import { Id, InstantView } from '../schemas.ts';
import { eventRoutes } from './event-routes.ts';
import { jobRoutes } from './job-routes.ts';
import { subscriptionRoutes } from './subscription-routes.ts';

const NodesView = z.object({
  data: z.array(
    z.object({
      id: Id,
      role: z.enum(NODE_ROLES),
      version: z.string(),
      host: z.string(),
      pid: z.int(),
      hasRedis: z.boolean(),
      startedAt: InstantView,
      seenAt: InstantView,
      load: z.object({
        eventLoopLagMs: z.number().meta({ description: 'What 99 of 100 turns of its loop did not exceed.' }),
        cpuPercent: z.number(),
        memoryMb: z.number(),
      }),
    }),
  ),
});
const NODE_EXAMPLE = {
  id: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10',
  role: 'web',
  version: '0.1.0',
  host: 'thali-1',
  pid: 7,
  hasRedis: true,
  startedAt: '2026-11-21T10:00:00.000Z',
  seenAt: '2026-11-21T10:30:00.000Z',
  load: { eventLoopLagMs: 1.2, cpuPercent: 14, memoryMb: 212 },
};

const nodesRoute = (operations: Operations): AnyRoute =>
  route({
    method: 'get',
    path: '/admin/nodes',
    operationId: 'listNodes',
    tag: 'Nodes',
    summary: 'List the processes of this installation, oldest first',
    description: 'Each says every five seconds that it lives; who has not for fifteen is gone.',
    access: { permission: 'platform:read', in: 'platform' },
    status: 200,
    response: NodesView,
    example: { response: { data: [NODE_EXAMPLE] } },
    problems: {},
    handle: async () => ok({ data: [...(await operations.nodes())] }),
  });

/** For who operates the platform. Nobody who works for a restaurant may do any of it. */
export const operationsRoutes = (operations: Operations, clock: Clock): readonly AnyRoute[] => [
  nodesRoute(operations),
  ...jobRoutes(operations),
  ...eventRoutes(operations, clock),
  ...subscriptionRoutes(operations),
];

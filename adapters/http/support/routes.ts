import type { Support } from '#application/support/module.ts';
import type { AnyRoute } from '../route.ts';
import { conversationRoutes } from './conversation-routes.ts';
import { deskRoutes } from './desk-routes.ts';
import { ticketRoutes } from './ticket-routes.ts';

export const supportRoutes = (support: Support): readonly AnyRoute[] => [
  ...conversationRoutes(support),
  ...ticketRoutes(support),
  ...deskRoutes(support),
];

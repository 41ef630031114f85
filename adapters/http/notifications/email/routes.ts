import type { EmailOperations } from '#application/notifications/email/module.ts';
import type { AnyRoute } from '../../route.ts';
import { bulkRoutes } from './bulk-routes.ts';
import { mailRoutes } from './email-routes.ts';
import { sendingRoutes } from './sending-routes.ts';
import { suppressionRoutes } from './suppression-routes.ts';
import { unsubscribeRoutes } from './unsubscribe-routes.ts';

/** For who operates the platform; and, for who gets a mail, the way out of it. */
export const emailRoutes = (emails: EmailOperations): readonly AnyRoute[] => [
  ...mailRoutes(emails),
  ...sendingRoutes(emails),
  ...bulkRoutes(emails),
  ...suppressionRoutes(emails),
  ...unsubscribeRoutes(emails),
];

import { Foundation } from './migrations/0001-foundation.ts';
import { Payments } from './migrations/0003-payments.ts';
import { Fraud } from './migrations/0004-fraud.ts';
import { Identity } from './migrations/0005-identity.ts';
import { Edge } from './migrations/0006-edge.ts';
import { Settlement } from './migrations/0007-settlement.ts';
import { ExternalIdentities } from './migrations/0008-external-identities.ts';
import { Roles } from './migrations/0009-roles.ts';
import { Kept } from './migrations/0010-kept.ts';
import { Realtime } from './migrations/0011-realtime.ts';
import { Nodes } from './migrations/0012-nodes.ts';
import { EmailQueue } from './migrations/0013-email.ts';
import { Inbox } from './migrations/0014-inbox.ts';
import { Webhooks } from './migrations/0015-webhooks.ts';
import { Support } from './migrations/0016-support.ts';
import { EmailTrace } from './migrations/0017-email-trace.ts';
import { UndoneReservations } from './migrations/0018-undone-reservations.ts';

/** In the order they were released. What is here is never changed; what comes later is added below. */
export const MIGRATIONS = [
  { name: '0001-foundation', class: Foundation },
  { name: '0003-payments', class: Payments },
  { name: '0004-fraud', class: Fraud },
  { name: '0005-identity', class: Identity },
  { name: '0006-edge', class: Edge },
  { name: '0007-settlement', class: Settlement },
  { name: '0008-external-identities', class: ExternalIdentities },
  { name: '0009-roles', class: Roles },
  { name: '0010-kept', class: Kept },
  { name: '0011-realtime', class: Realtime },
  { name: '0012-nodes', class: Nodes },
  { name: '0013-email', class: EmailQueue },
  { name: '0014-inbox', class: Inbox },
  { name: '0015-webhooks', class: Webhooks },
  { name: '0016-support', class: Support },
  { name: '0017-email-trace', class: EmailTrace },
  { name: '0018-undone-reservations', class: UndoneReservations },
];

import { cleanUp } from './operations/clean-up.ts';
import { queueCampaign } from './operations/queue-campaign.ts';
import { readEmail } from './operations/read-email.ts';
import { retryEmail, retryFailedEmails } from './operations/retry-emails.ts';
import { sendTest } from './operations/send-test.ts';
import { addressIn, addSuppression, removeSuppression, unsubscribe } from './operations/suppressions.ts';
import { turnSending } from './operations/turn-sending.ts';
import type { EmailDeps } from './ports.ts';

/** Everything the outside may ask of e-mail. Queueing it is `mailWithin`, inside the transaction of what it is about. */
export const createEmails = (deps: EmailDeps) => ({
  email: readEmail(deps),
  emails: deps.queries.emails,
  statistics: () => deps.queries.statistics(deps.clock.now()),
  sendTest: sendTest(deps),
  retryEmail: retryEmail(deps),
  retryFailedEmails: retryFailedEmails(deps),
  cleanUp: cleanUp(deps),
  sending: deps.queries.sending,
  turnSending: turnSending(deps),
  queueCampaign: queueCampaign(deps),
  suppressions: deps.queries.suppressions,
  addSuppression: addSuppression(deps),
  removeSuppression: removeSuppression(deps),
  digestOf: deps.digest,
  isTicket: (ticket: string) => addressIn(deps, ticket) !== undefined,
  unsubscribe: unsubscribe(deps),
});
export type EmailOperations = ReturnType<typeof createEmails>;

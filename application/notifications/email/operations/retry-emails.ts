import { Email } from '#domain/notifications/email/email.ts';
import type { EmailErrorOf } from '#domain/notifications/email/errors.ts';
import type { TemplateName } from '#domain/notifications/email/templates.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { EmailDeps } from '../ports.ts';

type Refusal = EmailErrorOf<'notifications.email_not_found' | 'notifications.email_not_failed' | 'notifications.email_gone'>;
type Deps = Pick<EmailDeps, 'uow' | 'clock'>;
/** How many are put back in one request. */
export const RETRIES_MAX = 1_000;

/** Has a mail that failed tried again, from its first attempt. */
export const retryEmail =
  ({ uow, clock }: Deps) =>
  ({ emailId }: { readonly emailId: string }, actor: Actor): Promise<Result<Email, Refusal>> =>
    uow.run(actor, async ({ emails }) => {
      const [email] = await emails.lock([emailId]);
      if (!email) return err({ code: 'notifications.email_not_found', emailId });
      const retried = Email.retry(email, clock.now());
      if (!retried.ok) return retried;
      await emails.save([retried.value]);
      return ok(retried.value.state);
    });

/** Has all that failed and can still be of use tried again, of one template or of all; how many that were, and whether there are more. */
export const retryFailedEmails =
  ({ uow, clock }: Deps) =>
  (
    { template }: { readonly template: TemplateName | undefined },
    actor: Actor,
  ): Promise<Result<{ readonly retried: number; readonly hasMore: boolean }, never>> =>
    uow.run(actor, async ({ emails }) => {
      const at = clock.now();
      const failed = await emails.lockFailed(template, at, RETRIES_MAX);
      const changes = failed.flatMap((email) => {
        const retried = Email.retry(email, at);
        return retried.ok ? [retried.value] : [];
      });
      await emails.save(changes);
      return ok({ retried: changes.length, hasMore: failed.length === RETRIES_MAX });
    });

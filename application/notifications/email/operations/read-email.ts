import type { Email } from '#domain/notifications/email/email.ts';
import type { EmailErrorOf } from '#domain/notifications/email/errors.ts';
import { templateOf } from '#domain/notifications/email/templates.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { EmailDeps, Written } from '../ports.ts';
import { writeEmail } from '../write-email.ts';

export type ReadEmail = {
  readonly email: Email;
  /** What it says; null once it went, and where it holds a link that is as good as a password. */
  readonly content: Pick<Written, 'subject' | 'text'> | null;
};
type Deps = Pick<EmailDeps, 'queries' | 'vault' | 'tickets' | 'templates' | 'settings'>;

/** One mail as an operator may see it. */
export const readEmail =
  (deps: Deps) =>
  async ({ emailId }: { readonly emailId: string }): Promise<Result<ReadEmail, EmailErrorOf<'notifications.email_not_found'>>> => {
    const email = await deps.queries.email(emailId);
    if (!email) return err({ code: 'notifications.email_not_found', emailId });
    const template = templateOf(email.template);
    if (email.sealedFacts === '' || !template || template.holdsToken) return ok({ email, content: null });
    const campaign = email.campaignId === null ? undefined : await deps.queries.campaign(email.campaignId);
    const written = writeEmail(deps, email, campaign);
    // Who it goes to may leave with one click; who looks at it for them may not.
    return ok({ email, content: written ? { subject: written.subject, text: withoutTicket(written) } : null });
  };

const withoutTicket = ({ text, unsubscribeUrl }: { readonly text: string; readonly unsubscribeUrl?: string }): string =>
  unsubscribeUrl === undefined ? text : text.replaceAll(unsubscribeUrl, '(the link to unsubscribe)');

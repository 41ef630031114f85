import type { DoneRequest } from '#application/shared/requests.ts';
import { Campaign, type CampaignText, type Recipient } from '#domain/notifications/email/campaign.ts';
import { Email } from '#domain/notifications/email/email.ts';
import type { EmailErrorOf } from '#domain/notifications/email/errors.ts';
import { type BulkTemplate, EMAIL_TEMPLATES } from '#domain/notifications/email/templates.ts';
import { type Actor, nameOf } from '#domain/shared/actor.ts';
import { invariant } from '#domain/shared/invariant.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import { draftOf } from '../mail-within.ts';
import type { EmailDeps } from '../ports.ts';

export type QueueCampaign = {
  readonly template: BulkTemplate;
  readonly text: CampaignText;
  /** One mail each: an address that stands twice is written to once. */
  readonly recipients: readonly Recipient[];
  readonly expiresAt: number | undefined;
  readonly key: string;
  readonly fingerprint: string;
};
type Refusal = EmailErrorOf<'notifications.field_unknown' | 'notifications.idempotency_key_reused' | 'notifications.request_in_progress'>;
type Deps = Pick<EmailDeps, 'uow' | 'queries' | 'requests' | 'vault' | 'digest' | 'clock' | 'ids' | 'trace'>;

/** Rows in one statement. */
const BATCH = 500;

/** Queues one text for many, behind all other mail: all of it, or nothing. */
export const queueCampaign =
  (deps: Deps) =>
  async (command: QueueCampaign, actor: Actor): Promise<Result<Campaign, Refusal>> => {
    const { template, text, key, fingerprint } = command;
    const scope = `emails:${nameOf(actor)}`;
    const done = await deps.requests.find(scope, key);
    if (done) return repeat(deps, done, fingerprint);

    const at = deps.clock.now();
    const recipients = [...new Map(command.recipients.map((recipient) => [recipient.email, recipient])).values()];
    const queued = Campaign.queue({ id: deps.ids.next(), template, ...text, queuedBy: nameOf(actor) }, recipients, at);
    if (!queued.ok) return queued;
    const { state: campaign } = queued.value;
    const expiresAt = command.expiresAt ?? at + EMAIL_TEMPLATES[template].lifeMs;
    const mails = recipients.map(({ email: to, name, fields }) => {
      const draft = draftOf({ key: `campaign:${campaign.id}:${to}`, to, template, facts: { name, fields }, expiresAt }, deps, at);
      return Email.queue({ ...draft, campaignId: campaign.id }, at);
    });

    const result = await deps.uow.run(actor, async (tx) => {
      const claim = await tx.requests.claim({ scope, key, fingerprint, outcome: campaign.id });
      if (claim !== 'claimed') return err({ taken: claim });
      await tx.campaigns.add(queued.value);
      for (let from = 0; from < mails.length; from += BATCH) await tx.emails.add(mails.slice(from, from + BATCH));
      return ok(campaign);
    });
    if (result.ok) return result;
    const { taken } = result.error;
    return taken === 'running' ? err({ code: 'notifications.request_in_progress' }) : repeat(deps, taken, fingerprint);
  };

async function repeat({ queries }: Deps, { fingerprint, outcome }: DoneRequest, asked: string): Promise<Result<Campaign, Refusal>> {
  if (fingerprint !== asked) return err({ code: 'notifications.idempotency_key_reused' });
  const campaign = await queries.campaign(outcome);
  invariant(campaign !== undefined, `campaign ${outcome} was queued`);
  return ok(campaign);
}

import { Email, type EmailDraft } from '#domain/notifications/email/email.ts';
import { EMAIL_TEMPLATES, type EmailTemplate, TEMPLATE_NAMES, type TemplateName } from '#domain/notifications/email/templates.ts';
import type { Emails, Facts, QueueDeps } from './ports.ts';

export type Draft = {
  /** What it is about: two of one key are one mail. */
  readonly key: string;
  readonly to: string;
  readonly template: TemplateName;
  readonly facts: Facts;
  /** From when on it is of no use; without it, what the template says. */
  readonly expiresAt?: number;
  /** The trace of what it tells of; without it, of what is being done now. */
  readonly traceId?: string | undefined;
};

const HOUR_MS = 3_600_000;
/** How many mails strangers can have us send to one address in an hour. */
export const ASKED_FOR_MAX = 10;
const ASKED_FOR = TEMPLATE_NAMES.filter((name) => (EMAIL_TEMPLATES[name] as EmailTemplate).isAskedForByAnybody);

/** Queues mail within another module's transaction: what happened and the word of it are one. */
export const mailWithin = (emails: Pick<Emails, 'add' | 'queuedFor'>, deps: QueueDeps) => ({
  async enqueue(draft: Draft): Promise<void> {
    const at = deps.clock.now();
    const queued = Email.queue(draftOf(draft, deps, at), at);
    if (ASKED_FOR.includes(draft.template)) {
      // Answered as if it went: whoever floods an address learns nothing, and its owner gets no eleventh.
      const before = await emails.queuedFor(queued.state.recipientDigest, ASKED_FOR, at - HOUR_MS);
      if (before >= ASKED_FOR_MAX) return;
    }
    await emails.add([queued]);
  },
  /** Many at once, of templates that no stranger can ask for. */
  async enqueueAll(drafts: readonly Draft[]): Promise<void> {
    const at = deps.clock.now();
    if (drafts.length > 0) await emails.add(drafts.map((draft) => Email.queue(draftOf(draft, deps, at), at)));
  },
});
export type Mail = ReturnType<typeof mailWithin>;

/** A mail as it is queued: its facts sealed for it alone. */
export function draftOf({ key, to, template, facts, expiresAt, traceId }: Draft, { vault, digest, ids, trace }: QueueDeps, at: number): EmailDraft {
  const id = ids.next();
  const { priority, lifeMs } = EMAIL_TEMPLATES[template];
  return {
    id,
    key,
    to,
    recipientDigest: digest(to),
    template,
    priority,
    campaignId: null,
    traceId: traceId ?? trace() ?? null,
    sealedFacts: vault.seal(JSON.stringify(facts), id),
    expiresAt: expiresAt ?? at + lifeMs,
  };
}

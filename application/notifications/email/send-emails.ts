import { Email } from '#domain/notifications/email/email.ts';
import { Suppression } from '#domain/notifications/email/suppression.ts';
import { templateOf } from '#domain/notifications/email/templates.ts';
import { system } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import type { Delivery, EmailDeps, EmailTx } from './ports.ts';
import { writeEmail } from './write-email.ts';

const BATCH = 20;
/** A claim that has less than this left is not begun: another process may have it soon. */
const MARGIN_MS = 60_000;
const OUTAGE_MS = [15_000, 30_000, 60_000, 120_000, 300_000] as const;
const ACTOR = system('send-emails');

type Deps = Pick<EmailDeps, 'uow' | 'queries' | 'transport' | 'templates' | 'vault' | 'tickets' | 'digest' | 'settings' | 'clock' | 'ids' | 'log'>;
type Done = { readonly email: Email; readonly delivery: Delivery | 'unreadable' };
type Batch = { readonly claimed: readonly Email[]; readonly taken: number };

/**
 * Sends what is due, and tells how much that was. Mail is taken in one transaction and settled in another, so none is open while a
 * mail server thinks; what a crash leaves in between is sent once more, under the same Message-ID, when its lease is over. While
 * the server takes no mail from anybody, one mail at a time tries whether it does again, and nobody's attempts are used up.
 */
export function sendEmails(deps: Deps): () => Promise<number> {
  const { clock, settings, log } = deps;
  const outage = { strikes: 0, until: 0 };

  return async () => {
    if (clock.now() < outage.until) return 0;
    const { claimed, taken } = await claim(deps, outage.strikes > 0 ? 1 : BATCH);
    let away: Extract<Delivery, { outcome: 'unreachable' }> | undefined;
    const waitMs = OUTAGE_MS[Math.min(outage.strikes, OUTAGE_MS.length - 1)] as number;

    await eachInLanes<Email, Done>(
      claimed,
      settings.lanes,
      (done) => settle(deps, done, waitMs),
      async (email) => {
        if (email.dueAt - clock.now() < MARGIN_MS) return undefined;
        const delivery = away ?? (await deliver(deps, email));
        if (delivery !== 'unreadable' && delivery.outcome === 'unreachable') away ??= delivery;
        return { email, delivery };
      },
    );

    if (away) {
      outage.strikes += 1;
      outage.until = clock.now() + waitMs;
      log.warn('the mail server takes no mail', { reason: away.reason, waitMs });
      return 0;
    }
    if (claimed.length > 0) outage.strikes = 0;
    return taken;
  };
}

/** Takes what is due; what is too late or not to be sent at all ends here. */
async function claim({ uow, settings, clock }: Deps, limit: number): Promise<Batch> {
  const claimed = await uow.run(ACTOR, async ({ emails, suppressions, sending }) => {
    if ((await sending.read()).isPaused) return ok({ claimed: [], taken: 0 });
    const at = clock.now();
    const due = await emails.due(at, limit);
    if (due.length === 0) return ok({ claimed: [], taken: 0 });
    const reasons = await suppressions.reasons(due.map(({ to }) => to));
    const claims = due.map((email) => {
      const reason = reasons.get(email.to);
      const isSuppressed = reason !== undefined && Suppression.blocks(reason, templateOf(email.template)?.kind ?? 'transactional');
      return Email.claim(email, { isSuppressed }, settings.policy, at);
    });
    await emails.save(claims);
    return ok({ claimed: claims.map(({ state }) => state).filter(({ status }) => status === 'processing'), taken: due.length });
  });
  return claimed.value;
}

async function deliver(deps: Deps, email: Email): Promise<Done['delivery']> {
  const campaign = email.campaignId === null ? undefined : await deps.queries.campaign(email.campaignId);
  const written = writeEmail(deps, email, campaign);
  return written
    ? deps.transport.send({ id: email.id, to: email.to, ...(email.traceId !== null && { traceId: email.traceId }), ...written })
    : 'unreadable';
}

/** Writes down what came of some mails, unless somebody else has taken one of them since. */
async function settle({ uow, settings: { policy }, clock, ids, digest, log }: Deps, done: readonly Done[], waitMs: number): Promise<void> {
  const newIds = done.map(() => ids.next());
  await uow.run(ACTOR, async (tx) => {
    const at = clock.now();
    const now = new Map((await tx.emails.lock(done.map(({ email }) => email.id))).map((email) => [email.id, email]));
    const changes = [];
    for (const [i, { email: claimed, delivery }] of done.entries()) {
      const email = now.get(claimed.id);
      if (!email || !Email.isHeldBy(email, claimed)) continue;
      changes.push(endOf(email, delivery, policy, waitMs, at));
      if (delivery !== 'unreadable' && delivery.outcome === 'refused' && delivery.isNoMailbox) {
        await suppress(tx, { id: newIds[i] as string, address: email.to, recipientDigest: digest(email.to), note: delivery.reason }, at);
      }
    }
    await tx.emails.save(changes);
    return ok(undefined);
  });
  for (const { email, delivery } of done) {
    if (delivery !== 'unreadable' && delivery.outcome === 'refused') {
      const { id: emailId, attempts: attempt, traceId } = email;
      log.warn('a mail was refused', { emailId, attempt, reason: delivery.reason, ...(traceId !== null && { traceId }) });
    }
  }
}

function endOf(email: Email, delivery: Done['delivery'], policy: Deps['settings']['policy'], waitMs: number, at: number) {
  if (delivery === 'unreadable') return Email.unreadable(email, 'its text cannot be written with the keys and templates there are', at);
  if (delivery.outcome === 'sent') return Email.sent(email, at);
  return delivery.outcome === 'refused' ? Email.refused(email, delivery, policy, at) : Email.postponed(email, delivery.reason, waitMs, at);
}

type Bounced = { readonly id: string; readonly address: string; readonly recipientDigest: string; readonly note: string };

/** There is no such mailbox: it is not written to again, unless somebody who knows better says so. */
async function suppress({ suppressions }: EmailTx, bounced: Bounced, at: number): Promise<void> {
  const before = await suppressions.lockAddress(bounced.address);
  if (before && !Suppression.isWorse('hard_bounce', before.reason)) return;
  await suppressions.add(Suppression.add({ ...bounced, reason: 'hard_bounce', addedBy: 'system:send-emails' }, at));
}

/** Works on items in lanes; what is done while something is written down is written down together, next. */
async function eachInLanes<T, D>(
  items: readonly T[],
  lanes: number,
  write: (done: readonly D[]) => Promise<void>,
  work: (item: T) => Promise<D | undefined>,
): Promise<void> {
  const waiting = [...items];
  const done: D[] = [];
  let writing: Promise<void> = Promise.resolve();
  const flush = (): Promise<void> => {
    writing = writing.then(() => (done.length > 0 ? write(done.splice(0)) : undefined));
    return writing;
  };
  const lane = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      const one = await work(item);
      if (one === undefined) continue;
      done.push(one);
      flush().catch(() => undefined); // Told below.
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(lanes, items.length) }, lane));
  await flush();
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}

import type { Change } from '../../shared/change.ts';
import { invariant } from '../../shared/invariant.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { EmailEvent } from '../events.ts';
import type { EmailErrorOf } from './errors.ts';

/** The most attempts any configuration may allow one mail. */
export const EMAIL_ATTEMPTS_LIMIT = 10;
export const PRIORITIES = { urgent: 0, normal: 1, bulk: 2 } as const;
export type EmailPriority = keyof typeof PRIORITIES;

/** pending waits for its time; processing is with a process until its lease ends. */
export const EMAIL_NEXT = {
  pending: ['processing', 'failed'],
  processing: ['processing', 'pending', 'sent', 'failed'],
  sent: [],
  failed: ['pending'],
} as const satisfies Record<string, readonly string[]>;
export type EmailStatus = keyof typeof EMAIL_NEXT;
export const EMAIL_STATUSES = Object.keys(EMAIL_NEXT) as readonly EmailStatus[];
/** Those in which there is still something to do. */
export const OPEN_STATUSES = ['pending', 'processing'] as const satisfies readonly EmailStatus[];

/** refused: for good. exhausted: refused for now, once too often. lost: taken too often by who never came back. unreadable: it cannot be written. */
export const EMAIL_FAILURES = ['refused', 'exhausted', 'lost', 'expired', 'suppressed', 'unreadable'] as const;
export type EmailFailure = (typeof EMAIL_FAILURES)[number];

export type Email = {
  readonly id: string;
  /** What it is about: two of one key are one mail. */
  readonly key: string;
  readonly to: string;
  /** Tells mail to one address from mail to another, without the address. */
  readonly recipientDigest: string;
  readonly template: string;
  readonly priority: EmailPriority;
  /** The campaign it is part of, which holds its text. */
  readonly campaignId: string | null;
  /** The trace of the request it was queued for, or of what it tells of. */
  readonly traceId: string | null;
  /** What fills the template in, sealed, because there are links in it; empty once it is of no more use. */
  readonly sealedFacts: string;
  readonly status: EmailStatus;
  readonly attempts: number;
  /** When it is to be tried, or taken from whoever has not come back with it. */
  readonly dueAt: number;
  /** From then on it is worth nothing to who would read it. */
  readonly expiresAt: number;
  readonly failure: EmailFailure | null;
  /** Why the last attempt failed, in words for operators; no address is in it. */
  readonly reason: string | null;
  readonly queuedAt: number;
  readonly endedAt: number | null;
  readonly version: number;
};

export type EmailDraft = Pick<
  Email,
  'id' | 'key' | 'to' | 'recipientDigest' | 'template' | 'priority' | 'campaignId' | 'traceId' | 'sealedFacts' | 'expiresAt'
>;
export type EmailPolicy = {
  /** How long each failed attempt waits for the next; after the last there is none. */
  readonly retryMs: readonly number[];
  /** Whoever took a mail to send it has this long; then its process is taken to be gone. */
  readonly leaseMs: number;
};
type Changed = Change<Email, EmailEvent>;

const MINUTE_MS = 60_000;
export const EMAIL_POLICY: EmailPolicy = { retryMs: [MINUTE_MS, 5 * MINUTE_MS], leaseMs: 5 * MINUTE_MS };
export const attemptsMax = ({ retryMs }: Pick<EmailPolicy, 'retryMs'>): number => retryMs.length + 1;

function queue(draft: EmailDraft, at: number): Changed {
  const state: Email = { ...draft, status: 'pending', attempts: 0, dueAt: at, failure: null, reason: null, queuedAt: at, endedAt: null, version: 0 };
  return { state, events: [{ type: 'notifications.email_queued', emailId: draft.id, template: draft.template, at }] };
}

/** Takes a mail that is due in order to send it; or ends it, where it is too late for it, its address is not written to, or it was taken too often. */
function claim(email: Email, { isSuppressed }: { readonly isSuppressed: boolean }, policy: EmailPolicy, at: number): Changed {
  if (at >= email.expiresAt) return failed(email, 'expired', 'it came too late', at);
  if (isSuppressed) return failed(email, 'suppressed', 'its address is on the suppression list', at);
  if (email.attempts >= attemptsMax(policy)) return failed(email, 'lost', 'whoever took it never came back', at);
  return { state: moveTo({ ...email, attempts: email.attempts + 1, dueAt: at + policy.leaseMs }, 'processing'), events: [] };
}

/** Whether a claim is still what it was when it was made: after its lease somebody else may have taken the mail. */
const isHeldBy = (email: Email, claimed: Email): boolean => email.status === 'processing' && email.dueAt === claimed.dueAt;

function sent(email: Email, at: number): Changed {
  const { id: emailId, template, attempts } = email;
  const state = moveTo({ ...email, sealedFacts: '', reason: null, endedAt: at }, 'sent');
  return { state, events: [{ type: 'notifications.email_sent', emailId, template, attempts, at }] };
}

type Refusal = { readonly reason: string; readonly isPermanent: boolean };

/** Tried again later, unless it was refused for good or this was the last time. */
function refused(email: Email, { reason, isPermanent }: Refusal, policy: EmailPolicy, at: number): Changed {
  const wait = policy.retryMs[email.attempts - 1];
  if (isPermanent || wait === undefined) return failed(email, isPermanent ? 'refused' : 'exhausted', reason, at);
  return { state: moveTo({ ...email, dueAt: at + wait, reason }, 'pending'), events: [] };
}

/** Put back, and the attempt with it: nobody was there to take any mail. */
function postponed(email: Email, reason: string, waitMs: number, at: number): Changed {
  return { state: moveTo({ ...email, attempts: email.attempts - 1, dueAt: at + waitMs, reason }, 'pending'), events: [] };
}

/** Nobody can write it: its facts do not open, or there is no such template any more. */
const unreadable = (email: Email, reason: string, at: number): Changed => failed(email, 'unreadable', reason, at);

/** Only what was suppressed or refused can be of use again; the others are gone for what they say. */
function failed(email: Email, failure: EmailFailure, reason: string, at: number): Changed {
  const { id: emailId, template } = email;
  const isUseless = failure === 'expired' || failure === 'unreadable';
  const state = moveTo({ ...email, failure, reason, endedAt: at, ...(isUseless && { sealedFacts: '' }) }, 'failed');
  return { state, events: [{ type: 'notifications.email_failed', emailId, template, failure, reason, at }] };
}

/** Somebody dealt with why it failed: it is tried from the beginning, as the same mail. */
function retry(email: Email, at: number): Result<Changed, EmailErrorOf<'notifications.email_not_failed' | 'notifications.email_gone'>> {
  const { id: emailId, template, status } = email;
  if (status !== 'failed') return err({ code: 'notifications.email_not_failed', emailStatus: status });
  if (email.sealedFacts === '' || at >= email.expiresAt) return err({ code: 'notifications.email_gone' });
  const state = moveTo({ ...email, attempts: 0, dueAt: at, failure: null, reason: null, endedAt: null }, 'pending');
  return ok({ state, events: [{ type: 'notifications.email_retried', emailId, template, at }] });
}

function moveTo(email: Email, status: EmailStatus): Email {
  const allowed: readonly EmailStatus[] = EMAIL_NEXT[email.status];
  invariant(allowed.includes(status), `a mail that is ${email.status} cannot become ${status}`);
  return { ...email, status };
}

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(email: Email): Email {
  const { id, status, attempts, sealedFacts, failure, endedAt, priority } = email;
  invariant(status in EMAIL_NEXT, `unknown status ${status}`);
  invariant(priority in PRIORITIES, `unknown priority ${priority}`);
  invariant(attempts >= 0 && attempts <= EMAIL_ATTEMPTS_LIMIT, `mail ${id} counts its attempts`);
  invariant(status === 'failed' || (status === 'sent') === (sealedFacts === ''), `mail ${id} keeps its text until it has ended`);
  invariant((status === 'failed') === (failure !== null), `mail ${id} knows how it failed`);
  invariant((status === 'sent' || status === 'failed') === (endedAt !== null), `mail ${id} knows when it ended`);
  return email;
}

export const Email = { queue, claim, isHeldBy, sent, refused, postponed, unreadable, retry, check };

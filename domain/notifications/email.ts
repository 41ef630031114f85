import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import type { NotificationsEvent } from './events.ts';

const MINUTE_MS = 60_000;

/** How long a failed attempt waits for the next one. After the last there is none. */
const RETRY_MS = [MINUTE_MS, 5 * MINUTE_MS] as const;
export const EMAIL_ATTEMPTS_MAX = RETRY_MS.length + 1;
/** Whoever took a mail to send it has this long; then its process is taken to be gone. */
export const LEASE_MS = 5 * MINUTE_MS;

const NEXT = {
  pending: ['processing'],
  processing: ['processing', 'pending', 'sent', 'failed'],
  sent: [],
  failed: [],
} as const satisfies Record<string, readonly string[]>;

export type EmailStatus = keyof typeof NEXT;
export const EMAIL_STATUSES = Object.keys(NEXT) as readonly EmailStatus[];

export type Email = {
  readonly id: string;
  /** What it is about: two of one key are one mail. */
  readonly key: string;
  readonly to: string;
  readonly template: string;
  /** What fills the template in, sealed, because there are links in it; empty once it is no longer needed. */
  readonly sealedFacts: string;
  readonly status: EmailStatus;
  readonly attempts: number;
  /** When it is to be tried, or taken from whoever has not come back with it. */
  readonly dueAt: number;
  readonly queuedAt: number;
  readonly version: number;
};

type Changed = Change<Email, NotificationsEvent>;

function queue(draft: Pick<Email, 'id' | 'key' | 'to' | 'template' | 'sealedFacts'>, at: number): Changed {
  const state: Email = { ...draft, status: 'pending', attempts: 0, dueAt: at, queuedAt: at, version: 0 };
  return { state, events: [{ type: 'notifications.email_queued', emailId: draft.id, template: draft.template, at }] };
}

/** Takes a mail that is due in order to send it. One that was taken too often, and never came back, has failed. */
function claim(email: Email, at: number): Changed {
  if (email.attempts >= EMAIL_ATTEMPTS_MAX) return failed(email, 'it never came back', at);
  return { state: moveTo({ ...email, attempts: email.attempts + 1, dueAt: at + LEASE_MS }, 'processing'), events: [] };
}

function sent(email: Email, at: number): Changed {
  const { id: emailId, template, attempts } = email;
  return { state: moveTo({ ...email, sealedFacts: '' }, 'sent'), events: [{ type: 'notifications.email_sent', emailId, template, attempts, at }] };
}

/** Tried again later, unless it was refused for good or this was the last time. */
function refused(email: Email, { reason, isPermanent }: { readonly reason: string; readonly isPermanent: boolean }, at: number): Changed {
  const wait = RETRY_MS[email.attempts - 1];
  if (isPermanent || wait === undefined) return failed(email, reason, at);
  return { state: moveTo({ ...email, dueAt: at + wait }, 'pending'), events: [] };
}

function failed(email: Email, reason: string, at: number): Changed {
  const { id: emailId, template } = email;
  return { state: moveTo({ ...email, sealedFacts: '' }, 'failed'), events: [{ type: 'notifications.email_failed', emailId, template, reason, at }] };
}

function moveTo(email: Email, status: EmailStatus): Email {
  const allowed: readonly EmailStatus[] = NEXT[email.status];
  invariant(allowed.includes(status), `a mail that is ${email.status} cannot become ${status}`);
  return { ...email, status };
}

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(email: Email): Email {
  const { id, status, attempts, sealedFacts } = email;
  invariant(status in NEXT, `unknown status ${status}`);
  invariant(attempts >= 0 && attempts <= EMAIL_ATTEMPTS_MAX, `mail ${id} counts its attempts`);
  invariant((status === 'sent' || status === 'failed') === (sealedFacts === ''), `mail ${id} keeps its text until it has ended`);
  return email;
}

export const Email = { queue, claim, sent, refused, check };

import type { EmailPriority } from './email.ts';

/**
 * Why a mail is written. `security` concerns who may use an account, and goes even to suppressed addresses: nobody may be
 * locked out, or kept from learning that they were. `transactional` follows from what its reader did or works at;
 * `marketing` is ours to send and theirs to refuse.
 */
export type EmailKind = 'security' | 'transactional' | 'marketing';

export type EmailTemplate = {
  readonly kind: EmailKind;
  readonly priority: EmailPriority;
  /** How long it is worth reading, unless whoever queues it knows better. */
  readonly lifeMs: number;
  /** There is a link in it that is as good as a password. */
  readonly holdsToken?: true;
  /** Strangers can have it sent to any address, so there is an end to it. */
  readonly isAskedForByAnybody?: true;
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SECURITY = { kind: 'security', priority: 'urgent', lifeMs: 3 * DAY_MS } as const;
const LINK = { ...SECURITY, holdsToken: true, isAskedForByAnybody: true } as const;
const ORDER = { kind: 'transactional', priority: 'normal', lifeMs: DAY_MS } as const;
/** "Your order is ready" is worth nothing once it is cold. */
const MOMENT = { ...ORDER, lifeMs: 2 * HOUR_MS } as const;
const MONEY = { ...ORDER, lifeMs: 3 * DAY_MS } as const;

/** Every mail there is. */
export const EMAIL_TEMPLATES = {
  verify_email: { ...LINK, lifeMs: DAY_MS },
  /** Somebody tried to register with an address that has an account. */
  already_registered: { ...SECURITY, isAskedForByAnybody: true },
  reset_password: { ...LINK, lifeMs: HOUR_MS },
  confirm_new_email: { ...LINK, lifeMs: HOUR_MS },
  email_changed: { ...SECURITY, holdsToken: true },
  email_change_asked: SECURITY,
  password_changed: SECURITY,
  security_notice: SECURITY,
  welcome: { kind: 'transactional', priority: 'normal', lifeMs: 7 * DAY_MS },
  staff_added: { kind: 'transactional', priority: 'normal', lifeMs: 7 * DAY_MS },
  invitation: { kind: 'transactional', priority: 'urgent', lifeMs: 7 * DAY_MS, holdsToken: true },
  order_confirmation: ORDER,
  order_accepted: MOMENT,
  order_ready: MOMENT,
  order_out_for_delivery: MOMENT,
  order_completed: ORDER,
  order_rejected: ORDER,
  order_cancelled: ORDER,
  order_expired: ORDER,
  receipt: MONEY,
  refund: MONEY,
  money_back: MONEY,
  low_stock: { kind: 'transactional', priority: 'normal', lifeMs: DAY_MS / 2 },
  /** A webhook that we have switched off. */
  webhook_disabled: { kind: 'transactional', priority: 'normal', lifeMs: 7 * DAY_MS },
  /** What somebody wished to be told of by mail, one thing or what was gathered. */
  notices: { kind: 'transactional', priority: 'normal', lifeMs: DAY_MS },
  test_mail: { kind: 'transactional', priority: 'urgent', lifeMs: HOUR_MS },
  /** Bulk: what whoever it goes to must know. */
  announcement: { kind: 'transactional', priority: 'bulk', lifeMs: 3 * DAY_MS },
  /** Bulk: what we should like them to do. */
  offer: { kind: 'marketing', priority: 'bulk', lifeMs: 3 * DAY_MS },
} as const satisfies Readonly<Record<string, EmailTemplate>>;

export type TemplateName = keyof typeof EMAIL_TEMPLATES;
export const TEMPLATE_NAMES = Object.keys(EMAIL_TEMPLATES) as readonly TemplateName[];
export const isTemplateName = (name: string): name is TemplateName => Object.hasOwn(EMAIL_TEMPLATES, name);
/** The template of a name, which may be older than this program. */
export const templateOf = (name: string): EmailTemplate | undefined => (isTemplateName(name) ? EMAIL_TEMPLATES[name] : undefined);

/** Those that carry a text of their own to many. */
export const BULK_TEMPLATES = ['announcement', 'offer'] as const satisfies readonly TemplateName[];
export type BulkTemplate = (typeof BULK_TEMPLATES)[number];

import { z } from 'zod';
import { TOLD_BY_DEFAULT, TOLD_STATUSES, type ToldStatus } from '#application/notifications/email/subscriptions/on-order-moved.ts';
import { EMAIL_ATTEMPTS_LIMIT, EMAIL_POLICY, type EmailPolicy } from '#domain/notifications/email/email.ts';
import { type About, whole, yes } from './variable.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/** What mail reads from the environment. */
export const MAIL_VARIABLES = {
  SMTP_URL: [
    z
      .string()
      .regex(/^smtps?:\/\/[^\s/]+/, 'smtp://user:password@host:port')
      .optional(),
    {
      group: 'Mail',
      description:
        '`smtp://user:password@host:587`, or `smtps://`. Without one mail is shown at `/dev/mail`, and in production waits in the database.',
      otherwise: 'no mail server',
      isSecret: true,
      production: '',
    },
  ],
  MAIL_FROM: [
    z.email().optional(),
    {
      group: 'Mail',
      description: 'The address mail comes from. Production wants it beside SMTP_URL.',
      otherwise: '`no-reply@localhost.localdomain`',
      production: '',
    },
  ],
  MAIL_NAME: [
    z
      .string()
      .regex(/^[^\p{Cc}<>"@]{1,60}$/u, 'a name without quotes or brackets')
      .default('Thali'),
    { group: 'Mail', description: 'What the installation is called in mail: who it comes from, and at its head.' },
  ],
  MAIL_TLS: [
    yes.optional(),
    {
      group: 'Mail',
      description: 'Whether mail leaves over an encrypted connection or not at all. With `smtps://` it always does.',
      otherwise: '`1` in production unless the server is this machine, `0` elsewhere',
    },
  ],
  MAIL_CONNECTIONS: [
    whole(1, 50).default(5),
    { group: 'Mail', description: 'How many connections to the mail server a process keeps, at the most.' },
  ],
  MAIL_PER_SECOND: [
    whole(1, 1_000).optional(),
    { group: 'Mail', description: 'How many mails a process hands over in a second, at the most.', otherwise: 'as many as the server takes' },
  ],
  MAIL_RETRY_MINUTES: [
    z
      .string()
      .regex(/^\d{1,4}(?:,\d{1,4})*$/, 'minutes such as 1,5')
      .transform((text) => text.split(',').map(Number))
      .refine(
        (waits) => waits.length < EMAIL_ATTEMPTS_LIMIT && waits.every((wait) => wait <= DAY_MINUTES),
        `at most ${EMAIL_ATTEMPTS_LIMIT - 1} waits of at most a day`,
      )
      .prefault(EMAIL_POLICY.retryMs.map((ms) => ms / MINUTE_MS).join(',')),
    { group: 'Mail', description: 'How many minutes each failed attempt to send waits for the next; there is one attempt more than numbers.' },
  ],
  MAIL_ORDER_STATUSES: [
    z
      .string()
      .transform((text) => (text === 'none' ? [] : text.split(',')))
      .pipe(z.array(z.enum(TOLD_STATUSES)))
      .prefault(TOLD_BY_DEFAULT.join(',')),
    { group: 'Mail', description: `Which news of an order customers get by mail, of ${TOLD_STATUSES.join(', ')}; \`none\` mails nothing of orders.` },
  ],
} as const satisfies Readonly<Record<string, readonly [z.ZodType, About]>>;

type Given = z.output<z.ZodObject<{ [Name in keyof typeof MAIL_VARIABLES]: (typeof MAIL_VARIABLES)[Name][0] }>>;

export type MailConfig = {
  readonly smtpUrl: string | undefined;
  readonly from: { readonly name: string; readonly address: string };
  /** Whether anything takes it: a mail server, or the outbox of who develops. */
  readonly isSent: boolean;
  readonly isTlsRequired: boolean;
  readonly connections: number;
  readonly perSecond: number | undefined;
  readonly policy: EmailPolicy;
  readonly orderStatuses: readonly ToldStatus[];
};

export const mailOf = (given: Given, isProduction: boolean): MailConfig => ({
  smtpUrl: given.SMTP_URL,
  from: { name: given.MAIL_NAME, address: given.MAIL_FROM ?? 'no-reply@localhost.localdomain' },
  isSent: !isProduction || given.SMTP_URL !== undefined,
  isTlsRequired: (given.MAIL_TLS ?? (isProduction && !isHere(given.SMTP_URL) ? '1' : '0')) === '1',
  connections: given.MAIL_CONNECTIONS,
  perSecond: given.MAIL_PER_SECOND,
  policy: { ...EMAIL_POLICY, retryMs: given.MAIL_RETRY_MINUTES.map((minutes) => minutes * MINUTE_MS) },
  orderStatuses: given.MAIL_ORDER_STATUSES,
});

/** Whether a server is on this machine, where nobody listens on the way. */
const isHere = (url = ''): boolean => /^smtps?:\/\/(?:[^@/]*@)?(?:localhost|127(?:\.\d+){3}|\[::1\])(?::|\/|$)/.test(url);

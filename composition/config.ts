import { z } from 'zod';
import { type IdentityPolicy, POLICY } from '#application/identity/policy.ts';
import { ROLES } from '#domain/identity/roles.ts';
import { DEMO_ACCOUNTS } from './demo/accounts.ts';

const MINUTE_MS = 60_000;
const Minutes = z.coerce
  .number()
  .int()
  .min(1)
  .max(7 * 24 * 60);
const Secret = z.string().min(32);
const Env = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4010),
  HOST: z.string().min(1).default('0.0.0.0'),
  DATA_DIR: z.string().min(1).default('./data'),
  DATABASE_URL: z
    .string()
    .refine((url) => url === 'memory:' || /^postgres(ql)?:\/\//.test(url), 'postgresql://user:password@host:port/database, or memory:')
    .optional(),
  DATABASE_POOL_MAX: z.coerce.number().int().min(2).max(200).default(16),
  ALLOW_EMBEDDED_DB: z.enum(['0', '1']).default('0'),
  APP_SECRET: Secret.optional(),
  PUBLIC_URL: z.url().optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  BCRYPT_COST: z.coerce.number().int().min(4).max(15).default(12),
  DEMO: z.enum(['0', '1']).default('1'),

  /** `smtp://user:password@host:587`, or `smtps://`. Without one, mail is shown at /dev/mail, and in production waits. */
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/[^\s/]+/, 'smtp://user:password@host:port')
    .optional(),
  MAIL_FROM: z.email().optional(),
  STUDENT_APP_URL: z.url({ protocol: /^https?$/ }).optional(),
  PARTNER_APP_URL: z.url({ protocol: /^https?$/ }).optional(),
  DEFAULT_COUNTRY: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .default('IN'),
  PASSKEY_DOMAIN: z
    .string()
    .regex(/^[a-z0-9.-]+$/)
    .optional(),
  REQUIRE_VERIFIED_EMAIL: z.enum(['0', '1']).optional(),
  SECOND_FACTOR_ROLES: z
    .string()
    .transform((list) => (list === 'none' ? [] : list.split(',')))
    .pipe(z.array(z.enum(ROLES)))
    .optional(),
  RESET_MAX_REQUESTS: z.coerce.number().int().min(1).max(100).default(POLICY.reset.maxRequests),
  RESET_WINDOW_MINUTES: Minutes.default(POLICY.reset.windowMs / MINUTE_MS),
  RESET_TOKEN_MINUTES: Minutes.default(POLICY.reset.ttlMs / MINUTE_MS),
});

export type DatabaseConfig =
  | { readonly kind: 'memory' }
  | { readonly kind: 'pglite'; readonly dataDir: string }
  | { readonly kind: 'postgres'; readonly url: string; readonly poolMax: number };

export type Config = {
  readonly isProduction: boolean;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string;
  readonly dataDir: string;
  readonly database: DatabaseConfig;
  /** Every key of ours is derived from it. Absent: the embedded profiles make one and keep it in the data folder. */
  readonly secret: string | undefined;
  readonly tokens: { readonly issuer: string; readonly audience: string };
  readonly bcryptCost: number;
  readonly logLevel: string;
  /** The country of telephone numbers that do not say theirs. */
  readonly country: string;
  readonly identity: IdentityPolicy;
  /** What passkeys are bound to, and where they are used. */
  readonly passkeys: { readonly domain: string; readonly origins: readonly string[] };
  readonly mail: {
    readonly smtpUrl: string | undefined;
    readonly from: { readonly name: string; readonly address: string };
    /** Whether anything takes it: a mail server, or the outbox of who develops. */
    readonly isSent: boolean;
  };
  /** Whether to create the demo restaurant and its people in an empty database. Never in production. */
  readonly hasDemo: boolean;
};

export class BadConfig extends Error {
  override readonly name = 'BadConfig';
}

/** The only reader of the environment. Fails at boot, naming every bad variable and never its value. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = Env.safeParse(given);
  if (!parsed.success) throw new BadConfig(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
  const { NODE_ENV, DATABASE_URL, DATABASE_POOL_MAX, DATA_DIR, ...rest } = parsed.data;
  const isProduction = NODE_ENV === 'production';
  if (isProduction && DATABASE_URL === undefined && rest.ALLOW_EMBEDDED_DB === '0') {
    throw new BadConfig('DATABASE_URL: production wants a PostgreSQL server; set ALLOW_EMBEDDED_DB=1 to run on the embedded database all the same');
  }
  if (isProduction && DATABASE_URL === 'memory:') throw new BadConfig('DATABASE_URL: memory: keeps nothing, which production cannot want');
  if (isProduction && rest.APP_SECRET === undefined) throw new BadConfig('APP_SECRET: production wants a secret of 32 or more characters');

  if (isProduction) checkMail(rest);

  const publicUrl = rest.PUBLIC_URL ?? `http://localhost:${rest.PORT}`;
  return {
    isProduction,
    host: rest.HOST,
    port: rest.PORT,
    publicUrl,
    dataDir: DATA_DIR,
    database: databaseOf(DATABASE_URL, DATA_DIR, DATABASE_POOL_MAX),
    secret: rest.APP_SECRET,
    tokens: { issuer: publicUrl, audience: 'thali' },
    bcryptCost: rest.BCRYPT_COST,
    logLevel: rest.LOG_LEVEL,
    hasDemo: !isProduction && rest.DEMO === '1',
    country: rest.DEFAULT_COUNTRY,
    identity: policyOf(rest, isProduction, publicUrl),
    passkeys: passkeysOf(rest, publicUrl),
    mail: {
      smtpUrl: rest.SMTP_URL,
      from: { name: 'Thali', address: rest.MAIL_FROM ?? 'no-reply@localhost.localdomain' },
      isSent: !isProduction || rest.SMTP_URL !== undefined,
    },
  };
}

type Given = z.output<typeof Env>;

function passkeysOf({ PASSKEY_DOMAIN, STUDENT_APP_URL, PARTNER_APP_URL }: Partial<Given>, publicUrl: string): Config['passkeys'] {
  const apps = [STUDENT_APP_URL ?? publicUrl, PARTNER_APP_URL ?? publicUrl].map((url) => new URL(url));
  return { domain: PASSKEY_DOMAIN ?? (apps[0] as URL).hostname, origins: [...new Set(apps.map(({ origin }) => origin))] };
}

/** Links that lead nowhere, and rules that nobody could keep, are found now and not by the first who forgot a password. */
function checkMail({ SMTP_URL, MAIL_FROM, STUDENT_APP_URL, PARTNER_APP_URL, REQUIRE_VERIFIED_EMAIL }: Partial<Given>): void {
  if (SMTP_URL === undefined) {
    if (REQUIRE_VERIFIED_EMAIL === '1') throw new BadConfig('REQUIRE_VERIFIED_EMAIL: nobody can confirm an address without SMTP_URL');
    return;
  }
  for (const [name, value] of Object.entries({ MAIL_FROM, STUDENT_APP_URL, PARTNER_APP_URL })) {
    if (value === undefined) throw new BadConfig(`${name}: production wants it beside SMTP_URL`);
  }
}

function policyOf(
  given: Omit<Given, 'NODE_ENV' | 'DATABASE_URL' | 'DATABASE_POOL_MAX' | 'DATA_DIR'>,
  isProduction: boolean,
  publicUrl: string,
): IdentityPolicy {
  const { REQUIRE_VERIFIED_EMAIL, SECOND_FACTOR_ROLES, SMTP_URL } = given;
  return {
    ...POLICY,
    reset: {
      maxRequests: given.RESET_MAX_REQUESTS,
      windowMs: given.RESET_WINDOW_MINUTES * MINUTE_MS,
      ttlMs: given.RESET_TOKEN_MINUTES * MINUTE_MS,
    },
    requireVerifiedEmail: (REQUIRE_VERIFIED_EMAIL ?? (isProduction && SMTP_URL !== undefined ? '1' : '0')) === '1',
    secondFactorRoles: SECOND_FACTOR_ROLES ?? (isProduction ? ['owner', 'admin'] : []),
    secondFactorExempt: isProduction ? [] : DEMO_ACCOUNTS.map(({ email }) => email),
    apps: { customers: given.STUDENT_APP_URL ?? publicUrl, partners: given.PARTNER_APP_URL ?? publicUrl },
  };
}

function databaseOf(url: string | undefined, dataDir: string, poolMax: number): DatabaseConfig {
  if (url === undefined) return { kind: 'pglite', dataDir };
  return url === 'memory:' ? { kind: 'memory' } : { kind: 'postgres', url, poolMax };
}

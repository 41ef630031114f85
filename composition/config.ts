import type { Limits } from '#adapters/http/limits.ts';
import type { IdentityPolicy } from '#application/identity/policy.ts';
import type { PaymentSettings } from '#application/payments/ports.ts';
import type { SettlementSettings } from '#application/payments/settlement/ports.ts';
import type { NodeRole } from '#application/platform/nodes.ts';
import type { Limit } from '#application/platform/rate-limits.ts';
import { type ExternalConfig, externalFaults, externalOf } from './config/external.ts';
import { type PasskeysConfig, passkeysOf, policyOf } from './config/identity.ts';
import { type MailConfig, mailOf } from './config/mail.ts';
import { type MessagesConfig, messageFaults, messagesOf } from './config/messages.ts';
import { productionFaults } from './config/production.ts';
import type { About } from './config/variable.ts';
import { Environment, LimitText, VARIABLES } from './config/variables.ts';

export type DatabaseConfig =
  | { readonly kind: 'memory' }
  | { readonly kind: 'pglite'; readonly dataDir: string }
  | { readonly kind: 'postgres'; readonly url: string; readonly poolMax: number };

export type Config = {
  readonly isProduction: boolean;
  /** What this process does of all there is to do. */
  readonly role: NodeRole;
  /** How long a stopping process still takes requests. */
  readonly drainMs: number;
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string;
  readonly dataDir: string;
  readonly database: DatabaseConfig;
  /** What joins the processes of one installation; without it there is one. */
  readonly redis: { readonly url: string; readonly prefix: string; readonly patienceMs: number } | undefined;
  /**
   * Every key of ours is derived from it. Several stand separated by commas, the current one first. Absent: the embedded
   * profiles make one and keep it in the data folder.
   */
  readonly secret: string | undefined;
  readonly tokens: { readonly issuer: string; readonly audience: string };
  readonly bcryptCost: number;
  readonly corsOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly limits: Limits;
  readonly sockets: { readonly max: number; readonly perUser: number; readonly perNetwork: number };
  readonly auditDays: { readonly standard: number; readonly sensitive: number };
  readonly log: { readonly level: string; readonly file: string | undefined; readonly slowMs: number };
  /** How it is watched from outside. */
  readonly metricsToken: string | undefined;
  readonly health: { readonly memoryMaxBytes: number; readonly diskFreeMinBytes: number };
  readonly traces: TracesConfig | undefined;
  readonly serviceName: string;
  readonly sentryDsn: string | undefined;
  /** The country of telephone numbers that do not say theirs. */
  readonly country: string;
  readonly identity: IdentityPolicy;
  /** Who is asked whether a password was stolen somewhere; nobody where there is none. */
  readonly breachCheckUrl: string | undefined;
  /** What passkeys are bound to, and where they are used. */
  readonly passkeys: PasskeysConfig;
  /** Other providers that people sign in through. */
  readonly external: ExternalConfig;
  readonly mail: MailConfig;
  readonly messages: MessagesConfig;
  /** Whether to create the demo restaurant and its people in an empty database. Never in production. */
  readonly hasDemo: boolean;
  readonly payments: PaymentSettings;
  /** `shadow`: decisions are made and kept, and nobody is refused for them. */
  readonly fraudMode: 'enforce' | 'shadow' | 'off';
  readonly settlement: SettlementSettings;
  /** How long an unpaid order keeps its stock. */
  readonly orderHoldMs: number;
  /** Accounts at Razorpay, or at what speaks its protocol, in the order they are tried. */
  readonly razorpay: readonly RazorpayConfig[];
  /** Where webhooks may be sent to, besides public addresses over https at port 443. */
  readonly webhooks: { readonly ports: readonly number[]; readonly allowsLoopback: boolean };
};
/** Where traces go, and the share of them that is kept. */
export type TracesConfig = { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly share: number };
export type RazorpayConfig = {
  readonly name: string;
  readonly keyId: string;
  readonly keySecret: string;
  readonly webhookSecrets: readonly string[];
  readonly baseUrl?: string;
};

export class BadConfig extends Error {
  override readonly name = 'BadConfig';
}

export type RawEnvironment = Readonly<Record<string, string | undefined>>;

/** The only reader of the environment. Fails at boot, naming every bad variable and never its value. */
export function readConfig(env: RawEnvironment): Config {
  const parsed = Environment.safeParse(givenIn(env));
  if (!parsed.success) throw new BadConfig(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
  const { NODE_ENV, DATABASE_URL, DATABASE_POOL_MAX, DATA_DIR, REDIS_URL, ...rest } = parsed.data;
  const isProduction = NODE_ENV === 'production';
  const faults = [
    ...strangersIn(env),
    ...externalFaults(parsed.data),
    ...messageFaults(parsed.data),
    ...(isProduction ? productionFaults(parsed.data) : []),
  ];
  if (faults.length > 0) throw new BadConfig(faults.join('\n'));

  const razorpay = [razorpayOf(parsed.data, 'razorpay', 'RAZORPAY'), razorpayOf(parsed.data, 'razorpay_backup', 'RAZORPAY_BACKUP')].flatMap(
    (account) => account ?? [],
  );
  const mail = mailOf(rest, isProduction);
  const publicUrl = rest.PUBLIC_URL ?? `http://localhost:${rest.PORT}`;
  return {
    isProduction,
    role: rest.PROCESS_ROLE,
    drainMs: rest.DRAIN_SECONDS * 1_000,
    host: rest.HOST,
    port: rest.PORT,
    publicUrl,
    dataDir: DATA_DIR,
    database: databaseOf(DATABASE_URL, DATA_DIR, DATABASE_POOL_MAX),
    redis: REDIS_URL === undefined ? undefined : { url: REDIS_URL, prefix: rest.REDIS_PREFIX, patienceMs: rest.REDIS_PATIENCE_MS },
    secret: rest.APP_SECRET?.join(','),
    tokens: { issuer: publicUrl, audience: 'thali' },
    bcryptCost: rest.BCRYPT_COST,
    corsOrigins: rest.CORS_ORIGINS,
    trustedProxies: rest.TRUSTED_PROXIES,
    limits: limitsOf(parsed.data, isProduction),
    sockets: { max: rest.SOCKETS_MAX, perUser: rest.SOCKETS_PER_USER, perNetwork: rest.SOCKETS_PER_NETWORK },
    auditDays: { standard: rest.AUDIT_STANDARD_DAYS, sensitive: rest.AUDIT_SENSITIVE_DAYS },
    log: { level: rest.LOG_LEVEL, file: rest.LOG_FILE, slowMs: rest.LOG_SLOW_MS },
    metricsToken: rest.METRICS_TOKEN,
    health: { memoryMaxBytes: rest.MEMORY_LIMIT_MB * MB, diskFreeMinBytes: rest.DISK_FREE_MIN_MB * MB },
    traces: tracesOf(rest),
    serviceName: rest.OTEL_SERVICE_NAME,
    sentryDsn: rest.SENTRY_DSN,
    country: rest.DEFAULT_COUNTRY,
    identity: policyOf(rest, isProduction, publicUrl),
    breachCheckUrl: rest.BREACH_CHECK_URL,
    passkeys: passkeysOf(rest, publicUrl),
    external: externalOf(rest),
    mail,
    messages: messagesOf(rest, mail.from.address),
    hasDemo: !isProduction && rest.DEMO === '1',
    payments: {
      routes: razorpay.length > 0 ? razorpay.map(({ name }) => ({ processor: name })) : [{ processor: 'razorpay' }],
      captureWithinMinutes: rest.PAYMENT_CAPTURE_MINUTES,
    },
    fraudMode: rest.FRAUD_MODE,
    orderHoldMs: rest.ORDER_HOLD_MINUTES * 60_000,
    razorpay,
    webhooks: { ports: rest.WEBHOOK_PORTS.map(Number), allowsLoopback: rest.WEBHOOK_ALLOW_LOOPBACK === '1' },
    settlement: { commissionBasisPoints: rest.COMMISSION_BASIS_POINTS, payoutMinimum: rest.PAYOUT_MINIMUM },
  };
}

const MB = 1024 * 1024;

function tracesOf(
  env: Pick<Environment, 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_EXPORTER_OTLP_HEADERS' | 'OTEL_TRACES_SAMPLER_ARG'>,
): TracesConfig | undefined {
  const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return undefined;
  const headers = Object.fromEntries(
    (env.OTEL_EXPORTER_OTLP_HEADERS ?? '').split(',').flatMap((pair) => (pair === '' ? [] : [pair.split('=') as [string, string]])),
  );
  return { url: `${endpoint.replace(/\/+$/, '')}/v1/traces`, headers, share: env.OTEL_TRACES_SAMPLER_ARG };
}

/** An account is configured whole or not at all. */
function razorpayOf(env: Environment, name: string, prefix: 'RAZORPAY' | 'RAZORPAY_BACKUP'): RazorpayConfig | undefined {
  const [keyId, keySecret, webhookSecrets, baseUrl] = [
    env[`${prefix}_KEY_ID`],
    env[`${prefix}_KEY_SECRET`],
    env[`${prefix}_WEBHOOK_SECRET`],
    env[`${prefix}_BASE_URL`],
  ];
  if (keyId === undefined && keySecret === undefined && webhookSecrets === undefined && baseUrl === undefined) return undefined;
  if (keyId === undefined || keySecret === undefined || webhookSecrets === undefined) {
    throw new BadConfig(`${prefix}_KEY_ID, ${prefix}_KEY_SECRET, ${prefix}_WEBHOOK_SECRET: an account wants all three`);
  }
  return { name, keyId, keySecret, webhookSecrets, ...(baseUrl !== undefined && { baseUrl: baseUrl.replace(/\/+$/, '') }) };
}

/** A limit under a name that nothing reads would not hold. */
const strangersIn = (env: RawEnvironment): string[] =>
  Object.keys(env)
    .filter((name) => /^(?:RATE_LIMIT|AUDIT)_/.test(name) && !(name in VARIABLES))
    .map((name) => `${name}: there is no such variable`);

/** A variable that is set to nothing is not set. */
export const givenIn = (env: RawEnvironment): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]])));

function databaseOf(url: string | undefined, dataDir: string, poolMax: number): DatabaseConfig {
  if (url === undefined) return { kind: 'pglite', dataDir };
  return url === 'memory:' ? { kind: 'memory' } : { kind: 'postgres', url, poolMax };
}

const LIMITS = {
  general: 'RATE_LIMIT_GENERAL',
  auth: 'RATE_LIMIT_AUTH',
  'auth-failures': 'RATE_LIMIT_AUTH_FAILURES',
  payment: 'RATE_LIMIT_PAYMENT',
  upload: 'RATE_LIMIT_UPLOAD',
  search: 'RATE_LIMIT_SEARCH',
  user: 'RATE_LIMIT_USER',
  restaurant: 'RATE_LIMIT_RESTAURANT',
} as const satisfies Record<keyof Limits, keyof Environment>;

/** What is not set is what the production template says, and off anywhere else. */
function limitsOf(env: Environment, isProduction: boolean): Limits {
  return Object.fromEntries(
    Object.entries(LIMITS).flatMap(([name, variable]): [string, Limit][] => {
      const { production = 'off' }: About = VARIABLES[variable][1];
      const limit = env[variable] ?? LimitText.parse(isProduction ? production : 'off');
      return limit === 'off' ? [] : [[name, { name, ...limit }]];
    }),
  );
}

import { z } from 'zod';
import type { PaymentSettings } from '#application/payments/ports.ts';
import type { SettlementSettings } from '#application/payments/settlement/ports.ts';

const Secret = z.string().min(32);
/** The current secret, then the one before it while what was signed with that is still on its way. */
const Secrets = z
  .string()
  .transform((list) => list.split(',').map((secret) => secret.trim()))
  .refine(
    (secrets) => secrets.every((secret) => secret !== '') && secrets.length <= 2,
    'one secret, or the new and the old one with a comma between',
  );
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
  COMMISSION_BASIS_POINTS: z.coerce.number().int().min(0).max(10_000).default(0),
  PAYOUT_MINIMUM: z.coerce.number().int().min(1).default(100_00),
  PAYMENT_CAPTURE_MINUTES: z.coerce.number().int().min(12).max(7_200).default(12),
  FRAUD_MODE: z.enum(['enforce', 'shadow', 'off']).default('enforce'),
  ORDER_HOLD_MINUTES: z.coerce.number().int().min(1).max(1_440).default(15),
  RAZORPAY_BASE_URL: z.url().optional(),
  RAZORPAY_KEY_ID: z.string().min(1).optional(),
  RAZORPAY_KEY_SECRET: z.string().min(1).optional(),
  RAZORPAY_WEBHOOK_SECRET: Secrets.optional(),
  RAZORPAY_BACKUP_BASE_URL: z.url().optional(),
  RAZORPAY_BACKUP_KEY_ID: z.string().min(1).optional(),
  RAZORPAY_BACKUP_KEY_SECRET: z.string().min(1).optional(),
  RAZORPAY_BACKUP_WEBHOOK_SECRET: Secrets.optional(),
});
type Env = z.output<typeof Env>;

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
};
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

  const razorpay = [razorpayOf(parsed.data, 'razorpay', 'RAZORPAY'), razorpayOf(parsed.data, 'razorpay_backup', 'RAZORPAY_BACKUP')].flatMap(
    (account) => account ?? [],
  );
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
    payments: {
      routes: razorpay.length > 0 ? razorpay.map(({ name }) => ({ processor: name })) : [{ processor: 'razorpay' }],
      captureWithinMinutes: rest.PAYMENT_CAPTURE_MINUTES,
    },
    fraudMode: rest.FRAUD_MODE,
    orderHoldMs: rest.ORDER_HOLD_MINUTES * 60_000,
    razorpay,
    settlement: { commissionBasisPoints: rest.COMMISSION_BASIS_POINTS, payoutMinimum: rest.PAYOUT_MINIMUM },
  };
}

/** An account is configured whole or not at all. */
function razorpayOf(env: Env, name: string, prefix: 'RAZORPAY' | 'RAZORPAY_BACKUP'): RazorpayConfig | undefined {
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

function databaseOf(url: string | undefined, dataDir: string, poolMax: number): DatabaseConfig {
  if (url === undefined) return { kind: 'pglite', dataDir };
  return url === 'memory:' ? { kind: 'memory' } : { kind: 'postgres', url, poolMax };
}

import { z } from 'zod';
import { isNetwork } from '#adapters/http/client-address.ts';
import { NODE_ROLES } from '#application/platform/nodes.ts';
import { EXTERNAL_VARIABLES } from './external.ts';
import { IDENTITY_VARIABLES } from './identity.ts';
import { MAIL_VARIABLES } from './mail.ts';
import { MESSAGE_VARIABLES } from './messages.ts';
import { type About, list, whole, yes } from './variable.ts';
import { WATCHING_VARIABLES } from './watching.ts';

const LIMIT_MAX = 10_000;
const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** `100/15m`: a number, then how long a stretch it is for; `off` is none at all. */
export const LimitText = z
  .string()
  .regex(/^(?:off|[1-9]\d{0,4}\/[1-9]\d{0,3}[smh])$/, 'a number and a time such as 100/15m or 5/30s, or off')
  .transform((text) => {
    const [, max, length, unit] = /^(\d+)\/(\d+)([smh])$/.exec(text) ?? [];
    return max === undefined ? ('off' as const) : { max: Number(max), windowMs: Number(length) * UNIT_MS[unit as keyof typeof UNIT_MS] };
  })
  .refine((limit) => limit === 'off' || (limit.max <= LIMIT_MAX && limit.windowMs <= 24 * UNIT_MS.h), `at most ${LIMIT_MAX}, in at most 24h`);

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text && /^https?:/.test(text);
const limit = (text: string) => LimitText.prefault(text);
/** A limit that holds in production only, unless it is set: elsewhere one network and one account replay, measure and try everything. */
const inProduction = (text: string, description: string) =>
  [
    LimitText.optional(),
    { group: 'Limits', description, otherwise: `\`${text}\` in production, \`off\` elsewhere`, production: text, test: 'off' },
  ] as const;

/** The current secret, then the one before it while what was signed with that is still on its way. */
const secretOrTwo = z
  .string()
  .transform((text) => text.split(',').map((secret) => secret.trim()))
  .refine((secrets) => secrets.length <= 2 && secrets.every((secret) => secret !== ''), 'one secret, or the new and the old one with a comma between')
  .optional();
const razorpayAccount = (which: string, inTemplate: { readonly production?: string }) =>
  ({
    keyId: [z.string().min(1).optional(), { group: 'Payments', description: `The key id of ${which}.`, otherwise: 'none', ...inTemplate }],
    keySecret: [
      z.string().min(1).optional(),
      { group: 'Payments', description: `The secret that goes with it.`, otherwise: 'none', isSecret: true, ...inTemplate },
    ],
    webhookSecret: [
      secretOrTwo,
      {
        group: 'Payments',
        description: 'What its webhooks are signed with. To rotate it write `new,old` until nothing is under way that the old one signed.',
        otherwise: 'none',
        isSecret: true,
        ...inTemplate,
      },
    ],
    baseUrl: [
      z.url().optional(),
      { group: 'Payments', description: 'Where its API is, for a program that speaks the same protocol.', otherwise: '`https://api.razorpay.com`' },
    ],
  }) as const;
const RAZORPAY = razorpayAccount('the Razorpay account that takes money', { production: '' });
const BACKUP = razorpayAccount('a second account, which is asked when the first one clearly says no', {});

/** Every variable of the environment that is ever read, in the order they are documented. */
export const VARIABLES = {
  NODE_ENV: [
    z.enum(['development', 'test', 'production']).default('development'),
    {
      group: 'Server',
      description: 'In `production` there is no demo, and what is unsafe outside one machine is refused.',
      development: 'development',
      production: 'production',
      test: 'test',
    },
  ],
  PROCESS_ROLE: [
    z.enum(NODE_ROLES).default('all'),
    {
      group: 'Server',
      description:
        '`web` serves clients and does nothing beside that; `worker` does everything else (subscriptions, jobs, mail) and serves only health and metrics; `all` is both. Any number of each may share one PostgreSQL and Redis.',
    },
  ],
  DRAIN_SECONDS: [
    whole(0, 10).default(0),
    {
      group: 'Server',
      description:
        'How long a process that was told to stop still takes requests, while `/health/ready` says 503: as long as a balancer needs to notice.',
    },
  ],
  PORT: [whole(0, 65_535).default(4010), { group: 'Server', description: 'Where it listens; `0` takes any free port.' }],
  HOST: [z.string().min(1).default('0.0.0.0'), { group: 'Server', description: 'The address it listens on.' }],
  PUBLIC_URL: [
    z.url().optional(),
    {
      group: 'Server',
      description: 'Where clients reach it: the issuer of tokens. In production over https, and not this machine.',
      otherwise: '`http://localhost:PORT`',
      production: '',
    },
  ],
  DATABASE_URL: [
    z
      .string()
      .refine(
        (url) => url === 'memory:' || (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)),
        'postgresql://user:password@host:port/database, or memory:',
      )
      .optional(),
    {
      group: 'Data',
      description:
        '`postgresql://user:password@host:port/database` for a server, `memory:` to keep nothing. Production wants a server and a strong password.',
      otherwise: 'an embedded database in DATA_DIR',
      isSecret: true,
      production: '',
      test: 'memory:',
    },
  ],
  DATABASE_POOL_MAX: [whole(2, 200).default(16), { group: 'Data', description: 'Connections of one process; its jobs take three more.' }],
  DATA_DIR: [z.string().min(1).default('./data'), { group: 'Data', description: 'The embedded database, and the secret that is made once.' }],
  ALLOW_EMBEDDED_DB: [
    yes.default('0'),
    { group: 'Data', description: '`1` lets production run on the embedded database: safe against a crash, not against a loss of power.' },
  ],
  REDIS_URL: [
    z
      .string()
      .refine((url) => /^rediss?:\/\//.test(url) && URL.canParse(url), 'redis://user:password@host:port, or rediss:// over TLS')
      .optional(),
    {
      group: 'Data',
      description:
        '`redis://…` joins the processes of one installation: shared limits, sessions that end everywhere at once, commits that wake the others.',
      otherwise: 'one process on its own',
      isSecret: true,
      production: '',
    },
  ],
  REDIS_PREFIX: [
    z
      .string()
      .regex(/^[\w-]{1,40}$/, 'letters, digits, - and _')
      .default('thali'),
    { group: 'Data', description: 'What every key in Redis begins with. Two installations on one server need two.' },
  ],
  REDIS_PATIENCE_MS: [
    whole(5, 5_000).default(40),
    { group: 'Data', description: 'How long a request waits for Redis, at the most, before it goes on without.' },
  ],
  APP_SECRET: [
    z
      .string()
      .transform((text) => text.split(',').map((secret) => secret.trim()))
      .refine((secrets) => secrets.length <= 5 && secrets.every((secret) => secret.length >= 32), 'one to five secrets of 32 or more characters each')
      .optional(),
    {
      group: 'Secrets',
      description:
        'Every key is derived from it. To rotate it write `new,old`: new things are made with the first, the others still open what is older. Production wants 64 or more characters that nobody could guess.',
      otherwise: 'made once, in DATA_DIR',
      isSecret: true,
      production: '',
      test: 'only-for-tests-only-for-tests-only-for-tests',
    },
  ],
  CORS_ORIGINS: [
    list(isOrigin, 'origins such as https://app.example.com, separated by commas').prefault(''),
    { group: 'Edge', description: 'The web origins whose pages may call the API, separated by commas.', otherwise: 'none', production: '' },
  ],
  TRUSTED_PROXIES: [
    list(isNetwork, 'addresses or networks such as 10.0.0.0/8, separated by commas').prefault(''),
    {
      group: 'Edge',
      description: 'The networks of your own proxies, as CIDR. Only they are believed about whom a request is from (X-Forwarded-For).',
      otherwise: 'none',
      production: '',
    },
  ],
  RATE_LIMIT_GENERAL: inProduction(
    '100/15m',
    'Requests of everybody on one network (an IPv4 address, a /64 of IPv6) who does not show who they are.',
  ),
  RATE_LIMIT_AUTH: [
    limit('5/15m'),
    {
      group: 'Limits',
      description:
        'Attempts to sign in, renew or register, for one person from one network; those that succeed in signing in are not counted. Whoever goes on guessing a password waits longer each time. `off` leaves wrong passwords at 5 in 15 minutes.',
      test: 'off',
    },
  ],
  RATE_LIMIT_AUTH_FAILURES: inProduction('50/15m', 'The same attempts from one network, for whomever.'),
  RATE_LIMIT_PAYMENT: inProduction('10/1m', 'Payments of one account.'),
  RATE_LIMIT_UPLOAD: inProduction('20/1h', 'Files and imports of one account.'),
  RATE_LIMIT_SEARCH: inProduction('60/1m', 'Searches of one account, or of one network.'),
  RATE_LIMIT_USER: inProduction('1000/15m', 'All requests of one account or API key.'),
  RATE_LIMIT_RESTAURANT: inProduction('5000/15m', 'All requests of one restaurant’s staff and API keys together.'),
  SOCKETS_MAX: [whole(1, 200_000).default(20_000), { group: 'Limits', description: 'Open WebSockets of one process.' }],
  SOCKETS_PER_USER: [whole(1, 10_000).default(20), { group: 'Limits', description: 'Open WebSockets of one account, in one process.' }],
  SOCKETS_PER_NETWORK: [
    whole(1, 200_000).default(500),
    { group: 'Limits', description: 'Open WebSockets from one network (an IPv4 address, a /64 of IPv6), in one process.' },
  ],
  AUDIT_STANDARD_DAYS: [whole(30, 3_650).default(365), { group: 'Data', description: 'How long the audit trail keeps ordinary entries.' }],
  AUDIT_SENSITIVE_DAYS: [
    whole(365, 10_950).default(2_557),
    { group: 'Data', description: 'How long it keeps those about access, money and personal data: seven years.' },
  ],
  RAZORPAY_KEY_ID: RAZORPAY.keyId,
  RAZORPAY_KEY_SECRET: RAZORPAY.keySecret,
  RAZORPAY_WEBHOOK_SECRET: RAZORPAY.webhookSecret,
  RAZORPAY_BASE_URL: RAZORPAY.baseUrl,
  RAZORPAY_BACKUP_KEY_ID: BACKUP.keyId,
  RAZORPAY_BACKUP_KEY_SECRET: BACKUP.keySecret,
  RAZORPAY_BACKUP_WEBHOOK_SECRET: BACKUP.webhookSecret,
  RAZORPAY_BACKUP_BASE_URL: BACKUP.baseUrl,
  ORDER_HOLD_MINUTES: [
    whole(1, 1_440).default(15),
    { group: 'Payments', description: 'How long an order that waits for its money keeps its stock.' },
  ],
  PAYMENT_CAPTURE_MINUTES: [
    whole(12, 7_200).default(12),
    { group: 'Payments', description: 'How long money that is authorised may wait to be captured before the provider gives it back.' },
  ],
  COMMISSION_BASIS_POINTS: [
    whole(0, 10_000).default(0),
    {
      group: 'Payments',
      description: 'What the platform keeps of sales without tax and tip, in hundredths of a percent, where nothing else was agreed.',
    },
  ],
  PAYOUT_MINIMUM: [
    whole(1, 1_000_000_000).default(10_000),
    { group: 'Payments', description: 'How much a restaurant must be owed, in minor units, for the nightly payout.' },
  ],
  FRAUD_MODE: [
    z.enum(['enforce', 'shadow', 'off']).default('enforce'),
    { group: 'Payments', description: 'Whether payments are refused or held for what fraud says; in `shadow` it is only kept, to compare.' },
  ],
  WEBHOOK_PORTS: [
    list((port) => /^[1-9]\d{0,4}$/.test(port) && Number(port) <= 65_535, 'ports such as 443,8443').prefault('443'),
    { group: 'Edge', description: 'The ports that webhooks may be sent to, separated by commas.' },
  ],
  WEBHOOK_ALLOW_LOOPBACK: [
    yes.default('0'),
    {
      group: 'Edge',
      description: '`1` lets webhooks be sent to this machine, over http and at any port, for who develops on it; never in production.',
      development: '1',
    },
  ],
  ...IDENTITY_VARIABLES,
  ...MAIL_VARIABLES,
  ...EXTERNAL_VARIABLES,
  ...MESSAGE_VARIABLES,
  LOG_LEVEL: [
    z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    { group: 'Logs and demo', description: 'What it writes to its output.' },
  ],
  LOG_FILE: [
    z.string().min(1).optional(),
    {
      group: 'Logs and demo',
      description:
        'A file for the lines of the log. After a `SIGHUP` it goes on in a new file of that name, so that `logrotate` can move the old one.',
      otherwise: 'standard output',
    },
  ],
  LOG_SLOW_MS: [
    whole(1, 600_000).default(1_000),
    { group: 'Logs and demo', description: 'A request that takes longer is a warning, which says how much of it was the database and Redis.' },
  ],
  ...WATCHING_VARIABLES,
  BCRYPT_COST: [whole(4, 15).default(12), { group: 'Secrets', description: 'The work of hashing a password, as a power of two.', test: '4' }],
  DEMO: [
    yes.default('1'),
    { group: 'Logs and demo', description: '`1` makes a demo restaurant and its people in an empty database; never in production.', test: '0' },
  ],
} as const satisfies Readonly<Record<string, readonly [z.ZodType, About]>>;

export type VariableName = keyof typeof VARIABLES;
type Schemas = { [Name in VariableName]: (typeof VARIABLES)[Name][0] };

export const Environment = z.object(Object.fromEntries(Object.entries(VARIABLES).map(([name, [schema]]) => [name, schema])) as unknown as Schemas);
export type Environment = z.output<typeof Environment>;

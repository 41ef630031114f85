import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { configurationPage, DOCUMENTED, envTemplate, TEMPLATES } from '#composition/config/document.ts';
import { printableConfig } from '#composition/config/print.ts';
import { BadConfig, readConfig } from '#composition/config.ts';

const SECRET = 'pUu3vS8Qk2m9XyZr7LwD4nTc1BfGh6JaKo5Ee0RiVqNsYxWtMzCbPlOdHgFjU-_A';
const OTHER = 'Zq9xW4bT7nKc2VyM5hLr8PsD1fGj6QaEo3UeXiRk0NtBvYwCzJmHlFdSgOpI-_Zb';
const GOOD = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://api.example.com',
  DATABASE_URL: 'postgresql://thali:Vd8wQz3kLm7Xp2Rt@db.internal:5432/thali',
  REDIS_URL: 'redis://:Hs5yBn9cTf4Kj8Wq@cache.internal:6379',
  APP_SECRET: SECRET,
  CORS_ORIGINS: 'https://app.example.com, https://admin.example.com',
  TRUSTED_PROXIES: '10.0.0.0/8',
};

const faultsOf = (env: Record<string, string>): string => {
  try {
    readConfig(env);
    return '';
  } catch (error) {
    if (error instanceof BadConfig) return error.message;
    throw error;
  }
};

describe('production', () => {
  it('starts with what is good', () => {
    expect(faultsOf(GOOD)).toBe('');
    expect(readConfig(GOOD)).toMatchObject({
      corsOrigins: ['https://app.example.com', 'https://admin.example.com'],
      trustedProxies: ['10.0.0.0/8'],
      limits: { user: { max: 1_000, windowMs: 900_000 } },
      hasDemo: false,
    });
    expect(readConfig({ ...GOOD, APP_SECRET: `${OTHER}, ${SECRET}` }).secret).toBe(`${OTHER},${SECRET}`);
    expect(faultsOf({ ...GOOD, REDIS_URL: 'redis://127.0.0.1:6379' })).toBe('');
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['no secret', { APP_SECRET: '' }, /^APP_SECRET/],
    ['a secret of 63', { APP_SECRET: SECRET.slice(0, 63) }, /^APP_SECRET: number 1: .*64/],
    ['a secret of few characters', { APP_SECRET: 'ab12'.repeat(20) }, /^APP_SECRET: .*different/],
    ['a secret that repeats itself', { APP_SECRET: 'abcdegfhijklmnopq'.repeat(4) }, /^APP_SECRET: .*repeats/],
    ['a secret that everybody tries', { APP_SECRET: `please-ChangeMe-${SECRET}` }, /^APP_SECRET: .*everybody/],
    ['a weak old secret', { APP_SECRET: `${SECRET},${'short-old-secret-of-many-years-ago'}` }, /^APP_SECRET: number 2/],
    ['one secret twice', { APP_SECRET: `${SECRET},${SECRET}` }, /^APP_SECRET: .*another one/],
    ['a secret that is the password too', { DATABASE_URL: `postgresql://thali:${SECRET}@db.internal/thali` }, /^APP_SECRET: .*another one/],
    ['http', { PUBLIC_URL: 'http://api.example.com' }, /^PUBLIC_URL: .*https/],
    ['localhost', { PUBLIC_URL: 'https://localhost:4010' }, /^PUBLIC_URL: .*localhost/],
    ['a loopback address', { PUBLIC_URL: 'https://127.0.0.1' }, /^PUBLIC_URL/],
    ['IPv6 loopback', { PUBLIC_URL: 'https://[::1]' }, /^PUBLIC_URL/],
    ['no address', { PUBLIC_URL: '' }, /^PUBLIC_URL/],
    ['no database', { DATABASE_URL: '' }, /^DATABASE_URL/],
    ['memory', { DATABASE_URL: 'memory:' }, /^DATABASE_URL/],
    ['a database without a password', { DATABASE_URL: 'postgresql://thali@db.internal/thali' }, /^DATABASE_URL: .*password/],
    ['the password postgres', { DATABASE_URL: 'postgresql://thali:postgres1234@db.internal/thali' }, /^DATABASE_URL: .*everybody/],
    ['a short password', { DATABASE_URL: 'postgresql://thali:Vd8wQz3@db.internal/thali' }, /^DATABASE_URL: .*12/],
    ['an open Redis', { REDIS_URL: 'redis://cache.internal:6379' }, /^REDIS_URL: .*password/],
    ['an origin on http', { CORS_ORIGINS: 'http://app.example.com' }, /^CORS_ORIGINS: .*https/],
    ['webhooks to this machine', { WEBHOOK_ALLOW_LOOPBACK: '1' }, /^WEBHOOK_ALLOW_LOOPBACK/],
    ['an origin on this machine', { CORS_ORIGINS: 'https://localhost:3000' }, /^CORS_ORIGINS/],
  ])('does not start with %s', (_what, changes, words) => {
    expect(faultsOf({ ...GOOD, ...changes })).toMatch(words);
  });

  it('names everything that is wrong at once, and never a value', () => {
    const faults = faultsOf({
      NODE_ENV: 'production',
      APP_SECRET: 'hunter2-hunter2-hunter2-hunter2-hunter2',
      DATABASE_URL: 'postgresql://u:s3cret-Pw@h/d',
    });
    expect(faults.split('\n').map((line) => line.split(':')[0])).toEqual(['DATABASE_URL', 'APP_SECRET', 'PUBLIC_URL']);
    expect(faults).not.toMatch(/hunter2|s3cret/);
  });
});

describe('everywhere', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    ['an origin with a path', { CORS_ORIGINS: 'https://app.example.com/' }, /CORS_ORIGINS/],
    ['any origin', { CORS_ORIGINS: '*' }, /CORS_ORIGINS/],
    ['a port there is not', { WEBHOOK_PORTS: '443,70000' }, /WEBHOOK_PORTS/],
    ['a proxy that is no network', { TRUSTED_PROXIES: '10.0.0.0/8, proxy' }, /TRUSTED_PROXIES/],
    ['a limit in words', { RATE_LIMIT_GENERAL: 'many' }, /RATE_LIMIT_GENERAL/],
    ['a limit of none', { RATE_LIMIT_GENERAL: '0/15m' }, /RATE_LIMIT_GENERAL/],
    ['a limit without a time', { RATE_LIMIT_AUTH: '5' }, /RATE_LIMIT_AUTH/],
    ['a limit beyond counting', { RATE_LIMIT_USER: '10001/1m' }, /RATE_LIMIT_USER/],
    ['a window of weeks', { RATE_LIMIT_USER: '10/25h' }, /RATE_LIMIT_USER/],
    ['a limit that is misspelt', { RATE_LIMIT_GENRAL: '5/1m' }, /RATE_LIMIT_GENRAL: there is no such variable/],
    ['a Redis that is none', { REDIS_URL: 'memcached://x' }, /REDIS_URL/],
    ['a short secret', { APP_SECRET: 'short' }, /APP_SECRET/],
  ])('%s is refused', (_what, env, words) => {
    expect(faultsOf(env)).toMatch(words);
  });

  it('limits are read, and turned off', () => {
    const { limits } = readConfig({ RATE_LIMIT_PAYMENT: '3/30s', RATE_LIMIT_GENERAL: 'off', RATE_LIMIT_USER: '10000/24h' });
    expect(limits.payment).toEqual({ name: 'payment', max: 3, windowMs: 30_000 });
    expect(limits.general).toBeUndefined();
    expect(limits.user).toEqual({ name: 'user', max: 10_000, windowMs: 86_400_000 });
  });
});

describe('what is written about it', () => {
  it('is what the schema says: run npm run config:docs', () => {
    expect(readFileSync('CONFIGURATION.md', 'utf8')).toBe(configurationPage());
    for (const template of TEMPLATES) expect(readFileSync(`.env.${template}`, 'utf8')).toBe(envTemplate(template));
  });

  it('tells of every variable in whole sentences, once', () => {
    const names = new Set(DOCUMENTED.map(({ name }) => name));
    expect(names.size).toBe(DOCUMENTED.length);
    for (const { description } of DOCUMENTED) expect(description).toMatch(/[.)]$/);
  });

  it('has templates that start, once what they leave empty is filled in', () => {
    const template = (name: (typeof TEMPLATES)[number]) => parseEnv(envTemplate(name)) as Record<string, string>;
    expect(faultsOf(template('development'))).toBe('');
    expect(faultsOf(template('test'))).toBe('');
    expect(readConfig(template('test')).limits).toEqual({});
    const production = template('production');
    const empty = Object.keys(production).filter((name) => production[name] === '');
    expect(empty.sort()).toEqual([
      'APP_SECRET',
      'CORS_ORIGINS',
      'DATABASE_URL',
      'MAIL_FROM',
      'PARTNER_APP_URL',
      'PUBLIC_URL',
      'RAZORPAY_KEY_ID',
      'RAZORPAY_KEY_SECRET',
      'RAZORPAY_WEBHOOK_SECRET',
      'REDIS_URL',
      'SMTP_URL',
      'STUDENT_APP_URL',
      'TRUSTED_PROXIES',
    ]);
    expect(faultsOf(production)).toMatch(/DATABASE_URL.*APP_SECRET.*PUBLIC_URL/s);
    expect(faultsOf({ ...production, ...GOOD })).toBe('');
  });

  it('shows no secret', () => {
    const shown = printableConfig(GOOD);
    expect(shown).toContain('postgresql://thali:***@db.internal:5432/thali');
    expect(shown).toContain('(set, 64 characters)');
    expect(shown).toContain('https://api.example.com');
    expect(shown).not.toMatch(/Vd8wQz|Hs5yBn|pUu3vS/);
  });
});

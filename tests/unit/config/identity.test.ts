import { describe, expect, it } from 'vitest';
import { BadConfig, readConfig } from '#composition/config.ts';
import { DEMO_ACCOUNTS } from '#composition/demo.ts';

const PRODUCTION = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgresql://thali:Vd8wQz3kLm7Xp2Rt@db.internal:5432/thali',
  APP_SECRET: 'pUu3vS8Qk2m9XyZr7LwD4nTc1BfGh6JaKo5Ee0RiVqNsYxWtMzCbPlOdHgFjU-_A',
  PUBLIC_URL: 'https://api.thali.test',
};
const MAIL = {
  SMTP_URL: 'smtps://user:pass@mail.test:465',
  MAIL_FROM: 'hello@thali.test',
  STUDENT_APP_URL: 'https://eat.thali.test',
  PARTNER_APP_URL: 'https://work.thali.test',
};

describe('the configuration of accounts', () => {
  it('asks for nothing where nobody configured anything', () => {
    const { identity, mail, country } = readConfig({});
    expect(identity).toMatchObject({
      requireVerifiedEmail: false,
      secondFactorRoles: [],
      secondFactorExempt: DEMO_ACCOUNTS.map(({ email }) => email),
      reset: { maxRequests: 3, windowMs: 3_600_000, ttlMs: 3_600_000 },
      apps: { customers: 'http://localhost:4010', partners: 'http://localhost:4010' },
    });
    expect([mail.smtpUrl, mail.isSent, country]).toEqual([undefined, true, 'IN']);
  });

  it('is strict in production: addresses are confirmed, owners and admins prove themselves twice, the demo is nobody', () => {
    const { identity, mail } = readConfig({ ...PRODUCTION, ...MAIL });
    expect(identity).toMatchObject({
      requireVerifiedEmail: true,
      secondFactorRoles: ['owner', 'admin'],
      secondFactorExempt: [],
      apps: { customers: 'https://eat.thali.test', partners: 'https://work.thali.test' },
    });
    expect(mail).toMatchObject({ isTlsRequired: true, smtpUrl: MAIL.SMTP_URL, from: { name: 'Thali', address: 'hello@thali.test' }, isSent: true });
  });

  it('starts in production without a mail server, and then keeps the mail and locks nobody out', () => {
    const { identity, mail } = readConfig(PRODUCTION);
    expect([identity.requireVerifiedEmail, mail.isSent]).toEqual([false, false]);
  });

  it('takes its numbers and roles from the environment', () => {
    const { identity } = readConfig({
      RESET_MAX_REQUESTS: '5',
      RESET_WINDOW_MINUTES: '30',
      RESET_TOKEN_MINUTES: '10',
      SECOND_FACTOR_ROLES: 'manager,support',
      REQUIRE_VERIFIED_EMAIL: '1',
    });
    expect(identity).toMatchObject({ reset: { maxRequests: 5, windowMs: 1_800_000, ttlMs: 600_000 }, requireVerifiedEmail: true });
    expect(identity.secondFactorRoles).toEqual(['manager', 'support']);
    expect(readConfig({ ...PRODUCTION, SECOND_FACTOR_ROLES: 'none' }).identity.secondFactorRoles).toEqual([]);
  });

  it('binds passkeys to the domain of the apps', () => {
    expect(readConfig({ ...PRODUCTION, ...MAIL }).passkeys).toEqual({
      domain: 'eat.thali.test',
      origins: ['https://eat.thali.test', 'https://work.thali.test'],
    });
    expect(readConfig({ PASSKEY_DOMAIN: 'thali.test' }).passkeys).toEqual({ domain: 'thali.test', origins: ['http://localhost:4010'] });
  });

  it.each<[Record<string, string>, string]>([
    [{ PASSKEY_DOMAIN: 'https://thali.test' }, 'PASSKEY_DOMAIN'],
    [{ ...PRODUCTION, ...MAIL, STUDENT_APP_URL: '' }, 'STUDENT_APP_URL'],
    [{ ...PRODUCTION, ...MAIL, PARTNER_APP_URL: '' }, 'PARTNER_APP_URL'],
    [{ ...PRODUCTION, ...MAIL, MAIL_FROM: '' }, 'MAIL_FROM'],
    [{ ...PRODUCTION, ...MAIL, STUDENT_APP_URL: 'http://eat.thali.test' }, 'STUDENT_APP_URL'],
    [{ ...PRODUCTION, PARTNER_APP_URL: 'https://localhost:3000' }, 'PARTNER_APP_URL'],
    [{ ...PRODUCTION, REQUIRE_VERIFIED_EMAIL: '1' }, 'REQUIRE_VERIFIED_EMAIL'],
    [{ SMTP_URL: 'mail.test:25' }, 'SMTP_URL'],
    [{ STUDENT_APP_URL: 'javascript:alert(1)' }, 'STUDENT_APP_URL'],
    [{ SECOND_FACTOR_ROLES: 'owner,king' }, 'SECOND_FACTOR_ROLES'],
    [{ BREACH_CHECK_URL: 'ftp://passwords.test' }, 'BREACH_CHECK_URL'],
    [{ RESET_MAX_REQUESTS: '0' }, 'RESET_MAX_REQUESTS'],
    [{ DEFAULT_COUNTRY: 'India' }, 'DEFAULT_COUNTRY'],
    [{ MAIL_FROM: 'a@x.co, b@y.co' }, 'MAIL_FROM'],
  ])('refuses %j, and says what', (env, name) => {
    expect(() => readConfig(env)).toThrow(BadConfig);
    expect(() => readConfig(env)).toThrow(name);
  });
});

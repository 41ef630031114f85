import { weaknessOfPassword, weaknessOfSecret } from './strength.ts';
import type { Environment } from './variables.ts';

/** What an installation on the open internet must not have, a line for each. */
export function productionFaults(env: Environment): readonly string[] {
  return [...databaseFaults(env), ...redisFaults(env), ...secretFaults(env), ...addressFaults(env), ...mailFaults(env), ...webhookFaults(env)];
}

function databaseFaults({ DATABASE_URL: url, ALLOW_EMBEDDED_DB }: Environment): string[] {
  if (url === undefined)
    return ALLOW_EMBEDDED_DB === '1'
      ? []
      : ['DATABASE_URL: production wants a PostgreSQL server; set ALLOW_EMBEDDED_DB=1 to run on the embedded database all the same'];
  if (url === 'memory:') return ['DATABASE_URL: memory: keeps nothing, which production cannot want'];
  const weakness = weaknessOfPassword(passwordOf(url));
  return weakness === undefined ? [] : [`DATABASE_URL: ${weakness}`];
}

/** On this machine Redis may go without a password; nobody else can reach it. */
function redisFaults({ REDIS_URL: url }: Environment): string[] {
  if (url === undefined || isThisMachine(new URL(url).hostname)) return [];
  const weakness = weaknessOfPassword(passwordOf(url));
  return weakness === undefined ? [] : [`REDIS_URL: ${weakness}`];
}

function secretFaults({ APP_SECRET: secrets, DATABASE_URL = '', REDIS_URL = '', SMTP_URL = '' }: Environment): string[] {
  if (secrets === undefined) return ['APP_SECRET: production wants a secret of 64 or more characters'];
  const passwords = [DATABASE_URL, REDIS_URL, SMTP_URL].map(passwordOf).filter((password) => password !== '');
  return [
    ...secrets.flatMap((secret, index) => {
      const weakness = weaknessOfSecret(secret);
      return weakness === undefined ? [] : [`APP_SECRET: number ${index + 1}: ${weakness}`];
    }),
    ...(new Set([...secrets, ...passwords]).size < secrets.length + passwords.length
      ? ['APP_SECRET: every secret and password must be another one']
      : []),
  ];
}

function addressFaults({ PUBLIC_URL: url, CORS_ORIGINS }: Environment): string[] {
  const publicFaults = url === undefined ? ['PUBLIC_URL: production must know where clients reach it'] : openFaults('PUBLIC_URL', url);
  return [...publicFaults, ...CORS_ORIGINS.flatMap((origin) => openFaults('CORS_ORIGINS', origin))];
}

/** Links that lead nowhere, and rules that nobody could keep, are found now and not by the first who forgot a password. */
function mailFaults({ SMTP_URL, MAIL_FROM, STUDENT_APP_URL, PARTNER_APP_URL, REQUIRE_VERIFIED_EMAIL }: Environment): string[] {
  const apps = Object.entries({ STUDENT_APP_URL, PARTNER_APP_URL });
  const faults = apps.flatMap(([name, url]) => (url === undefined ? [] : openFaults(name, url)));
  if (SMTP_URL === undefined) {
    return REQUIRE_VERIFIED_EMAIL === '1' ? [...faults, 'REQUIRE_VERIFIED_EMAIL: nobody can confirm an address without SMTP_URL'] : faults;
  }
  const missing = Object.entries({ MAIL_FROM, STUDENT_APP_URL, PARTNER_APP_URL }).filter(([, value]) => value === undefined);
  return [...faults, ...missing.map(([name]) => `${name}: production wants it beside SMTP_URL`)];
}

/** Whoever may add a webhook could reach what listens on this machine alone. */
function webhookFaults({ WEBHOOK_ALLOW_LOOPBACK }: Environment): string[] {
  return WEBHOOK_ALLOW_LOOPBACK === '1' ? ['WEBHOOK_ALLOW_LOOPBACK: production sends nothing to this machine'] : [];
}

function openFaults(name: string, text: string): string[] {
  const { protocol, hostname } = new URL(text);
  if (isThisMachine(hostname)) return [`${name}: nobody outside this machine reaches ${hostname}`];
  return protocol === 'https:' ? [] : [`${name}: production wants https`];
}

const isThisMachine = (hostname: string): boolean =>
  /^(?:localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0|\[::\])$/.test(hostname.toLowerCase());

const passwordOf = (url: string): string => (URL.canParse(url) ? decodeURIComponent(new URL(url).password) : '');

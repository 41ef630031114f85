import { parseArgs } from 'node:util';
import { pinoLog } from '#adapters/pino/log.ts';
import type { Identity as UseCases } from '#application/identity/module.ts';
import { system } from '#domain/shared/actor.ts';
import type { Result } from '#domain/shared/result.ts';
import { readConfig } from './config.ts';
import { createContainer } from './container.ts';
import { openDatabase } from './database.ts';
import { Identity } from './modules/identity.ts';
import { masterSecret } from './secret.ts';

const USAGE = `ADMIN_PASSWORD=... npm run admin -- --email EMAIL [--name NAME]

Makes an account that operates the platform: the first one of a new installation, who opens restaurants for their owners.
The password comes from the environment, so that it stays out of the list of processes.

npm run admin -- --email EMAIL --recover-second-factor

Takes the second factor from an account whose owner lost both phone and backup codes. Make sure first who is asking.`;

/** Does it on the configured database, or says why not. */
async function withIdentity<T>(work: (identity: UseCases) => Promise<Result<T, unknown>>): Promise<T> {
  const config = readConfig(process.env);
  const log = pinoLog('silent');
  const database = await openDatabase(config.database, log);
  const container = createContainer({ config, secret: await masterSecret(config), log, store: database.store });
  try {
    const done = await work(container.get(Identity.useCases));
    if (!done.ok) throw new Error(JSON.stringify(done.error));
    return done.value;
  } finally {
    await container.unbindAllAsync();
    await database.close();
  }
}

const ACTOR = system('admin-command');

const createAdmin = async (email: string, displayName: string, password: string): Promise<string> => {
  const account = await withIdentity((identity) => identity.registerAccount({ email, password, displayName, platformRole: 'admin' }, ACTOR));
  return `${account.email} may operate the platform\n`;
};
const recoverSecondFactor = async (email: string): Promise<string> => {
  await withIdentity((identity) => identity.secondFactor.recover({ identifier: email }, ACTOR));
  return `${email} signs in with a password alone again, and has been told\n`;
};

const { values } = parseArgs({
  options: { email: { type: 'string' }, name: { type: 'string', default: 'Administrator' }, 'recover-second-factor': { type: 'boolean' } },
});
const password = process.env['ADMIN_PASSWORD'];
const isRecovery = values['recover-second-factor'] === true;
if (values.email === undefined || (password === undefined && !isRecovery)) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(64);
}
const done = await (isRecovery ? recoverSecondFactor(values.email) : createAdmin(values.email, values.name, password as string)).catch(
  (error: unknown) => error as Error,
);
process.stderr.write(typeof done === 'string' ? done : `Nothing was changed: ${done.message}\n`);
process.exit(typeof done === 'string' ? 0 : 1);

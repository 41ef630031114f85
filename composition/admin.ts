import { parseArgs } from 'node:util';
import { pinoLog } from '#adapters/pino/log.ts';
import { system } from '#domain/shared/actor.ts';
import { readConfig } from './config.ts';
import { createContainer } from './container.ts';
import { openDatabase } from './database.ts';
import { Identity } from './modules/identity.ts';
import { masterSecret } from './secret.ts';

const USAGE = `ADMIN_PASSWORD=... npm run admin -- --email EMAIL [--name NAME]

Makes an account that operates the platform: the first one of a new installation, who opens restaurants for their owners.
The password comes from the environment, so that it stays out of the list of processes.`;

/** Makes the account on the configured database, or says why not. */
async function createAdmin(email: string, displayName: string, password: string): Promise<string> {
  const config = readConfig(process.env);
  const log = pinoLog('silent');
  const database = await openDatabase(config.database, log);
  const container = createContainer({ config, secret: await masterSecret(config), log, store: database.store });
  try {
    const made = await container
      .get(Identity.useCases)
      .registerAccount({ email, password, displayName, platformRole: 'admin' }, system('admin-command'));
    if (!made.ok) throw new Error(JSON.stringify(made.error));
    return made.value.email;
  } finally {
    await container.unbindAllAsync();
    await database.close();
  }
}

const { values } = parseArgs({ options: { email: { type: 'string' }, name: { type: 'string', default: 'Administrator' } } });
const password = process.env['ADMIN_PASSWORD'];
if (values.email === undefined || password === undefined) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(64);
}
const done = await createAdmin(values.email, values.name, password).then(
  (email) => `${email} may operate the platform\n`,
  (error: unknown) => error as Error,
);
process.stderr.write(typeof done === 'string' ? done : `No account was made: ${done.message}\n`);
process.exit(typeof done === 'string' ? 0 : 1);

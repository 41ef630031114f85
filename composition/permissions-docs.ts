import { writeFileSync } from 'node:fs';
import { permissionsDocument } from '#adapters/http/permission-matrix.ts';
import { pinoLog } from '#adapters/pino/log.ts';
import { readConfig } from './config.ts';
import { createContainer } from './container.ts';
import { Platform } from './modules/platform.ts';

/** Writes who may do what from the roles and the routes themselves. */
const config = readConfig({ NODE_ENV: 'test', DATABASE_URL: 'memory:' });
const container = createContainer({
  config,
  secret: 'nothing is signed with this, it only wires',
  log: pinoLog('silent'),
  store: { kind: 'memory' },
});
writeFileSync('PERMISSIONS.md', permissionsDocument(container.getAll(Platform.routes).flat()));
await container.unbindAllAsync();

import type { Container } from 'inversify';
import type { Check, Health } from '#application/platform/health.ts';
import { Platform } from './modules/platform.ts';

const TRUST_MS = 1_000;
const WAIT_MS = 1_000;

export type Lifecycle = { isStopping: boolean };

/** Asks the database and the log, at most once a second, and never for longer than that. */
export function createHealth(container: Container, lifecycle: Lifecycle): Health {
  const clock = container.get(Platform.clock);
  const parkedEvents = async (): Promise<string> => {
    const lags = await container.get(Platform.eventLog).lag();
    return `${lags.reduce((sum, { parked }) => sum + parked, 0)} parked events`;
  };
  const ask = async (): Promise<readonly Check[]> => {
    const database = container.isBound(Platform.sql)
      ? check('database', () => container.get(Platform.sql)()('select 1'))
      : { name: 'database', status: 'pass' as const };
    const others = container.getAll(Platform.checks, { optional: true });
    return Promise.all([database, check('eventLog', parkedEvents), ...redisCheck(container), ...others.map((other) => other())]);
  };
  let held: { readonly at: number; readonly answer: Promise<readonly Check[]> } | undefined;
  return {
    startedAt: clock.now(),
    isAccepting: () => !lifecycle.isStopping,
    checks() {
      if (!held || clock.now() - held.at > TRUST_MS) held = { at: clock.now(), answer: ask() };
      return held.answer;
    },
  };
}

/** Without Redis a process goes on alone, so its absence keeps nobody away. */
function redisCheck(container: Container): readonly Check[] {
  if (!container.isBound(Platform.redis)) return [];
  const { isAway } = container.get(Platform.redis).stats;
  return [isAway ? { name: 'redis', status: 'warn', detail: 'it does not answer; this process does without it' } : { name: 'redis', status: 'pass' }];
}

async function check(name: string, ask: () => Promise<unknown>): Promise<Check> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer within a second')), WAIT_MS);
  });
  try {
    const detail = await Promise.race([ask(), late]);
    return typeof detail === 'string' ? { name, status: 'pass', detail } : { name, status: 'pass' };
  } catch {
    return { name, status: 'fail', detail: 'it does not answer' };
  } finally {
    clearTimeout(timer);
  }
}

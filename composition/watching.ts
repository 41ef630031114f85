import { SentryErrorReports } from '#adapters/sentry/error-reports.ts';
import { type Tracing, traceWith } from '#adapters/shared/telemetry/tracing.ts';
import type { ErrorReports } from '#application/platform/error-reports.ts';
import type { Log } from '#application/shared/ports.ts';
import { VERSION } from './app.ts';
import type { Config } from './config.ts';

/** Where errors are told besides the log, if anywhere. */
export function errorReports({ sentryDsn: dsn, serviceName: service, isProduction }: Config, log: Log): ErrorReports | undefined {
  if (dsn === undefined) return undefined;
  const onLoss = (lost: number): void => log.warn('errors could not be reported, or were too many; they are in this log', { lost });
  return new SentryErrorReports({ dsn, service, release: VERSION, environment: isProduction ? 'production' : 'development', onLoss });
}

let tracing: Tracing | undefined;

/** Loads what keeps traces only when somebody wants them. */
export async function startTracing({ traces, serviceName: service }: Pick<Config, 'traces' | 'serviceName'>): Promise<void> {
  if (!traces) return;
  const { otlpTracing } = await import('#adapters/opentelemetry/tracing.ts');
  tracing = otlpTracing({ ...traces, service, version: VERSION });
  traceWith(tracing);
}

/** Sends what is left. */
export async function stopTracing(): Promise<void> {
  traceWith(undefined);
  await tracing?.stop();
  tracing = undefined;
}

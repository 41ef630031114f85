import type { ErrorReports } from '#application/platform/error-reports.ts';
import type { Log } from '#application/shared/ports.ts';

/** A log whose errors are reported as well, each once. */
export const reported = (log: Log, reports: Pick<ErrorReports, 'report'>): Log => ({
  info: log.info,
  warn: log.warn,
  error(message, facts = {}) {
    log.error(message, facts);
    const { error, ...rest } = facts;
    if (error instanceof Error) reports.report({ message, error, facts: rest });
  },
});

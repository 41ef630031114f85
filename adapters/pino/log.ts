import pino from 'pino';
import type { Log } from '#application/shared/ports.ts';

const SECRET = ['password', 'token', 'accessToken', 'refreshToken', 'authorization', 'secret', 'cookie'];

export type LogSink = Log & { flush(): void };

/** Lines of JSON on standard output, written off the request's path; whatever is named like a secret is blanked. */
export function pinoLog(level: string): LogSink {
  const destination = pino.destination({ dest: 1, sync: false, minLength: 4_096 });
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { error: (error: unknown) => (error instanceof Error ? pino.stdSerializers.err(error) : error) },
      redact: { paths: SECRET.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' },
    },
    destination,
  );
  const timer = setInterval(() => destination.flush(), 1_000);
  timer.unref();
  return {
    info: (message, facts = {}) => logger.info(facts, message),
    warn: (message, facts = {}) => logger.warn(facts, message),
    error: (message, facts = {}) => logger.error(facts, message),
    flush: () => {
      try {
        destination.flushSync();
      } catch {
        // Nothing was ever written: there is nothing to flush.
      }
    },
  };
}

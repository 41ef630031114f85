import pino from 'pino';
import type { Log } from '#application/shared/ports.ts';
import { currentRequest } from '../shared/request-context.ts';
import { scrubbed, withoutSecrets } from '../shared/telemetry/scrub.ts';

/** `reopen` goes on in a new file of the same name, once the old one was moved away. */
export type LogSink = Log & { flush(): void; reopen(): void };

const FLUSH_MS = 1_000;
const BUFFER_BYTES = 4_096;

/**
 * Lines of JSON on standard output or in a file, written off the request's path. Each says for which request and trace it
 * was written; whatever is named like a secret is blanked. A line is one line whatever stands in it: JSON knows no other.
 */
export function pinoLog(level: string, file?: string): LogSink {
  const destination = pino.destination({ dest: file ?? 1, sync: false, minLength: BUFFER_BYTES, mkdir: true, append: true });
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { error: described },
      formatters: { log: scrubbed, level: (label) => ({ level: label }) },
      mixin: ofThis,
    },
    destination,
  );
  const timer = setInterval(() => destination.flush(), FLUSH_MS);
  timer.unref();
  return {
    info: (message, facts = {}) => logger.info(facts, message),
    warn: (message, facts = {}) => logger.warn(facts, message),
    error: (message, facts = {}) => logger.error(facts, message),
    reopen: () => {
      if (file !== undefined) destination.reopen();
    },
    flush: () => {
      try {
        destination.flushSync();
      } catch {
        // Nothing was ever written: there is nothing to flush.
      }
    },
  };
}

function ofThis(): object {
  const { requestId, traceId, spanId } = currentRequest() ?? {};
  return requestId === undefined ? {} : { requestId, traceId, ...(spanId !== undefined && { spanId }) };
}

/** An error with its stack, and with nothing in its words that opens something. */
function described(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { message, stack, ...rest } = pino.stdSerializers.err(error);
  return { ...scrubbed({ ...rest }), message: withoutSecrets(message), stack: withoutSecrets(stack) };
}

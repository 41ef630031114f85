import type { ErrorReport } from '#application/platform/error-reports.ts';
import { scrubbed, scrubbedText } from '../shared/telemetry/scrub.ts';

const FRAMES_MAX = 50;
const TEXT_MAX = 2_000;
const FACT_MAX = 200;
const CAUSES_MAX = 5;

export type About = { readonly id: string; readonly at: number; readonly release: string; readonly service: string; readonly environment: string };

/** An envelope with one event, as Sentry and GlitchTip take it: a line of headers, a line about the item, the item. */
export function envelopeOf(report: ErrorReport, { id, at, release, service, environment }: About): string {
  const { message, error, facts } = report;
  const sentAt = new Date(at).toISOString();
  const { traceId, requestId, route, ...extra } = scrubbed(facts) as Record<string, unknown>;
  const event = JSON.stringify({
    event_id: id,
    timestamp: at / 1_000,
    platform: 'node',
    level: 'error',
    logger: service,
    release,
    environment,
    logentry: { formatted: clipped(message) },
    ...(typeof route === 'string' && { transaction: route }),
    exception: { values: causesOf(error).map(exceptionOf) },
    ...(typeof traceId === 'string' && { contexts: { trace: { trace_id: traceId, span_id: traceId.slice(-16) } } }),
    tags: typeof requestId === 'string' ? { request_id: requestId } : {},
    extra: Object.fromEntries(Object.entries(extra).flatMap(([name, value]) => plain(name, value))),
  });
  const headers = JSON.stringify({ event_id: id, sent_at: sentAt });
  const item = JSON.stringify({ type: 'event', content_type: 'application/json', length: Buffer.byteLength(event) });
  return `${headers}\n${item}\n${event}\n`;
}

const clipped = (text: string, max = TEXT_MAX): string => scrubbedText(text.slice(0, max));

/** Only what is a word, a number or a yes: whatever is larger may hold a person's data. */
function plain(name: string, value: unknown): [string, unknown][] {
  if (name === 'actor') return []; // Who it was is in the log.
  if (typeof value === 'number' || typeof value === 'boolean') return [[name, value]];
  return typeof value === 'string' ? [[name, clipped(value, FACT_MAX)]] : [];
}

/** The first cause first, as the protocol has it. */
function causesOf(error: Error): readonly Error[] {
  const causes = [error];
  for (let cause = error.cause; cause instanceof Error && causes.length < CAUSES_MAX; cause = cause.cause) causes.push(cause);
  return causes.toReversed();
}

const exceptionOf = ({ name, message, stack }: Error) => ({ type: name, value: clipped(message), stacktrace: { frames: framesOf(stack ?? '') } });

/** The innermost call last. */
function framesOf(stack: string): readonly object[] {
  const frames = stack.split('\n').flatMap((line) => {
    const [, call, file, row, column] = /^\s+at (?:(.*?) \()?(.*?):(\d+):(\d+)\)?$/.exec(line) ?? [];
    if (file === undefined) return [];
    const path = file.replace(/^file:\/\//, '');
    const isOurs = !/node_modules|^node:/.test(path);
    return [
      {
        filename: path.replace(/^.*?\/(?=(?:domain|application|adapters|composition|node_modules)\/)/, ''),
        function: call ?? '?',
        lineno: Number(row),
        colno: Number(column),
        in_app: isOurs,
      },
    ];
  });
  return frames.slice(0, FRAMES_MAX).toReversed();
}

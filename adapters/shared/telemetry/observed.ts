import type { RecordedEvent, Subscription } from '#application/shared/events.ts';
import type { Job } from '#application/shared/job.ts';
import { type Doing, runInRequest } from '../request-context.ts';
import { startSpan } from './tracing.ts';

const LINKS_MAX = 32;

type NewId = () => string;
const traceOf = (newId: NewId): string => newId().replaceAll('-', '');

/**
 * A subscription whose lines, spans and events belong to the trace of what it was told. A batch that comes from many traces has
 * one of its own, which is linked to them; an event that fails is told alone, and so in its own.
 */
export const observedSubscription = <Tx>(subscription: Subscription<Tx>, newId: NewId): Subscription<Tx> => ({
  ...subscription,
  on(tx, events, isReplay) {
    const traces = tracesOf(events);
    const single = traces.length === 1 ? traces[0] : undefined;
    const span = startSpan(() => ({
      name: `process ${subscription.name}`,
      kind: 'consumer',
      trace: single,
      links: single === undefined ? traces.slice(0, LINKS_MAX) : [],
      attributes: {
        'messaging.system': 'thali',
        'messaging.operation.type': 'process',
        'messaging.destination.name': subscription.name,
        'messaging.batch.message_count': events.length,
      },
    }));
    const requestId = `${subscription.name}@${events[0]?.position ?? '0'}`;
    return within({ requestId, traceId: span?.context.traceId ?? single ?? traceOf(newId) }, span, () => subscription.on(tx, events, isReplay));
  },
});

/** A job whose every run has a trace of its own. */
export const observedJob = (job: Job, newId: NewId, ended: (name: string, seconds: number, isFailed: boolean) => void): Job => ({
  ...job,
  async run() {
    const span = startSpan(() => ({ name: `run ${job.name}`, kind: 'internal', attributes: { 'thali.job.name': job.name } }));
    const began = performance.now();
    let isFailed = true;
    try {
      const done = await within({ requestId: `${job.name}/${newId()}`, traceId: span?.context.traceId ?? traceOf(newId) }, span, job.run);
      isFailed = false;
      return done;
    } finally {
      ended(job.name, (performance.now() - began) / 1_000, isFailed);
    }
  },
});

async function within<T>(doing: Doing, span: ReturnType<typeof startSpan>, work: () => Promise<T>): Promise<T> {
  if (!span) return runInRequest(doing, work);
  try {
    const value = await runInRequest({ ...doing, spanId: span.context.spanId, isSampled: span.context.isSampled }, work);
    span.end();
    return value;
  } catch (error) {
    span.end(error);
    throw error;
  }
}

const tracesOf = (events: readonly RecordedEvent[]): readonly string[] => [
  ...new Set(events.flatMap(({ traceId }) => (typeof traceId === 'string' && /^[0-9a-f]{32}$/.test(traceId) ? [traceId] : []))),
];

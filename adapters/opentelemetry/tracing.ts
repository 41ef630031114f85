import {
  type Link,
  type SpanContext as OtelContext,
  type SpanKind as OtelKind,
  ROOT_CONTEXT,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type TracerProviderOptions,
} from '@opentelemetry/sdk-trace';
import { withoutSecrets } from '../shared/telemetry/scrub.ts';
import type { Attributes, Beginning, Span, SpanContext, SpanKind, Tracing } from '../shared/telemetry/tracing.ts';

export type TracingOptions = {
  /** Where OTLP over HTTP takes traces, path and all. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The share of traces that begin here and are kept. */
  readonly share: number;
  readonly service: string;
  readonly version: string;
};

type Resource = NonNullable<TracerProviderOptions['resource']>;

const QUEUE_MAX = 4_096;
const DELAY_MS = 2_000;
const EXPORT_MS = 3_000;
/** Of a span that is known to have been, and not which it was. */
const UNKNOWN_SPAN = '0000000000000001';
const OK = { unset: 0, failed: 2 } as const;
const KINDS: Readonly<Record<SpanKind, OtelKind>> = { internal: 0, server: 1, client: 2, consumer: 4 };

/** Spans by the SDK of OpenTelemetry, sent in batches beside the requests. What the collector does not take is dropped, never waited for. */
export function otlpTracing({ url, headers, share, service, version }: TracingOptions): Tracing {
  const ratio = new TraceIdRatioBasedSampler(share);
  const provider = new TracerProvider({
    resource: resourceOf({ 'service.name': service, 'service.version': version }),
    sampler: new ParentBasedSampler({ root: ratio }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: EXPORT_MS }),
        maxQueueSize: QUEUE_MAX,
        scheduledDelayMillis: DELAY_MS,
        exportTimeoutMillis: EXPORT_MS,
      }),
    ],
  });
  const tracer = provider.getTracer('thali', version);
  const isKept = (traceId: string): boolean => ratio.shouldSample(undefined, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED;
  const ofTrace = (traceId: string): SpanContext => ({ traceId, spanId: UNKNOWN_SPAN, isSampled: isKept(traceId) });
  return {
    start: ({ trace: continued, parent, links = [], ...beginning }: Beginning) =>
      begin(tracer, beginning, parent ?? (continued === undefined ? undefined : ofTrace(continued)), links.map(ofTrace)),
    stop: () => provider.shutdown().catch(() => undefined),
  };
}

function begin(
  tracer: Tracer,
  { name, kind, attributes = {} }: Pick<Beginning, 'name' | 'kind' | 'attributes'>,
  parent: SpanContext | undefined,
  links: readonly SpanContext[],
): Span {
  const context = parent ? trace.setSpanContext(ROOT_CONTEXT, contextOf(parent)) : ROOT_CONTEXT;
  const linked = links.map((link): Link => ({ context: contextOf(link) }));
  const span = tracer.startSpan(name, { kind: KINDS[kind], attributes: { ...attributes }, links: linked }, context);
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    context: { traceId, spanId, isSampled: (traceFlags & TraceFlags.SAMPLED) !== 0 },
    rename: (better) => void span.updateName(better),
    set: (more: Attributes) => void span.setAttributes({ ...more }),
    end(failure) {
      if (failure !== undefined) {
        const { name: type, message } = failure instanceof Error ? failure : new Error(String(failure));
        span.setAttributes({ 'error.type': type });
        span.setStatus({ code: OK.failed, message: withoutSecrets(message) });
      }
      span.end();
    },
  };
}

const contextOf = ({ traceId, spanId, isSampled }: SpanContext): OtelContext => ({
  traceId,
  spanId,
  traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
  isRemote: true,
});

/** What the spans are of: nothing is looked up about the machine. */
function resourceOf(attributes: Readonly<Record<string, string>>): Resource {
  const resource: Resource = { attributes, getRawAttributes: () => Object.entries(attributes), merge: () => resource };
  return resource;
}

import { currentRequest } from '../request-context.ts';

export type SpanContext = { readonly traceId: string; readonly spanId: string; readonly isSampled: boolean };
export type Attributes = Readonly<Record<string, string | number | boolean>>;
export type SpanKind = 'server' | 'client' | 'consumer' | 'internal';

/** One stretch of work, by the names of OpenTelemetry's conventions. */
export type Span = {
  readonly context: SpanContext;
  rename(name: string): void;
  set(attributes: Attributes): void;
  /** What made it fail, if it did. */
  end(failure?: unknown): void;
};
export type Beginning = {
  readonly name: string;
  readonly kind: SpanKind;
  readonly parent?: SpanContext | undefined;
  /** The trace it goes on with, where nobody knows of which span it is a part. */
  readonly trace?: string | undefined;
  /** Other traces that it goes back to. */
  readonly links?: readonly string[];
  readonly attributes?: Attributes;
};
/** Keeps spans, and sends them to where they are looked at. */
export type Tracing = { start(beginning: Beginning): Span; stop(): Promise<void> };

let active: Tracing | undefined;

/** Has spans kept from now on, or none any more. */
export const traceWith = (tracing: Tracing | undefined): void => {
  active = tracing;
};

/** A span that is nobody's part; nothing while no traces are kept. */
export const startSpan = (begin: () => Beginning): Span | undefined => active?.start(begin());

/** A part of what is being done now; nothing outside of that, and of what is not sampled. */
export function startPart(begin: () => Omit<Beginning, 'parent'>): Span | undefined {
  if (!active) return undefined;
  const { traceId, spanId, isSampled = false } = currentRequest() ?? {};
  if (traceId === undefined || spanId === undefined || !isSampled) return undefined;
  return active.start({ ...begin(), parent: { traceId, spanId, isSampled } });
}

const TRACE_PARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** What a caller's `traceparent` says; undefined for what says nothing. */
export function parseTraceParent(text: string | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = TRACE_PARENT.exec(text ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

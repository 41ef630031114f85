import { z } from 'zod';
import { type About, whole } from './variable.ts';

const HEADERS = /^[\w-]+=[^,=\s]+(?:,[\w-]+=[^,=\s]+)*$/;

/** How an installation is watched from outside. */
export const WATCHING_VARIABLES = {
  METRICS_TOKEN: [
    z.string().min(16).optional(),
    {
      group: 'Watching',
      description: 'What a scraper sends as `Authorization: Bearer …` to read `/metrics`.',
      otherwise: 'whoever reaches the port may read them',
      isSecret: true,
    },
  ],
  MEMORY_LIMIT_MB: [
    whole(64, 1_048_576).default(2_048),
    { group: 'Watching', description: 'How much memory a process may take (resident) before `/health` warns of it.' },
  ],
  DISK_FREE_MIN_MB: [
    whole(0, 1_048_576).default(512),
    { group: 'Watching', description: 'How much must be free where DATA_DIR is; with less `/health` warns, with a tenth of it it fails.' },
  ],
  OTEL_EXPORTER_OTLP_ENDPOINT: [
    z.url().optional(),
    {
      group: 'Watching',
      description: 'A collector that speaks OTLP over HTTP. Traces are kept and sent there only when it is set.',
      otherwise: 'no traces',
    },
  ],
  OTEL_EXPORTER_OTLP_HEADERS: [
    z.string().regex(HEADERS, 'name=value, with a comma between several').optional(),
    { group: 'Watching', description: 'What the collector wants to see, as `name=value,name=value`.', otherwise: 'none', isSecret: true },
  ],
  OTEL_SERVICE_NAME: [z.string().min(1).max(100).default('thali'), { group: 'Watching', description: 'What its traces and errors are told under.' }],
  OTEL_TRACES_SAMPLER_ARG: [
    z.coerce.number().min(0).max(1).default(1),
    { group: 'Watching', description: 'The share of traces that begin here and are kept, 0 to 1. A caller that keeps its trace has ours kept too.' },
  ],
  SENTRY_DSN: [
    z
      .url()
      .refine((text) => /^https?:\/\/[^:@/]+@[^/]+\/(?:.*\/)?\d+$/.test(text), 'https://key@host/project')
      .optional(),
    {
      group: 'Watching',
      description: 'Where errors are reported, to Sentry or GlitchTip, without secrets and personal data. They are in the log in any case.',
      otherwise: 'the log only',
      isSecret: true,
    },
  ],
} as const satisfies Readonly<Record<string, readonly [z.ZodType, About]>>;

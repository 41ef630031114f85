import { describe, expect, it } from 'vitest';
import { Metrics } from '#adapters/prometheus/metrics.ts';
import { readPrometheus } from '../../support/prometheus.ts';

const read = async (metrics: Metrics) => readPrometheus((await metrics.text()).text);

describe('the numbers of a process', () => {
  it('are written as the format wants it, whatever stands in a label', async () => {
    const odd = 'a "quoted" \\ back\nnew line, {brace} ☃';
    const metrics = new Metrics([
      { name: 'thali_things', help: 'Things of a kind', labels: ['kind'], read: () => [{ labels: { kind: odd }, value: 3 }] },
      { name: 'thali_done_total', help: 'What was done', read: async () => [{ value: 7 }] },
      { name: 'thali_none', help: 'Nothing yet', labels: ['kind'], read: () => [] },
    ]);
    metrics.observe('GET', '/restaurants/{restaurantId}', 200, 0.012);
    metrics.statement('SELECT', 0.001, false);
    metrics.statement('SELECT', 0.001, true);
    metrics.refused('payments.webhook_not_signed', '/webhooks/razorpay');
    const families = await read(metrics);
    expect(families.get('thali_things')).toMatchObject({ type: 'gauge', samples: [{ value: 3 }] });
    expect(families.get('thali_done_total')).toMatchObject({ type: 'counter', samples: [{ value: 7 }] });
    expect(families.get('http_server_request_duration_seconds')?.type).toBe('histogram');
    expect(families.get('db_client_operation_duration_seconds')?.samples.filter(({ name }) => name.endsWith('_count'))).toMatchObject([
      { labels: { db_system_name: 'postgresql', db_operation_name: 'SELECT', error_type: '' }, value: 1 },
      { labels: { error_type: 'failed' }, value: 1 },
    ]);
    expect([...families.keys()]).toContain('nodejs_eventloop_lag_seconds');
  });

  it('tell what a measure says now, and nothing of what it said before', async () => {
    let kinds = ['a', 'b'];
    const metrics = new Metrics([
      { name: 'thali_things', help: 'Things', labels: ['kind'], read: () => kinds.map((kind) => ({ labels: { kind }, value: 1 })) },
      { name: 'thali_ends_total', help: 'Ends', labels: ['kind'], read: () => kinds.map((kind) => ({ labels: { kind }, value: 5 })) },
    ]);
    await read(metrics);
    kinds = ['b'];
    const families = await read(metrics);
    expect(families.get('thali_things')?.samples).toEqual([{ name: 'thali_things', labels: { kind: 'b' }, value: 1 }]);
    expect(families.get('thali_ends_total')?.samples).toEqual([{ name: 'thali_ends_total', labels: { kind: 'b' }, value: 5 }]);
  });

  it('go on when a measure cannot be had', async () => {
    const metrics = new Metrics([
      { name: 'thali_broken', help: 'Broken', read: () => Promise.reject(new Error('no database')) },
      {
        name: 'thali_thrown',
        help: 'Thrown',
        read: () => {
          throw new Error('at once');
        },
      },
      { name: 'thali_fine', help: 'Fine', read: () => [{ value: 1 }] },
    ]);
    expect((await read(metrics)).get('thali_fine')?.samples).toMatchObject([{ value: 1 }]);
  });
});

describe('the reader of the format', () => {
  it.each([
    ['no end of the line', '# HELP a b\n# TYPE a gauge\na 1'],
    ['no type', '# HELP a b\na 1\n'],
    ['no help', '# TYPE a gauge\na 1\n'],
    ['a total that is no counter', '# HELP a_total b\n# TYPE a_total gauge\na_total 1\n'],
    ['a counter that is no total', '# HELP a b\n# TYPE a counter\na 1\n'],
    ['a bad name', '# HELP a-b c\n# TYPE a-b gauge\na-b 1\n'],
    ['a number that is none', '# HELP a b\n# TYPE a gauge\na one\n'],
    ['a sample twice', '# HELP a b\n# TYPE a gauge\na{x="1"} 1\na{x="1"} 2\n'],
    ['a label twice', '# HELP a b\n# TYPE a gauge\na{x="1",x="2"} 1\n'],
    ['a family in two places', '# HELP a b\n# TYPE a gauge\na 1\n# HELP c d\n# TYPE c gauge\nc 1\na{x="1"} 2\n'],
    ['milliseconds', '# HELP a_ms b\n# TYPE a_ms gauge\na_ms 1\n'],
    ['a value that is not escaped', '# HELP a b\n# TYPE a gauge\na{x="say "hi""} 1\n'],
    ['buckets that do not add up', '# HELP a b\n# TYPE a histogram\na_bucket{le="1"} 3\na_bucket{le="+Inf"} 2\na_sum 1\na_count 2\n'],
  ])('refuses %s', (_what, text) => {
    expect(() => readPrometheus(text)).toThrow();
  });
});

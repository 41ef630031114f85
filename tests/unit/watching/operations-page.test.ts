import { expect, it } from 'vitest';
import { ALARMS, operationsPage } from '#adapters/http/pages/operations.ts';
import { Metrics } from '#adapters/prometheus/metrics.ts';
import { createContainer } from '#composition/container.ts';
import { processMeasures } from '#composition/measures.ts';
import { SILENT, testConfig } from '../../support/profiles.ts';

const container = createContainer({ config: testConfig, secret: 'a-secret-that-only-the-tests-know-000', log: SILENT, store: { kind: 'memory' } });
const watched = new Metrics(processMeasures(container, () => 0)).described();
const text = String(operationsPage(watched, '0.1.0'));

it('the page for operators tells of every number once, with what it means', () => {
  expect(watched.length).toBeGreaterThan(40);
  for (const { name, help } of watched) {
    expect(text.split(`id="${name}"`)).toHaveLength(2);
    expect(help).toMatch(/\S/);
  }
  expect(text).toContain('<a href="/docs/operations" aria-current="page">Operations</a>');
});

it('watches only what there is', () => {
  const names = new Set(watched.map(({ name }) => name));
  const asked = ALARMS.flatMap(({ query }) => query.match(/\b(?:http|db|thali|nodejs)_[a-z0-9_]+(?=[\s{[)]|$)/g) ?? []).filter(
    (name) => !/^(?:http_response|db_client_connection_state)/.test(name),
  );
  expect(asked.length).toBeGreaterThanOrEqual(ALARMS.length);
  expect(asked.map((name) => name.replace(/_(?:bucket|count)$/, '')).filter((name) => !names.has(name))).toEqual([]);
});

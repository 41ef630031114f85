import { defineConfig } from 'vitest/config';

const MINUTE = 60_000;

/** Two at once: together they keep a small machine busy, and a large one's database server is not flooded with their pools. */
const WORKERS = 2;

type Options = { readonly testTimeout?: number; readonly globalSetup?: string };
const project = (name: string, options: Options = {}) => ({
  test: { name, include: [`tests/${name}/**/*.test.ts`], hookTimeout: MINUTE, testTimeout: 10_000, maxWorkers: WORKERS, ...options },
});

/** Each test has a database of its own, copied from one that is made once. */
const globalSetup = 'tests/support/templates.ts';

export default defineConfig({
  test: {
    coverage: { provider: 'v8', include: ['domain/**', 'application/**'], thresholds: { lines: 95, statements: 95, functions: 95 } },
    projects: [
      project('unit'),
      project('property', { testTimeout: MINUTE }),
      project('architecture'),
      project('contract', { globalSetup, testTimeout: MINUTE }),
      project('integration', { globalSetup, testTimeout: 2 * MINUTE }),
      project('e2e', { globalSetup, testTimeout: MINUTE }),
      project('simulation', { globalSetup, testTimeout: 5 * MINUTE }),
    ],
  },
});

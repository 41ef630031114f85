import { defineConfig } from 'vitest/config';

const MINUTE = 60_000;

/** Projects that share a database server run their files one after the other. */
const project = (name: string, options: { readonly fileParallelism?: boolean; readonly testTimeout?: number } = {}) => ({
  test: { name, include: [`tests/${name}/**/*.test.ts`], hookTimeout: MINUTE, testTimeout: 10_000, ...options },
});

export default defineConfig({
  test: {
    coverage: { provider: 'v8', include: ['domain/**', 'application/**'], thresholds: { lines: 95, statements: 95, functions: 95 } },
    projects: [
      project('unit'),
      project('property', { testTimeout: MINUTE }),
      project('architecture'),
      project('contract', { fileParallelism: false, testTimeout: MINUTE }),
      project('integration', { fileParallelism: false, testTimeout: 2 * MINUTE }),
      project('e2e', { fileParallelism: false, testTimeout: MINUTE }),
      project('simulation', { fileParallelism: false, testTimeout: 5 * MINUTE }),
    ],
  },
});

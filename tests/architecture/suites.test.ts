import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** A file whose tests all need a server has none left without it, which fails: `describe.runIf` leaves them there, skipped. */
const MAY_BE_EMPTY = /^(if \(.*\n {2}describe|describe\.each(<.*>)?\([^'"[]*(\?|=== 'postgres'))/m;

it('leaves no file of tests without a test where a server is missing', () => {
  const files = globSync('tests/**/*.test.ts');
  expect(files.length).toBeGreaterThan(200);
  expect(files.filter((file) => MAY_BE_EMPTY.test(readFileSync(file, 'utf8')))).toEqual([]);
});

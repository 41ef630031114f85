import { expect, it } from 'vitest';
import { csvOf, ENTRY_EXAMPLE, ndjsonOf } from '#adapters/http/audit/views.ts';

const entry = (changes: object) => ({ ...ENTRY_EXAMPLE, class: 'standard' as const, ...changes });
const cells = (changes: object): string => csvOf({ data: [entry(changes)], next: null }).split('\r\n')[1] as string;

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('writes %j so that no spreadsheet takes it for a formula', (actor) => {
  expect(cells({ actor })).toMatch(/,"?'[=+\-@\t\r]/);
});

it('quotes what would end a cell, and leaves out what is not there', () => {
  expect(cells({ restaurantId: null, data: { name: 'a "b", c' } })).toContain(`,,${ENTRY_EXAMPLE.stream},"{""name"":""a \\""b\\"", c""}",`);
});

it('writes a line for each entry', () => {
  const lines = ndjsonOf({ data: [entry({}), entry({ data: { note: 'two\nlines' } })], next: null }).split('\n');
  expect(lines).toHaveLength(3);
  expect(lines.slice(0, 2).map((line) => JSON.parse(line).data)).toEqual([{ role: 'manager' }, { note: 'two\nlines' }]);
});

import { expect, it } from 'vitest';
import { HTTP_PROBLEMS } from '#adapters/http/problem.ts';
import { detailsOf } from '#adapters/http/problem-detail.ts';

// biome-ignore lint/suspicious/noExplicitAny: the facts of every module look different.
type Facts = any;
const told = (detail: string | ((facts: Facts) => string)): readonly string[] => detailsOf({ detail } as Parameters<typeof detailsOf>[0]);

it('leaves a plain text as it is', () => {
  expect(told('Do this.')).toEqual(['Do this.']);
});

it('writes the name of a fact where its value will stand', () => {
  expect(told(({ limit }) => `At most ${limit}.`)).toEqual(['At most <limit>.']);
  expect(told(({ total }) => `It is ${total.amount} ${total.currency}`)).toEqual(['It is <amount> <currency>']);
  expect(told(({ offered }) => `Choose ${offered.join(' or ')}.`)).toEqual(['Choose <offered>.']);
  expect(told(({ items }) => items.map(({ name, left }: Facts) => `${name} (${left})`).join(', '))).toEqual(['<name> (<left>)']);
  expect(told(({ names }) => [...names].slice(0, 3).map(String).join())).toEqual(['<names>']);
  expect(told(({ name }) => `${name.toUpperCase().trim()} ${String(name)} ${name}!`)).toEqual(['<name> <name> <name>!']);
});

it('writes it for dates too', () => {
  expect(told(({ from, to }) => `From ${new Date(from).toISOString()} to ${Temporal.Instant.fromEpochMilliseconds(to)}`)).toEqual([
    'From <from> to <to>',
  ]);
});

it('tells what is said when a fact is absent', () => {
  expect(told(({ isPaused, at }) => (isPaused ? 'Later.' : `At ${at}.`))).toEqual(['Later.', 'At <at>.']);
  expect(told(({ next }) => `Ended${next === undefined ? '' : `; try ${next}`}.`)).toEqual(['Ended; try <next>.', 'Ended.']);
  expect(told(({ allowed }) => (allowed.length > 0 ? `Only ${allowed.join(', ')}.` : 'Never.'))).toEqual(['Only <allowed>.', 'Never.']);
});

it('never fails, and never shows a computation that came to nothing', () => {
  expect(
    told(() => {
      throw new Error('no');
    }),
  ).toEqual(['The detail of the answer says what to do.']);
  expect(told(({ seconds }) => `In ${Math.ceil(seconds / 60)} minutes.`)).toEqual(['In … minutes.']);
  expect(told(({ rows }) => `${Object.keys(rows).length} rows, ${JSON.stringify(rows) ?? ''}`).join()).not.toMatch(/NaN|undefined/);
});

it('makes a sentence of every problem of the edge', () => {
  for (const [code, { detail }] of Object.entries(HTTP_PROBLEMS)) {
    for (const text of told(detail as string)) expect(text, code).toMatch(/^[A-Z`].+\.$/);
  }
});

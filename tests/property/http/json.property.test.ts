import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseJson } from '#adapters/http/json.ts';

const forbidden = (key: string): boolean => ['__proto__', 'constructor', 'prototype'].includes(key) || key.includes('\0');
const isPlain = (value: unknown): boolean => {
  if (typeof value === 'string') return !value.includes('\0');
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, inner]) => !forbidden(key) && isPlain(inner));
};
const value = fc.jsonValue({ maxDepth: 8, stringUnit: 'binary' }).filter(isPlain);

it('reads back whatever JSON.stringify wrote, however it is laid out', () => {
  fc.assert(
    fc.property(value, fc.constantFrom(undefined, 1, '\t'), (written, space) => {
      const text = JSON.stringify(written, null, space);
      expect(parseJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
    }),
  );
});

it('accepts nothing that JSON.parse refuses, and never throws, on damaged texts', () => {
  const damage = fc.array(
    fc.record({ at: fc.nat(400), with: fc.constantFrom('', '"', '\\', '{', '}', '[', ']', ',', ':', '\0', '\\u0000', '\uD834', 'e', '0', ' ') }),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(value, damage, (written, cuts) => {
      let text = JSON.stringify(written);
      for (const cut of cuts) text = text.slice(0, cut.at % (text.length + 1)) + cut.with + text.slice((cut.at % (text.length + 1)) + 1);
      const parsed = parseJson(text);
      if (parsed.ok) expect(parsed.value).toEqual(JSON.parse(text));
    }),
    { numRuns: 2_000 },
  );
});

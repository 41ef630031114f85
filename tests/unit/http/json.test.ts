import { describe, expect, it } from 'vitest';
import { DEPTH_MAX, parseJson } from '#adapters/http/json.ts';

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const keys = (count: number): string => `{${Array.from({ length: count }, (_, i) => `"k${i}":0`).join()}}`;

describe('y: parsed to what it says', () => {
  it.each([
    ['null'],
    ['true'],
    ['"text"'],
    ['-0.5e-3'],
    ['123456789'],
    [' \t\r\n{ } \n'],
    ['[[], {}, "", [[]]]'],
    ['{"a":{"b":[1,{"c":null}]},"b":"a"}'],
    ['{"":"an empty key"}'],
    ['"\\u0041\\n\\"\\\\\\/\\t"'],
    ['"\\uD834\\uDD1E 𝄞 ₹ é"'],
    ['"{\\"a\\":[1,2"'], // Braces in a string open nothing.
    ['[{"a":1},{"a":1}]'], // The same key in two objects.
    ['{"a":{"a":{"a":1}}}'],
    ['{"proto":1,"Constructor":2}'],
    ['["__proto__","constructor"]'], // As values they reach nothing.
    [nested(DEPTH_MAX)],
    [keys(1_000)],
  ])('%.40s', (text) => {
    expect(parseJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
  });
});

describe('n: refused, with the place and the reason', () => {
  it.each([
    ['', { at: 0, why: 'it ends too early' }],
    ['{', { at: 1, why: 'it ends too early' }],
    ['[1,', { at: 3, why: 'it ends too early' }],
    ['{"a":1,}', { at: 7, why: 'it is not valid JSON' }],
    ["{'a':1}", { at: 1, why: 'it is not valid JSON' }],
    ['[1 2]', { at: 3, why: 'it is not valid JSON' }],
    ['{} {}', { at: 3, why: 'it is not valid JSON' }],
    ['"open', { at: 0, why: 'a string is not closed' }],
    ['["a", "open\\"]', { at: 6, why: 'a string is not closed' }],
    ['"\\x41"', { at: 0, why: 'a string has an escape or a control character that JSON does not know' }],
    ['["\\u00"]', { at: 1, why: 'a string has an escape or a control character that JSON does not know' }],
    ['{"a":1,"b":2,"a":3}', { at: 13, why: 'the key "a" stands twice in one object' }],
    ['{"a":1,"\\u0061":3}', { at: 7, why: 'the key "a" stands twice in one object' }],
    ['{"__proto__":{"isAdmin":true}}', { at: 1, why: 'the key "__proto__" is not allowed' }],
    ['{"\\u005f_proto__":1}', { at: 1, why: 'the key "__proto__" is not allowed' }],
    ['{"a":{"constructor":1}}', { at: 6, why: 'the key "constructor" is not allowed' }],
    ['{"a":"\\u0000"}', { at: 5, why: 'a string contains NUL' }],
    ['"a\0b"', { at: 0, why: 'a string contains NUL' }],
    ['["\\uD834"]', { at: 1, why: 'a string contains half of a surrogate pair' }],
    ['["\\uDD1E\\uD834"]', { at: 1, why: 'a string contains half of a surrogate pair' }],
    [nested(DEPTH_MAX + 1), { at: DEPTH_MAX, why: `it is nested deeper than ${DEPTH_MAX}` }],
    ['{"a":'.repeat(DEPTH_MAX + 1), { at: DEPTH_MAX * 5, why: `it is nested deeper than ${DEPTH_MAX}` }],
    [keys(1_001), { at: expect.any(Number), why: 'an object has more than 1000 keys' }],
  ])('%.40s', (text, fault) => {
    expect(parseJson(text)).toEqual({ ok: false, fault });
  });

  it.each([
    'foo',
    'NaN',
    '-Infinity',
    '01',
    '+1',
    '.5',
    '1.',
    '0x10',
    '1e',
    '[,]',
    '{"a"}',
    '{1:2}',
    '{"a":}',
    '}',
    ']',
    '[}',
    '{]',
    '\uFEFF{}',
    '// {}',
    '"\n"',
    "'a'",
    'undefined',
  ])('%s', (text) => {
    expect(parseJson(text)).toMatchObject({ ok: false });
  });

  it('says nothing of the body but the key it refuses, and of that no more than a line', () => {
    const parsed = parseJson(`{"${'k'.repeat(10_000)}":1,"${'k'.repeat(10_000)}":"secret"}`);
    expect(JSON.stringify(parsed).length).toBeLessThan(200);
    expect(JSON.stringify(parseJson('{"card": 4242secret}'))).not.toContain('secret');
  });
});

it('stays fast on what is meant to be slow', () => {
  const started = performance.now();
  for (const text of [
    '["\\u0041",'.repeat(25_000),
    '"\\\\'.repeat(80_000),
    '['.repeat(250_000),
    `["${'\\\\'.repeat(120_000)}"]`,
    '{"a":[],'.repeat(30_000),
  ])
    parseJson(text);
  expect(performance.now() - started).toBeLessThan(3_000); // By the square of its length it would take minutes.
});

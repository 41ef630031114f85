import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseJson } from '#adapters/http/json.ts';
import { exampleApp } from './example-app.ts';

const SUITE = 'tests/data/json-test-suite';
const files = (folder: string) => readdirSync(`${SUITE}/${folder}`).map((name) => ({ name, bytes: readFileSync(`${SUITE}/${folder}/${name}`) }));
const parsing = files('test_parsing');
const named = (prefix: string) => parsing.filter(({ name }) => name.startsWith(prefix));

/** Valid by the grammar, and refused all the same: parsers disagree about the first, PostgreSQL cannot keep the others. */
const STRICTER = {
  'y_object_duplicated_key.json': /stands twice/,
  'y_object_duplicated_key_and_value.json': /stands twice/,
  'y_object_escaped_null_in_key.json': /NUL/,
  'y_string_null_escape.json': /NUL/,
} as const;

const { app } = exampleApp();
const send = async (bytes: Buffer): Promise<{ readonly status: number; readonly code: string; readonly detail: string }> => {
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer customer', 'idempotency-key': 'k' },
    body: bytes,
  };
  const answer = await app.request('/shops', request);
  return { status: answer.status, ...((await answer.json()) as { code: string; detail: string }) };
};

describe('the JSON test suite', () => {
  it('is all there', () => {
    expect([named('y_').length, named('n_').length, named('i_').length]).toEqual([95, 188, 35]);
  });

  it.each(named('y_'))('accepts $name', async ({ name, bytes }) => {
    const { status, code, detail } = await send(bytes);
    expect(status).toBe(400); // Read, and then of the wrong shape.
    if (name in STRICTER) expect([code, detail]).toEqual(['http.malformed_json', expect.stringMatching(STRICTER[name as keyof typeof STRICTER])]);
    else expect(code).toBe('http.invalid_request');
  });

  it.each(named('n_'))('refuses $name', async ({ bytes }) => {
    const { status, code } = await send(bytes);
    expect([400, 413]).toContain(status);
    expect(code).toBe(status === 413 ? 'http.body_too_large' : 'http.malformed_json');
    expect(parseJson(bytes.toString('utf8')).ok && bytes.equals(Buffer.from(bytes.toString('utf8')))).toBe(false);
  });

  it.each([...named('i_'), ...files('test_transform')])('answers $name, one way or the other', async ({ bytes }) => {
    const { status, code } = await send(bytes);
    expect([status, code]).toEqual([400, expect.stringMatching(/^http\.(?:malformed_json|invalid_request)$/)]);
  });
});

import { describe, expect, it } from 'vitest';
import { scrubbed, scrubbedText, withoutSecrets } from '#adapters/shared/telemetry/scrub.ts';

describe('what is told of secrets', () => {
  it.each([
    'password',
    'newPassword',
    'accessToken',
    'refresh_token',
    'Authorization',
    'set-cookie',
    'apiKey',
    'api_key',
    'clientSecret',
    'otp',
    'pin',
    'cvv',
    'cardNumber',
  ])('is nothing of %s, at any depth', (name) => {
    const facts = { route: '/x', deep: [{ more: { [name]: 'hunter2' } }], [name]: { of: 'hunter2' } };
    expect(JSON.stringify(scrubbed(facts))).not.toContain('hunter2');
    expect(scrubbed(facts)).toMatchObject({ route: '/x', [name]: '[secret]' });
    expect(facts.deep[0]?.more[name]).toBe('hunter2'); // What is told of is left as it is.
  });

  it('costs nothing where there are none: the same facts come back', () => {
    const facts = { requestId: 'r', status: 200, nested: { route: '/x', list: [1, { a: null }] }, error: new Error('x'), shipping: 1, opinion: 2 };
    expect(scrubbed(facts)).toBe(facts);
  });

  it.each([
    ['postgresql://thali:hunter2@db:5432/thali does not answer', 'postgresql://thali:[secret]@db:5432/thali does not answer'],
    ['Authorization: Bearer abcdefgh.ijkl', 'Authorization: Bearer [secret]'],
    ['the token eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.c2ln was used', 'the token [secret] was used'],
    ['bearer of bad news', 'bearer of bad news'],
  ])('blanks what opens something in words: %s', (text, clean) => {
    expect(withoutSecrets(text)).toBe(clean);
    expect(scrubbedText(text)).toBe(clean);
  });

  it.each([
    ['no mail for asha.k+1@example.co.in', 'no mail for [address]'],
    ['call +91 98765 43210 now', 'call [number] now'],
    ['card 4111 1111 1111 1111', 'card [number]'],
    ['order 0042 of 3', 'order 0042 of 3'],
  ])('tells nobody elsewhere whom to write to or call: %s', (text, clean) => {
    expect(scrubbedText(text)).toBe(clean);
  });
});

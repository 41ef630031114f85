import { describe, expect, it } from 'vitest';
import { deriveKeys } from '#adapters/system/keys.ts';
import { hmacRefreshTokens } from '#adapters/system/refresh-tokens.ts';

const SECRET = 'a master secret of at least 32 characters';
const OTHER = 'another master secret of 32 characters!!';
const tokens = hmacRefreshTokens(deriveKeys([SECRET], 'refresh'));
const session = { id: '019a9f3f-02aa-7a58-8d0e-6c5b0e3f9d21', salt: tokens.newSalt(), rotation: 3 };

describe('refresh tokens', () => {
  it('are the same text for the same rotation, always', () => {
    const token = tokens.issue(session);
    expect(token).toMatch(/^rt1\.[\w-]{8}\.[\w-]{22}\.3\.[\w-]{43}$/);
    expect(tokens.issue({ ...session })).toBe(token);
    expect(hmacRefreshTokens(deriveKeys([SECRET], 'refresh')).issue(session)).toBe(token);
    expect(tokens.read(token)).toEqual({ sessionId: session.id, rotation: 3 });
    expect(tokens.isGenuine(token, session)).toBe(true);
  });

  it('differ by rotation, session, salt and key', () => {
    const other = hmacRefreshTokens(deriveKeys([OTHER], 'refresh'));
    const made = [
      tokens.issue(session),
      tokens.issue({ ...session, rotation: 4 }),
      tokens.issue({ ...session, id: '019a9f3f-02aa-7a58-8d0e-6c5b0e3f9d22' }),
      tokens.issue({ ...session, salt: tokens.newSalt() }),
      other.issue(session),
    ];
    expect(new Set(made.map((token) => token.split('.').at(-1))).size).toBe(made.length);
  });

  it('have salts of 256 bits that never repeat', () => {
    const salts = Array.from({ length: 10_000 }, () => tokens.newSalt());
    expect(new Set(salts).size).toBe(salts.length);
    expect(Buffer.from(salts[0] as string, 'base64url')).toHaveLength(32);
  });

  const genuine = tokens.issue(session);
  const [, kid, sid, , mac] = genuine.split('.') as [string, string, string, string, string];
  it.each([
    '',
    'rt1',
    genuine.slice(0, -1),
    `${genuine} `,
    `${genuine}A`,
    genuine.replace('rt1', 'rt2'),
    `rt1.${kid}.${sid}.03.${mac}`,
    `rt1.${kid}.${sid}.-3.${mac}`,
    `rt1.${kid}.${sid}.3e0.${mac}`,
    `rt1.${kid}.${sid}.9999999999.${mac}`,
    `rt1.${kid}.${sid.slice(1)}.3.${mac}`,
    `rt1.${'k'.repeat(17)}.${sid}.3.${mac}`,
    'x'.repeat(100_000),
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln',
  ])('are not even %.60s', (text) => {
    expect(tokens.read(text)).toBeUndefined();
    expect(tokens.isGenuine(text, session)).toBe(false);
  });

  it('are not forged by moving their parts', () => {
    const next = tokens.issue({ ...session, rotation: 4 });
    const spelling = sid.slice(0, -1) + String.fromCharCode(sid.charCodeAt(21) + 1); // The same bytes, with other spare bits.
    expect(Buffer.from(spelling, 'base64url')).toEqual(Buffer.from(sid, 'base64url'));
    for (const forged of [
      `rt1.${kid}.${sid}.4.${mac}`,
      `rt1.${kid}.${sid}.3.${next.split('.').at(-1)}`,
      `rt1.AAAAAAAA.${sid}.3.${mac}`,
      `rt1.${kid}.${spelling}.3.${mac}`,
      `rt1.${kid}.${sid}.3.${'A'.repeat(43)}`,
    ]) {
      expect(tokens.read(forged)).toBeDefined();
      expect(tokens.isGenuine(forged, session)).toBe(false);
    }
    expect(tokens.isGenuine(genuine, { ...session, salt: tokens.newSalt() })).toBe(false);
    expect(tokens.isGenuine(genuine, { ...session, id: '019a9f3f-02aa-7a58-8d0e-6c5b0e3f9d22' })).toBe(false);
  });

  it('outlive a change of the secret while the old one is kept', () => {
    const rotated = hmacRefreshTokens(deriveKeys([OTHER, SECRET], 'refresh'));
    expect(rotated.isGenuine(genuine, session)).toBe(true);
    expect(rotated.issue(session)).not.toBe(genuine);
    expect(hmacRefreshTokens(deriveKeys([OTHER], 'refresh')).isGenuine(genuine, session)).toBe(false);
  });
});

describe('derived keys', () => {
  it('tell nothing of each other', () => {
    const made = ['jwt', 'refresh', 'pepper'].flatMap((label) => [SECRET, OTHER].map((secret) => deriveKeys([secret], label).current));
    expect(new Set(made.map(({ bytes }) => Buffer.from(bytes).toString('hex'))).size).toBe(6);
    expect(new Set(made.map(({ kid }) => kid)).size).toBe(6);
    for (const { kid, bytes } of made) {
      expect(kid).toMatch(/^[\w-]{8}$/);
      expect(bytes).toHaveLength(32);
    }
  });
});

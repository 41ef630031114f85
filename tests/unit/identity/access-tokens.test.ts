import { createHmac, generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { JoseAccessTokens } from '#adapters/jose/access-tokens.ts';
import { ringOf } from '#adapters/shared/key-ring.ts';
import { deriveKeys } from '#adapters/system/keys.ts';

const NOW = 1_764_000_000_000;
const SECONDS = NOW / 1_000;
const SECRET = 'a master secret of at least 32 characters';
const CLAIMS = { accountId: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10', sessionId: '019a9f3f-02aa-7a58-8d0e-6c5b0e3f9d21' };
const PAYLOAD = { iss: 'https://thali.test', aud: 'thali', sub: CLAIMS.accountId, sid: CLAIMS.sessionId, jti: 'j', iat: SECONDS, exp: SECONDS + 900 };
const keys = deriveKeys([SECRET], 'jwt');
const { kid, bytes } = keys.current;
const HEADER = { alg: 'HS256', typ: 'at+jwt', kid };

const tokens = (now: () => number = () => NOW, over: object = {}) =>
  new JoseAccessTokens({ keys, issuer: PAYLOAD.iss, audience: PAYLOAD.aud, now, ...over });
const b64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
/** Any header and payload, signed with our key however wrong they are. */
function forge(header: object, payload: object, key: Uint8Array = bytes, hash = 'sha256'): string {
  const signed = `${b64(header)}.${b64(payload)}`;
  return `${signed}.${createHmac(hash, key).update(signed).digest('base64url')}`;
}

describe('access tokens', () => {
  it('say whose session it is, and nothing about the person', async () => {
    const token = await tokens().issue(CLAIMS, NOW + 999, NOW + 900_000);
    const [header, payload] = token
      .split('.')
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
    expect(header).toEqual(HEADER);
    expect(payload).toEqual({ ...PAYLOAD, jti: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(await tokens().verify(token)).toEqual(CLAIMS);
  });

  it('are what a forger with our key would make, or these tests prove nothing', async () => {
    expect(await tokens().verify(forge(HEADER, PAYLOAD))).toEqual(CLAIMS);
  });

  const without = (claim: keyof typeof PAYLOAD) => Object.fromEntries(Object.entries(PAYLOAD).filter(([name]) => name !== claim));
  const pem = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }) as string;
  it.each<[string, string]>([
    ['nothing', ''],
    ['a word', 'token'],
    ['two parts', 'a.b'],
    ['dots', '...'],
    ['no signature', `${b64({ ...HEADER, alg: 'none' })}.${b64(PAYLOAD)}.`],
    ['alg none in capitals', forge({ ...HEADER, alg: 'NONE' }, PAYLOAD)],
    ['another algorithm', forge({ ...HEADER, alg: 'HS384' }, PAYLOAD, bytes, 'sha384')],
    ['an asymmetric algorithm', forge({ ...HEADER, alg: 'EdDSA' }, PAYLOAD)],
    ['another key', forge(HEADER, PAYLOAD, deriveKeys([SECRET], 'refresh').current.bytes)],
    [
      'a key in the header',
      forge({ ...HEADER, kid: undefined, jwk: { kty: 'oct', k: Buffer.from('x').toString('base64url') } }, PAYLOAD, Buffer.from('x')),
    ],
    ['a public key as secret', forge(HEADER, PAYLOAD, Buffer.from(pem))],
    ['no key id', forge({ ...HEADER, kid: undefined }, PAYLOAD)],
    ['an unknown key id', forge({ ...HEADER, kid: '../../dev/null' }, PAYLOAD)],
    ['another type', forge({ ...HEADER, typ: 'JWT' }, PAYLOAD)],
    ['no type', forge({ ...HEADER, typ: undefined }, PAYLOAD)],
    ['an unknown critical header', forge({ ...HEADER, crit: ['x'], x: 1 }, PAYLOAD)],
    ['another issuer', forge(HEADER, { ...PAYLOAD, iss: 'https://evil.test' })],
    ['another audience', forge(HEADER, { ...PAYLOAD, aud: 'other' })],
    ['an expiry that is text', forge(HEADER, { ...PAYLOAD, exp: '9999999999' })],
    ['a past expiry', forge(HEADER, { ...PAYLOAD, exp: SECONDS - 6 })],
    ['a future issue', forge(HEADER, { ...PAYLOAD, iat: SECONDS + 6 })],
    ['an issue long ago', forge(HEADER, { ...PAYLOAD, iat: SECONDS - 16 * 60 - 6 })],
    ['a future start', forge(HEADER, { ...PAYLOAD, nbf: SECONDS + 6 })],
    ['a session that is no id', forge(HEADER, { ...PAYLOAD, sid: "' or 1=1--" })],
    ['a session that is a list', forge(HEADER, { ...PAYLOAD, sid: [CLAIMS.sessionId] })],
    ['a subject that is no id', forge(HEADER, { ...PAYLOAD, sub: 'admin' })],
    [
      'a payload that is no object',
      `${b64(HEADER)}.${b64('x')}.${createHmac('sha256', bytes)
        .update(`${b64(HEADER)}.${b64('x')}`)
        .digest('base64url')}`,
    ],
    ['more than a token needs', forge(HEADER, { ...PAYLOAD, x: 'x'.repeat(1_000) })],
    ...(['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'exp'] as const).map((claim): [string, string] => [`no ${claim}`, forge(HEADER, without(claim))]),
  ])('are not %s', async (_, token) => {
    expect(await tokens().verify(token)).toBeUndefined();
  });

  it('are not changed anywhere', async () => {
    const token = await tokens().issue(CLAIMS, NOW, NOW + 900_000);
    const [header, payload, signature] = token.split('.') as [string, string, string];
    expect(await tokens().verify(`${header}.${b64({ ...PAYLOAD, sub: CLAIMS.sessionId })}.${signature}`)).toBeUndefined();
    expect(await tokens().verify(`${header}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`)).toBeUndefined();
    expect(await tokens().verify(token.slice(0, -4))).toBeUndefined();
  });

  it('end on time, also once they are known', async () => {
    let now = NOW;
    const one = tokens(() => now);
    const token = await one.issue(CLAIMS, NOW, NOW + 900_000);
    expect(await one.verify(token)).toEqual(CLAIMS);
    now = NOW + 899_999;
    expect(await one.verify(token)).toEqual(CLAIMS);
    now = NOW + 900_000;
    expect(await one.verify(token)).toBeUndefined();
    now = NOW + 906_000;
    expect(await one.verify(token)).toBeUndefined();
  });

  it('are known after the first time, and until then nothing is', async () => {
    let now = NOW;
    const one = tokens(() => now);
    const token = forge(HEADER, PAYLOAD);
    await one.verify(token);
    now = NOW - 10_000; // Issued in the future: a second verification would refuse it.
    expect(await one.verify(token)).toEqual(CLAIMS);
  });

  it('outlive a change of the secret while the old one is kept', async () => {
    const old = await tokens().issue(CLAIMS, NOW, NOW + 900_000);
    const fresh = 'another master secret of 32 characters!!';
    expect(await tokens(() => NOW, { keys: deriveKeys([fresh, SECRET], 'jwt') }).verify(old)).toEqual(CLAIMS);
    expect(await tokens(() => NOW, { keys: deriveKeys([fresh], 'jwt') }).verify(old)).toBeUndefined();
    // A key of the same name and other content does not help.
    expect(await tokens(() => NOW, { keys: ringOf({ kid, bytes: deriveKeys([fresh], 'jwt').current.bytes }) }).verify(old)).toBeUndefined();
  });

  it('are not the tokens of any other purpose of ours', async () => {
    const other = await new SignJWT({ sid: CLAIMS.sessionId }).setProtectedHeader({ alg: 'HS256', kid }).setSubject(CLAIMS.accountId).sign(bytes);
    expect(await tokens().verify(other)).toBeUndefined();
  });
});

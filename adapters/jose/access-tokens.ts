import { createSecretKey, type KeyObject, randomUUID } from 'node:crypto';
import { type JWTHeaderParameters, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { AccessClaims, AccessTokens } from '#application/identity/ports.ts';
import type { KeyRing } from '../shared/key-ring.ts';
import { Lru } from '../shared/lru.ts';

const ALGORITHM = 'HS256';
const TYPE = 'at+jwt';
const TOKEN_MAX = 1_024;
const VERIFIED_MAX = 20_000;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export type AccessTokenOptions = {
  readonly keys: KeyRing;
  readonly issuer: string;
  readonly audience: string;
  now(): number;
};

type Verified = { readonly claims: AccessClaims; readonly expiresAt: number };

/** JWTs of RFC 9068's type, under one algorithm and our keys only. Each text is verified once and then known until it expires. */
export class JoseAccessTokens implements AccessTokens {
  readonly #options: AccessTokenOptions;
  readonly #secrets = new Map<string, KeyObject>();
  readonly #verified = new Lru<string, Verified>(VERIFIED_MAX);

  constructor(options: AccessTokenOptions) {
    this.#options = options;
  }

  issue({ accountId, sessionId }: AccessClaims, issuedAt: number, expiresAt: number): Promise<string> {
    const { keys, issuer, audience } = this.#options;
    return new SignJWT({ sid: sessionId })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: keys.current.kid })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(accountId)
      .setJti(randomUUID())
      .setIssuedAt(seconds(issuedAt))
      .setExpirationTime(seconds(expiresAt))
      .sign(this.#secretOf(keys.current.kid));
  }

  async verify(token: string): Promise<AccessClaims | undefined> {
    const known = this.#verified.get(token);
    if (known !== undefined) {
      if (this.#options.now() < known.expiresAt) return known.claims;
      this.#verified.delete(token);
      return undefined;
    }
    const verified = token.length <= TOKEN_MAX ? await this.#prove(token) : undefined;
    if (verified) this.#verified.set(token, verified);
    return verified?.claims;
  }

  async #prove(token: string): Promise<Verified | undefined> {
    const { issuer, audience, now } = this.#options;
    try {
      const { payload } = await jwtVerify(token, ({ kid }: JWTHeaderParameters) => this.#secretOf(kid), {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer,
        audience,
        requiredClaims: ['sub', 'sid', 'jti', 'iat', 'exp'],
        maxTokenAge: '16m',
        clockTolerance: 5,
        currentDate: new Date(now()),
      });
      return verifiedOf(payload);
    } catch {
      return undefined; // A token is given by the caller: whatever is wrong with it, it proves nothing.
    }
  }

  #secretOf(kid: string | undefined): KeyObject {
    const key = kid === undefined ? undefined : this.#options.keys.find(kid);
    if (!key) throw new Error('no such key');
    const known = this.#secrets.get(key.kid);
    if (known) return known;
    const secret = createSecretKey(key.bytes);
    this.#secrets.set(key.kid, secret);
    return secret;
  }
}

function verifiedOf({ sub, sid, exp }: JWTPayload): Verified | undefined {
  if (typeof sid !== 'string' || !UUID.test(sid) || sub === undefined || !UUID.test(sub) || exp === undefined) return undefined;
  return { claims: { accountId: sub, sessionId: sid }, expiresAt: exp * 1_000 };
}

const seconds = (at: number): number => Math.floor(at / 1_000);

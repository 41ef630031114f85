import { hash, randomBytes } from 'node:crypto';

export const CLIENT = { clientId: 'thali-at-the-provider', clientSecret: 'a-secret-that-the-provider-gave-us' } as const;

/** Somebody at a provider, and what it says of them. */
export type Person = {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly isEmailVerified: boolean;
};

/** What a test may have a provider do: who is signed in there, and what goes wrong. */
export type Mood = { person: Person; denies: boolean; breaks: 'nothing' | 'token' | 'profile' };

/** A provider as tests have it: its address, its mood, and how it ends. */
export type Simulated = { readonly url: string; readonly mood: Mood; readonly tokens: readonly string[]; close(): Promise<void> };

export const asha: Person = { id: '1001', name: 'Asha Rao', email: 'asha@example.com', isEmailVerified: true };
export const newMood = (): Mood => ({ person: asha, denies: false, breaks: 'nothing' });

type Grant = { readonly person: Person; readonly redirectUri: string; readonly challenge: string | undefined; readonly scope: string };

/** Codes and access tokens as providers keep them: a code is good once, for the client and address it was made for. */
export class Grants {
  readonly tokens: string[] = [];
  readonly #codes = new Map<string, Grant>();
  readonly #given = new Map<string, Grant>();

  code(grant: Grant): string {
    const code = randomBytes(12).toString('hex');
    this.#codes.set(code, grant);
    return code;
  }

  /** Undefined for a code that was used, or a verifier that does not fit. */
  redeem(form: URLSearchParams): { readonly token: string; readonly scope: string } | undefined {
    const grant = this.#codes.get(form.get('code') ?? '');
    this.#codes.delete(form.get('code') ?? '');
    if (!grant || grant.redirectUri !== form.get('redirect_uri')) return undefined;
    if (grant.challenge !== undefined && hash('sha256', form.get('code_verifier') ?? '', 'base64url') !== grant.challenge) return undefined;
    const token = `token-${randomBytes(16).toString('hex')}`;
    this.tokens.push(token);
    this.#given.set(token, grant);
    return { token, scope: grant.scope };
  }

  held(authorization: string | undefined): Grant | undefined {
    return this.#given.get(/^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? '');
  }
}

export const isOurs = (form: URLSearchParams): boolean =>
  form.get('client_id') === CLIENT.clientId && form.get('client_secret') === CLIENT.clientSecret;

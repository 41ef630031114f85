import type { IdentityDeps } from '../ports.ts';

/** Sealed texts that wait for whoever knows their key: each is read once. */
export type Notes = {
  leave(key: string, text: string, expiresAt: number): Promise<void>;
  /** Of all who ask at once, one gets it. Nobody gets one that has expired. */
  take(key: string, at: number): Promise<string | undefined>;
  /** Drops what has expired; how many. */
  forget(at: number): Promise<number>;
};

/** What is told to a provider when a browser goes there, and held against what the browser brings back. */
export type Errand = { readonly redirectUri: string; readonly state: string; readonly nonce: string; readonly verifier: string };

/** What a provider says of somebody. `isEmailVerified` is said of this very address, in the same document. */
export type Claims = {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
  readonly isEmailVerified: boolean;
  readonly displayName: string | null;
};

/** What came of an errand. `invalid` is an answer that proves nothing: another's code, key, audience, issuer or nonce. */
export type Proving =
  | { readonly outcome: 'proven'; readonly claims: Claims }
  | { readonly outcome: 'denied' }
  | { readonly outcome: 'invalid' | 'unavailable'; readonly reason: string };

/** A provider that people can sign in through (OAuth 2.0, OpenID Connect). Throws for nothing that it or the network may do. */
export type ExternalProvider = {
  readonly name: string;
  /** As people know it. */
  readonly title: string;
  /** Where a browser goes with an errand; undefined while the provider cannot be reached. */
  authorizationUrl(errand: Errand): Promise<string | undefined>;
  /** Takes the query that the browser came back with; asks the provider itself who it is. */
  prove(query: string, errand: Errand): Promise<Proving>;
};

export type ExternalDeps = Pick<IdentityDeps, 'uow' | 'queries' | 'grants' | 'tokens' | 'clock' | 'ids' | 'security'> & {
  readonly external: {
    /** Those that are configured: there are no others. */
    readonly providers: readonly ExternalProvider[];
    readonly notes: Notes;
    /** Where providers send browsers back to; never taken from a request. */
    readonly publicUrl: string;
    /** For operators: why a provider's answer was not taken. Holds no code, token or address. */
    report(provider: string, outcome: 'invalid' | 'unavailable', reason: string): void;
  };
};

import type { Claims, ExternalDeps } from './ports.ts';

const MINUTE_MS = 60_000;
/** How long somebody may take at the provider, and how long an app may take to fetch what came of it. */
export const ERRAND_MS = 10 * MINUTE_MS;
export const CODE_MS = 2 * MINUTE_MS;

/** What it is for: bound from the first step to the last. */
export type Purpose = { readonly kind: 'sign_in' } | { readonly kind: 'link'; readonly accountId: string };

/** Who asked for it, and where its answer goes. Only the app that began knows the text behind `challenge`. */
type Asked = { readonly provider: string; readonly purpose: Purpose; readonly page: string; readonly challenge: string };
type Kinds = {
  /** Asked for; no browser has set out yet. */
  readonly ticket: Asked;
  /** A browser is at the provider. `browser` is a digest of what only this one holds. */
  readonly errand: Asked & { readonly browser: string; readonly nonce: string; readonly verifier: string };
  /** The provider said who it is. */
  readonly proven: Omit<Asked, 'page'> & { readonly claims: Claims };
};

type Deps = Pick<ExternalDeps, 'external' | 'security'>;

const keyOf = ({ security }: Deps, kind: keyof Kinds, secret: string): string => security.secrets.fingerprint('external', kind, secret);

/** A text of chance: 256 bits that nobody guesses. */
export const chance = ({ security }: Pick<Deps, 'security'>): string => security.secrets.mint('second_factor').verifier;

/** Keeps something under a secret, unreadable to whoever has the database alone. */
export async function leave<K extends keyof Kinds>(deps: Deps, kind: K, secret: string, note: Kinds[K], expiresAt: number): Promise<void> {
  const key = keyOf(deps, kind, secret);
  await deps.external.notes.leave(key, deps.security.vault.seal(JSON.stringify(note), key), expiresAt);
}

/** Takes what is kept under a secret: it is gone then, whatever comes of it. */
export async function take<K extends keyof Kinds>(deps: Deps, kind: K, secret: string, at: number): Promise<Kinds[K] | undefined> {
  const key = keyOf(deps, kind, secret);
  const sealed = await deps.external.notes.take(key, at);
  return sealed === undefined ? undefined : (JSON.parse(deps.security.vault.open(sealed, key)) as Kinds[K]);
}

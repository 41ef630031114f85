import type { CacheKey } from '#application/platform/cache.ts';

/** What one process asks of the copies that all of them share. */
export type Question = {
  readonly key: CacheKey;
  readonly tags: readonly string[];
  /** The copy that the asker has already. */
  readonly stamp: string | undefined;
  readonly staleMs: number;
};
export type Shared = { readonly stamp: string; readonly text: string; readonly leftMs: number };

export type SharedAnswer =
  /** What the asker has is still good, for so long. */
  | { readonly state: 'same'; readonly leftMs: number }
  | ({ readonly state: 'good' } & Shared)
  /** Somebody else reads it anew; there may be one to make do with. */
  | { readonly state: 'busy'; readonly stale: Shared | undefined }
  /** The asker is to read it anew, and to hand it in with this. */
  | { readonly state: 'claimed'; readonly claim: Claim; readonly stale: Shared | undefined };
/** `versions` are the tags as they stood when it was given. */
export type Claim = { readonly token: string; readonly versions: string };

/** Copies shared by all processes. Throws when it is away: then each goes on with its own. */
export type SecondTier = {
  read(question: Question): Promise<SharedAnswer>;
  /** False when it was overtaken: then nobody is to keep it. */
  write(question: Question, claim: Claim, text: string, ttlMs: number): Promise<boolean>;
  release(question: Question, claim: Claim): Promise<void>;
  /** These two never throw; what could not be told is told before the next question. */
  invalidate(tenant: string, tags: readonly string[]): Promise<void>;
  forget(key: CacheKey): Promise<void>;
};

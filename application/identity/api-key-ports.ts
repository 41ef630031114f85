import type { Page, PageRequest } from '#application/shared/page.ts';
import type { Clock, Ids } from '#application/shared/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { ApiKey } from '#domain/identity/api-key.ts';
import type { ApiKeyEvent } from '#domain/identity/events.ts';
import type { Change } from '#domain/shared/change.ts';
import type { Grants, IdentityQueries } from './ports.ts';

export type ApiKeys = {
  find(restaurantId: string, apiKeyId: string): Promise<ApiKey | undefined>;
  /** How many of the restaurant's keys are not revoked. */
  countActive(restaurantId: string): Promise<number>;
  /** Writes the state and its events, or throws WriteConflict. */
  save(change: Change<ApiKey, ApiKeyEvent>): Promise<void>;
};

/** A key as its restaurant sees it. */
export type ListedApiKey = ApiKey & { readonly lastUsedAt: number | null };

export type ApiKeyQueries = {
  /** For whoever presents one: the restaurant is the key's to say. */
  byId(apiKeyId: string): Promise<ApiKey | undefined>;
  list(restaurantId: string, page: PageRequest): Promise<Page<ListedApiKey>>;
  /** Remembers that it was used, to the minute. */
  touch(apiKeyId: string, at: number): Promise<void>;
};

/** Makes and knows the texts that keys are presented as. */
export type ApiKeySecrets = {
  /** A new text for a key, and what to keep of it. */
  make(apiKeyId: string): { readonly token: string; readonly secretHash: string };
  /** Which key a text claims to be; undefined when it is not even one. */
  read(token: string): string | undefined;
  /** Whether it is the text that was made for the key. Takes the same time wherever it differs. */
  isGenuine(token: string, secretHash: string): boolean;
};

export type ApiKeyTx = { readonly apiKeys: ApiKeys };
export type ApiKeyDeps = {
  readonly uow: UnitOfWork<ApiKeyTx>;
  readonly queries: ApiKeyQueries;
  readonly accounts: Pick<IdentityQueries, 'account'>;
  readonly grants: Grants;
  readonly secrets: ApiKeySecrets;
  /** Whether an address is in one of the networks. */
  readonly isWithin: (ip: string, networks: readonly string[]) => boolean;
  readonly clock: Clock;
  readonly ids: Ids;
};

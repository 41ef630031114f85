import type { ApiKeyDeps } from './api-key-ports.ts';
import { authenticateApiKey } from './authenticate-api-key.ts';
import { issueApiKey } from './issue-api-key.ts';
import { revokeApiKey } from './revoke-api-key.ts';

/** Everything the outside may ask about API keys. */
export const createApiKeys = (deps: ApiKeyDeps) => ({
  issueApiKey: issueApiKey(deps),
  revokeApiKey: revokeApiKey(deps),
  authenticateApiKey: authenticateApiKey(deps),
  isApiKey: (token: string): boolean => deps.secrets.read(token) !== undefined,
  apiKeys: deps.queries.list,
});
export type ApiKeyUseCases = ReturnType<typeof createApiKeys>;

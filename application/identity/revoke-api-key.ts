import { ApiKey } from '#domain/identity/api-key.ts';
import type { ApiKeyErrorOf } from '#domain/identity/api-key-errors.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { err, ok, type Result } from '#domain/shared/result.ts';
import type { ApiKeyDeps } from './api-key-ports.ts';

export type RevokeApiKey = { readonly restaurantId: string; readonly apiKeyId: string };

/** It opens nothing from the commit on. */
export const revokeApiKey =
  ({ uow, clock }: Pick<ApiKeyDeps, 'uow' | 'clock'>) =>
  (
    { restaurantId, apiKeyId }: RevokeApiKey,
    actor: Actor,
  ): Promise<Result<undefined, ApiKeyErrorOf<'identity.api_key_not_found' | 'identity.api_key_revoked'>>> =>
    uow.run(actor, async (tx) => {
      const key = await tx.apiKeys.find(restaurantId, apiKeyId);
      if (!key) return err({ code: 'identity.api_key_not_found', apiKeyId });

      const revoked = ApiKey.revoke(key, clock.now());
      if (!revoked.ok) return revoked;

      await tx.apiKeys.save(revoked.value);
      return ok(undefined);
    });

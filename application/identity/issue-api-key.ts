import { ApiKey, type ApiKeyDraft } from '#domain/identity/api-key.ts';
import type { ApiKeyErrorOf } from '#domain/identity/api-key-errors.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { ok, type Result } from '#domain/shared/result.ts';
import type { ApiKeyDeps } from './api-key-ports.ts';

export type IssueApiKey = Omit<ApiKeyDraft, 'id' | 'secretHash'>;
/** The only time that the token is seen. */
export type IssuedApiKey = { readonly key: ApiKey; readonly token: string };

type Refusal = ApiKeyErrorOf<
  'identity.api_key_scope_not_held' | 'identity.api_key_expiry_out_of_range' | 'identity.too_many_api_keys' | 'identity.person_required'
>;

export const issueApiKey =
  ({ uow, secrets, clock, ids }: Pick<ApiKeyDeps, 'uow' | 'secrets' | 'clock' | 'ids'>) =>
  async (command: IssueApiKey, actor: Actor): Promise<Result<IssuedApiKey, Refusal>> => {
    const id = ids.next();
    const { token, secretHash } = secrets.make(id);
    const at = clock.now();
    return uow.run(actor, async (tx) => {
      const others = await tx.apiKeys.countActive(command.restaurantId);
      const issued = ApiKey.issue({ ...command, id, secretHash }, others, actor, at);
      if (!issued.ok) return issued;

      await tx.apiKeys.save(issued.value);
      return ok({ key: issued.value.state, token });
    });
  };

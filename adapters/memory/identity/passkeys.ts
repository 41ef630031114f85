import type { IdentityQueries, Passkeys } from '#application/identity/ports.ts';
import { Passkey } from '#domain/identity/passkey.ts';
import type { MemoryStore } from '../store.ts';
import { DuplicateKey, type MemoryTx } from '../tx.ts';

const PASSKEYS = 'identity.passkeys';
const CREDENTIALS = 'identity.passkey_credentials';

const isOf =
  (accountId: string) =>
  (passkey: Passkey): boolean =>
    passkey.accountId === accountId && passkey.status === 'active';

export const memoryPasskeys = (tx: MemoryTx): Passkeys => ({
  activeOf: async (accountId) => tx.rows<Passkey>(PASSKEYS).filter(isOf(accountId)),
  async save({ state, events }) {
    const { id, credentialId, version } = Passkey.check(state);
    if (version === 0) {
      try {
        tx.insert(CREDENTIALS, credentialId, { passkeyId: id });
      } catch (error) {
        if (error instanceof DuplicateKey) return 'taken';
        throw error;
      }
    }
    tx.put(PASSKEYS, id, version, { ...state, version: version + events.length });
    tx.append({ stream: `passkey:${id}`, version, restaurantId: null }, events);
    return 'saved';
  },
});

export const memoryPasskeyQueries = (store: MemoryStore): Pick<IdentityQueries, 'passkey' | 'passkeys'> => ({
  async passkey(credentialId) {
    const found = store.row<{ readonly passkeyId: string }>(CREDENTIALS, credentialId);
    const passkey = found && store.row<Passkey>(PASSKEYS, found.passkeyId);
    return passkey?.status === 'active' ? passkey : undefined;
  },
  passkeys: async (accountId) => store.rows<Passkey>(PASSKEYS).filter(isOf(accountId)).reverse(),
});

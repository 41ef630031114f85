import type { Notes } from '#application/identity/external/ports.ts';
import type { ExternalIdentities, IdentityQueries } from '#application/identity/ports.ts';
import { ExternalIdentity } from '#domain/identity/external/external-identity.ts';
import type { MemoryStore } from '../store.ts';
import { DuplicateKey, type MemoryTx } from '../tx.ts';

const IDENTITIES = 'identity.external_identities';
/** Which active identity is a subject of an issuer, keyed by both. */
const SUBJECTS = 'identity.external_subjects';
const NOTES = 'identity.notes';
type Owner = { readonly externalIdentityId: string };
type Note = { readonly sealed: string; readonly expiresAt: number };

const keyOf = (issuer: string, subject: string): string => JSON.stringify([issuer, subject]);
const isOf =
  (accountId: string) =>
  (identity: ExternalIdentity): boolean =>
    identity.accountId === accountId && identity.status === 'active';

export const memoryExternalIdentities = (tx: MemoryTx): ExternalIdentities => ({
  async find(issuer, subject) {
    const found = tx.get<Owner>(SUBJECTS, keyOf(issuer, subject));
    return found && tx.get<ExternalIdentity>(IDENTITIES, found.externalIdentityId);
  },
  activeOf: async (accountId) => tx.rows<ExternalIdentity>(IDENTITIES).filter(isOf(accountId)),
  async save({ state, events }) {
    const { id, issuer, subject, status, version } = ExternalIdentity.check(state);
    if (version === 0) {
      try {
        tx.insert(SUBJECTS, keyOf(issuer, subject), { externalIdentityId: id });
      } catch (error) {
        if (error instanceof DuplicateKey) return 'taken';
        throw error;
      }
    }
    if (status === 'removed') tx.delete(SUBJECTS, keyOf(issuer, subject));
    tx.put(IDENTITIES, id, version, { ...state, version: version + events.length });
    tx.append({ stream: `external-identity:${id}`, version, restaurantId: null }, events);
    return 'saved';
  },
});

export const memoryExternalIdentityQueries = (store: MemoryStore): Pick<IdentityQueries, 'externalIdentity' | 'externalIdentities'> => ({
  async externalIdentity(issuer, subject) {
    const found = store.row<Owner>(SUBJECTS, keyOf(issuer, subject));
    return found && store.row<ExternalIdentity>(IDENTITIES, found.externalIdentityId);
  },
  externalIdentities: async (accountId) => store.rows<ExternalIdentity>(IDENTITIES).filter(isOf(accountId)).reverse(),
});

/** Taken in one turn of the loop, so nobody comes in between. */
export const memoryNotes = (store: MemoryStore): Notes => ({
  async leave(key, sealed, expiresAt) {
    store.table(NOTES).set(key, { version: 1, json: JSON.stringify({ sealed, expiresAt }) });
  },
  async take(key, at) {
    const note = store.row<Note>(NOTES, key);
    store.table(NOTES).delete(key);
    return note && note.expiresAt > at ? note.sealed : undefined;
  },
  async forget(at) {
    const table = store.table(NOTES);
    const old = [...table].filter(([, { json }]) => (JSON.parse(json) as Note).expiresAt <= at);
    for (const [key] of old) table.delete(key);
    return old.length;
  },
});

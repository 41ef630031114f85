import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { IdentityErrorOf } from './errors.ts';
import type { PasskeyEvent } from './events.ts';

export const PASSKEYS_MAX = 10;
export const CREDENTIAL_ID_MAX = 1_400;

const NEXT = {
  active: ['active', 'removed'],
  removed: [],
} as const satisfies Record<string, readonly string[]>;

export type PasskeyStatus = keyof typeof NEXT;
export const PASSKEY_STATUSES = Object.keys(NEXT) as readonly PasskeyStatus[];

/** A key that a person's device keeps and opens with a finger or a number: possession and knowledge in one. */
export type Passkey = {
  readonly id: string;
  readonly accountId: string;
  /** What the device calls it; no two passkeys have the same. */
  readonly credentialId: string;
  readonly publicKey: string;
  /** How often the device says it was used; 0 for devices that do not count. */
  readonly counter: number;
  readonly name: string;
  readonly status: PasskeyStatus;
  readonly addedAt: number;
  readonly usedAt: number | null;
  readonly version: number;
};

type Changed = Change<Passkey, PasskeyEvent>;
type Draft = Pick<Passkey, 'id' | 'accountId' | 'credentialId' | 'publicKey' | 'counter' | 'name'>;

/** `others` are the account's passkeys before it. */
function add(draft: Draft, others: number, at: number): Result<Changed, IdentityErrorOf<'identity.too_many_passkeys'>> {
  if (others >= PASSKEYS_MAX) return err({ code: 'identity.too_many_passkeys', limit: PASSKEYS_MAX });
  const state: Passkey = { ...draft, status: 'active', addedAt: at, usedAt: null, version: 0 };
  const { id: passkeyId, accountId } = draft;
  return ok({ state, events: [{ type: 'identity.passkey_added', passkeyId, accountId, at }] });
}

/** A counter that does not go up was copied: it proves nothing. Where a device does not count, it stays at 0. */
function use(passkey: Passkey, counter: number, at: number): Changed | undefined {
  const isFresh = counter > passkey.counter || (counter === 0 && passkey.counter === 0);
  if (passkey.status !== 'active' || !isFresh) return undefined;
  const { id: passkeyId, accountId } = passkey;
  return { state: { ...passkey, counter, usedAt: at }, events: [{ type: 'identity.passkey_used', passkeyId, accountId, at }] };
}

/** Nothing to do for one that was removed before. */
function remove(passkey: Passkey, at: number): Changed | undefined {
  const allowed: readonly PasskeyStatus[] = NEXT[passkey.status];
  if (!allowed.includes('removed')) return undefined;
  const { id: passkeyId, accountId } = passkey;
  return { state: { ...passkey, status: 'removed' }, events: [{ type: 'identity.passkey_removed', passkeyId, accountId, at }] };
}

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(passkey: Passkey): Passkey {
  const { id, status, counter, credentialId } = passkey;
  invariant(status in NEXT, `unknown status ${status}`);
  invariant(Number.isSafeInteger(counter) && counter >= 0, `passkey ${id} counts its uses`);
  invariant(credentialId !== '' && credentialId.length <= CREDENTIAL_ID_MAX, `passkey ${id} has a name on its device`);
  return passkey;
}

export const Passkey = { add, use, remove, check };

import type { Origin } from '#application/shared/ports.ts';
import type { Account } from '#domain/identity/account.ts';
import { deviceName } from '#domain/identity/device-name.ts';
import { networkOf } from '#domain/identity/network.ts';
import type { SecondFactor } from '#domain/identity/second-factor.ts';
import { type Proof, Session } from '#domain/identity/session.ts';
import type { IdentityDeps } from '../ports.ts';
import { holdsRoles } from '../standing.ts';
import { type SignedIn, tokenPair } from './token-pair.ts';

type Deps = Pick<IdentityDeps, 'grants' | 'tokens' | 'ids' | 'security'>;
type Prepared = { readonly id: string; readonly salt: string; readonly deviceId: string; readonly isPartner: boolean };
type Proven = { readonly account: Account; readonly factor: SecondFactor | undefined; readonly proofs: readonly Proof[]; readonly origin: Origin };

/** What a session takes that must be had before the transaction. */
export async function prepareSession({ grants, tokens, ids }: Deps, account: Account, deviceId?: string): Promise<Prepared> {
  const isPartner = holdsRoles(account, await grants.rolesOf(account.id));
  return { id: ids.next(), salt: tokens.refresh.newSalt(), deviceId: deviceId ?? ids.next(), isPartner };
}

/** Asks the domain for a session; it refuses where more has to be proven. */
export const sessionFor = ({ id, salt, isPartner }: Prepared, { account, factor, proofs, origin }: Proven, at: number) =>
  Session.start({ id, salt, account, factor, proofs, holdsRoles: isPartner, device: deviceName(origin.userAgent), ip: networkOf(origin.ip) }, at);

/** What a client that has just signed in gets. */
export const signedIn = async (deps: Deps, session: Session, account: Account, { deviceId }: Prepared, at: number): Promise<SignedIn> => ({
  ...(await tokenPair(deps.tokens, session, at)),
  deviceToken: deps.security.proofs.devices.issue(account, deviceId),
});

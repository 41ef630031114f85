import type { Origin } from '#application/shared/ports.ts';
import type { Account } from '#domain/identity/account.ts';
import { mask } from '#domain/identity/mask.ts';
import { networkOf } from '#domain/identity/network.ts';
import type { Actor } from '#domain/shared/actor.ts';
import { ok } from '#domain/shared/result.ts';
import type { IdentityDeps } from '../ports.ts';

type Attempt = {
  readonly spelling: string;
  readonly account: Account | undefined;
  /** A device that this account was signed in with before. */
  readonly deviceId: string | undefined;
  readonly origin: Origin;
};
type Reserved = {
  readonly isAllowed: true;
  readonly keys: readonly string[];
  readonly remaining: number;
  /** The account itself had too many wrong passwords, under whatever names: not even the right one will do now. */
  readonly isSilenced: boolean;
};
type Deps = Pick<IdentityDeps, 'security'>;

/** What is counted for one account, whatever it is called and wherever from. */
export const accountKey = ({ security }: Deps, account: Account | undefined, spelling: string): string =>
  security.secrets.fingerprint('account', account?.id ?? spelling);
const placeKey = ({ security }: Deps, spelling: string, ip: string): string => security.secrets.fingerprint('sign-in', spelling, networkOf(ip));
const nameKey = ({ security }: Deps, spelling: string): string => security.secrets.fingerprint('sign-in', spelling);

/**
 * Reserves the attempt before the password is looked at. Strangers are counted by what they type, which tells them
 * nothing of accounts, and silently by the account. A device that is known has a count of its own: no stranger can lock it out.
 */
export async function reserveSignIn(deps: Deps, { spelling, account, deviceId, origin }: Attempt, at: number) {
  const { attempts, policy, secrets } = deps.security;
  if (account && deviceId !== undefined) {
    const key = secrets.fingerprint('device', account.id, deviceId);
    const taken = await attempts.take([{ key, policy: policy.signIn }], at);
    return taken.isAllowed ? ({ ...taken, keys: [key], isSilenced: false } satisfies Reserved) : taken;
  }
  const keys = [placeKey(deps, spelling, origin.ip), nameKey(deps, spelling)] as const;
  const taken = await attempts.take(
    [
      { key: keys[0], policy: policy.signIn },
      { key: keys[1], policy: policy.signInAnywhere },
    ],
    at,
  );
  if (!taken.isAllowed) return taken;
  const whole = { key: accountKey(deps, account, spelling), policy: policy.signInAnywhere };
  const silent = await attempts.take([whole], at);
  return { ...taken, keys: [...keys, whole.key], isSilenced: !silent.isAllowed } satisfies Reserved;
}

/** After a reset, who was locked out may try at once, by any name of theirs. */
export const keysOfAccount = (deps: Deps, account: Account, { ip }: Origin): readonly string[] => [
  accountKey(deps, account, account.id),
  deps.security.secrets.fingerprint('password', account.id),
  ...[account.email, account.phone, account.username].flatMap((name) => (name === null ? [] : [placeKey(deps, name, ip), nameKey(deps, name)])),
];

type Failure = Pick<Attempt, 'account' | 'origin'> & {
  readonly identifier: string;
  readonly step: 'password' | 'second_factor';
  readonly remaining: number;
  readonly availableAt: number;
};

/** Leaves a trace of a failed attempt, and of the lock that the last one turned. */
export const recordFailure = (
  { uow }: Pick<IdentityDeps, 'uow'>,
  actor: Actor,
  { account, identifier, origin, step, remaining, availableAt }: Failure,
  at: number,
): Promise<unknown> =>
  uow.run(actor, async ({ security }) => {
    const tried = { accountId: account?.id ?? null, identifier: mask(identifier), ip: networkOf(origin.ip), step, at } as const;
    security.record({ type: 'identity.sign_in_failed', ...tried });
    if (remaining === 0) security.record({ type: 'identity.sign_in_locked', ...tried, availableAt });
    return ok(undefined);
  });

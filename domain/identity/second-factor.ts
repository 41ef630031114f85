import type { Change } from '../shared/change.ts';
import { invariant } from '../shared/invariant.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { IdentityErrorOf } from './errors.ts';
import type { FactorEvent } from './events.ts';

export const BACKUP_CODES = 10;

const NEXT = {
  off: ['pending'],
  pending: ['pending', 'on'],
  on: ['on', 'off'],
} as const satisfies Record<string, readonly string[]>;

export type SecondFactorStatus = keyof typeof NEXT;
export const SECOND_FACTOR_STATUSES = Object.keys(NEXT) as readonly SecondFactorStatus[];

/** A code for the day the phone is lost. The slot finds it, the hash proves it. */
export type BackupCode = { readonly slot: string; readonly hash: string; readonly usedAt: number | null };

/** What an account can prove itself with besides its password: a phone that computes codes, and codes on paper. */
export type SecondFactor = {
  readonly accountId: string;
  readonly status: SecondFactorStatus;
  /** What codes are computed from, sealed; empty when it is off. */
  readonly sealedSecret: string;
  /** The number of the last half-minute whose code was taken: it and all before it are used. */
  readonly lastStep: number;
  readonly backupCodes: readonly BackupCode[];
  readonly version: number;
};

type Changed = Change<SecondFactor, FactorEvent>;
type Made = readonly Omit<BackupCode, 'usedAt'>[];

/** Begins, or begins anew: until it is confirmed nobody is asked for a code. */
function enrol(
  before: SecondFactor | undefined,
  { accountId, sealedSecret }: Pick<SecondFactor, 'accountId' | 'sealedSecret'>,
  at: number,
): Result<Changed, IdentityErrorOf<'identity.second_factor_on'>> {
  if (before?.status === 'on') return err({ code: 'identity.second_factor_on' });
  const state: SecondFactor = { accountId, status: 'pending', sealedSecret, lastStep: 0, backupCodes: [], version: before?.version ?? 0 };
  return ok({ state, events: [{ type: 'identity.second_factor_begun', accountId, at }] });
}

/** A code of the new secret was shown: from now on it is asked for. */
function confirm(factor: SecondFactor, step: number, codes: Made, at: number): Result<Changed, IdentityErrorOf<'identity.second_factor_not_begun'>> {
  if (factor.status !== 'pending') return err({ code: 'identity.second_factor_not_begun' });
  const state = moveTo({ ...factor, lastStep: step, backupCodes: fresh(codes) }, 'on');
  return ok({ state, events: [{ type: 'identity.second_factor_turned_on', accountId: factor.accountId, at }] });
}

/** Takes a code of the phone: each half-minute's once, and none from before the last. */
function useStep(factor: SecondFactor, step: number, at: number): Changed | undefined {
  if (factor.status !== 'on' || step <= factor.lastStep) return undefined;
  const { accountId } = factor;
  return { state: { ...factor, lastStep: step }, events: [{ type: 'identity.second_factor_used', accountId, method: 'totp', at }] };
}

/** The code of a slot, while it is good. */
const unusedCode = (factor: SecondFactor | undefined, slot: string): BackupCode | undefined =>
  factor?.status === 'on' ? factor.backupCodes.find((code) => code.slot === slot && code.usedAt === null) : undefined;

/** Takes a code from paper, once. `hash` says which was verified: another set may have come meanwhile. */
function useBackupCode(factor: SecondFactor, { slot, hash }: Pick<BackupCode, 'slot' | 'hash'>, at: number): Changed | undefined {
  if (unusedCode(factor, slot)?.hash !== hash) return undefined;
  const backupCodes = factor.backupCodes.map((code) => (code.slot === slot ? { ...code, usedAt: at } : code));
  const { accountId } = factor;
  return { state: { ...factor, backupCodes }, events: [{ type: 'identity.second_factor_used', accountId, method: 'backup_code', at }] };
}

/** New codes; the old ones are worth nothing from now on. */
function renewCodes(factor: SecondFactor, codes: Made, at: number): Result<Changed, IdentityErrorOf<'identity.second_factor_off'>> {
  if (factor.status !== 'on') return err({ code: 'identity.second_factor_off' });
  return ok({ state: { ...factor, backupCodes: fresh(codes) }, events: [{ type: 'identity.backup_codes_made', accountId: factor.accountId, at }] });
}

function turnOff(factor: SecondFactor, at: number): Result<Changed, IdentityErrorOf<'identity.second_factor_off'>> {
  if (factor.status !== 'on') return err({ code: 'identity.second_factor_off' });
  const state = moveTo({ ...factor, sealedSecret: '', backupCodes: [] }, 'off');
  return ok({ state, events: [{ type: 'identity.second_factor_turned_off', accountId: factor.accountId, at }] });
}

const fresh = (codes: Made): readonly BackupCode[] => codes.map((code) => ({ ...code, usedAt: null }));

function moveTo(factor: SecondFactor, status: SecondFactorStatus): SecondFactor {
  const allowed: readonly SecondFactorStatus[] = NEXT[factor.status];
  invariant(allowed.includes(status), `a second factor that is ${factor.status} cannot become ${status}`);
  return { ...factor, status };
}

/** Checked just before a write and just after a read: corrupt rows stop here. */
function check(factor: SecondFactor): SecondFactor {
  const { accountId, status, sealedSecret, backupCodes } = factor;
  invariant(status in NEXT, `unknown status ${status}`);
  invariant((status === 'off') === (sealedSecret === ''), `the second factor of ${accountId} has a secret while it has any use`);
  invariant(new Set(backupCodes.map(({ slot }) => slot)).size === backupCodes.length, `the backup codes of ${accountId} have slots of their own`);
  return factor;
}

export const SecondFactor = {
  enrol,
  confirm,
  useStep,
  unusedCode,
  useBackupCode,
  renewCodes,
  turnOff,
  check,
  isOn: (factor: SecondFactor | undefined): factor is SecondFactor => factor?.status === 'on',
  codesLeft: ({ backupCodes }: SecondFactor): number => backupCodes.filter(({ usedAt }) => usedAt === null).length,
};

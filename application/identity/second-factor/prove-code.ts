import type { IdentityErrorOf } from '#domain/identity/errors.ts';
import type { FactorEvent } from '#domain/identity/events.ts';
import { SecondFactor } from '#domain/identity/second-factor.ts';
import type { Change } from '#domain/shared/change.ts';
import { ok, type Result } from '#domain/shared/result.ts';
import { hashing } from '../hashing.ts';
import type { IdentityDeps } from '../ports.ts';

/** What a code proved, before anybody took it. */
export type ProvenCode =
  | { readonly method: 'totp'; readonly step: number }
  | { readonly method: 'backup_code'; readonly slot: string; readonly hash: string };

type Deps = Pick<IdentityDeps, 'security'>;

const TOTP = /^\d{6}$/;
const BACKUP = /^(\d{2})([0-9A-HJKMNP-TV-Z]{10})$/;

/** Spaces, hyphens and case do not matter, nor do letters that look like digits. */
const plain = (code: string): string => code.replaceAll(/[\s-]/g, '').toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1');

/** Checks a code against a factor as it was read; undefined when it proves nothing. One slow hash at most. */
export async function proveCode(
  { security }: Deps,
  factor: SecondFactor | undefined,
  code: string,
  at: number,
): Promise<Result<ProvenCode | undefined, IdentityErrorOf<'identity.busy'>>> {
  const text = plain(code);
  const [, slot, secret] = BACKUP.exec(text) ?? [];
  if (slot !== undefined && secret !== undefined) {
    const known = SecondFactor.unusedCode(factor, slot);
    const verified = await hashing(security.hashers.codes.verify(secret, known?.hash));
    if (!verified.ok) return verified;
    return ok(known && verified.value ? { method: 'backup_code', slot, hash: known.hash } : undefined);
  }
  const step = factor && factor.sealedSecret !== '' && TOTP.test(text) ? stepOf(security, factor, text, at) : undefined;
  return ok(step === undefined ? undefined : { method: 'totp', step });
}

const stepOf = ({ proofs, vault }: Deps['security'], { sealedSecret, accountId }: SecondFactor, code: string, at: number): number | undefined =>
  proofs.totp.stepOf(vault.open(sealedSecret, accountId), code, at);

/** Takes a proven code, once: undefined for one that was taken meanwhile. */
export const takeCode = (
  factor: SecondFactor | undefined,
  proven: ProvenCode | undefined,
  at: number,
): Change<SecondFactor, FactorEvent> | undefined => {
  if (!factor || !proven) return undefined;
  return proven.method === 'totp' ? SecondFactor.useStep(factor, proven.step, at) : SecondFactor.useBackupCode(factor, proven, at);
};

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SecondFactor } from '#domain/identity/second-factor.ts';
import { Session } from '#domain/identity/session.ts';
import { AT, anAccount, SIGNED_IN } from '#tests/support/sessions.ts';

const CODES = Array.from({ length: 10 }, (_, i) => ({ slot: String(i + 1).padStart(2, '0'), hash: `hash-${i}` }));
const pending: SecondFactor = { accountId: anAccount.id, status: 'pending', sealedSecret: 'sealed', lastStep: 0, backupCodes: [], version: 1 };
function isOn(step = 100): SecondFactor {
  const confirmed = SecondFactor.confirm(pending, step, CODES, AT);
  if (!confirmed.ok) throw new Error('what is pending can be confirmed');
  return confirmed.value.state;
}

it('takes the codes of a phone in the order of time, each once', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 90, max: 130 }), { maxLength: 60 }), (steps) => {
      let factor = isOn();
      const taken: number[] = [];
      for (const step of steps) {
        const used = SecondFactor.useStep(factor, step, AT);
        if (!used) continue;
        factor = SecondFactor.check(used.state);
        taken.push(step);
      }
      expect(taken).toEqual([...new Set(taken)].sort((a, b) => a - b));
      expect(taken.every((step) => step > 100)).toBe(true);
    }),
  );
});

it('takes each backup code once, and counts what is left', () => {
  const slots = fc.array(fc.constantFrom(...CODES.map(({ slot }) => slot), '00', '11'), { maxLength: 40 });
  fc.assert(
    fc.property(slots, (given) => {
      let factor = isOn();
      const taken: string[] = [];
      for (const slot of given) {
        const hash = CODES.find((code) => code.slot === slot)?.hash ?? 'none';
        const used = SecondFactor.useBackupCode(factor, { slot, hash }, AT);
        if (!used) continue;
        factor = SecondFactor.check(used.state);
        taken.push(slot);
      }
      expect(new Set(taken).size).toBe(taken.length);
      expect(SecondFactor.codesLeft(factor)).toBe(10 - taken.length);
    }),
  );
});

it('starts no session for a password alone once it is on, and whatever else proved it, one with it', () => {
  const proofs = fc.uniqueArray(fc.constantFrom('password' as const, 'totp' as const, 'backup_code' as const, 'passkey' as const), { minLength: 1 });
  const factor = fc.constantFrom(undefined, pending, isOn(), { ...pending, status: 'off' as const, sealedSecret: '' });
  fc.assert(
    fc.property(proofs, factor, (given, held) => {
      const started = Session.start(
        { id: 's', account: anAccount, salt: 'c2FsdA', holdsRoles: false, ...SIGNED_IN, proofs: given, factor: held },
        AT,
      );
      const isEnough = held?.status !== 'on' || given.some((proof) => proof !== 'password');
      expect(started.ok).toBe(isEnough);
      if (!started.ok) expect(started.error.code).toBe('identity.second_factor_required');
    }),
  );
});

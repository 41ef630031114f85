import { describe, expect, it } from 'vitest';
import { otpauthTotp } from '#adapters/otpauth/totp.ts';
import { ringOf } from '#adapters/shared/key-ring.ts';
import { hmacDeviceTokens } from '#adapters/system/device-tokens.ts';
import { deriveKeys } from '#adapters/system/keys.ts';
import { oneTimeSecrets as secretsWith } from '#adapters/system/one-time-secrets.ts';
import { aesVault } from '#adapters/system/vault.ts';
import { TOKEN_PURPOSES } from '#domain/identity/one-time-token.ts';

const [OLD, NEW] = [
  deriveKeys(['an-old-secret-of-thirty-two-bytes-0'], 'x').current,
  deriveKeys(['a-new-secret-of-thirty-two-bytes-00'], 'x').current,
];

const oneTimeSecrets = secretsWith(ringOf(NEW));

describe('one-time secrets', () => {
  it('are read for what they were made for, and for nothing else', () => {
    for (const purpose of TOKEN_PURPOSES) {
      const { text, selector, verifier } = oneTimeSecrets.mint(purpose);
      expect(oneTimeSecrets.read(text, purpose)).toEqual({ selector, verifier });
      for (const other of TOKEN_PURPOSES.filter((one) => one !== purpose)) expect(oneTimeSecrets.read(text, other)).toBeUndefined();
      expect(Buffer.from(verifier, 'base64url')).toHaveLength(32);
    }
  });

  it('are never the same twice, and match their own digest only', () => {
    const made = Array.from({ length: 2_000 }, () => oneTimeSecrets.mint('reset_password'));
    expect(new Set(made.flatMap(({ selector, verifier }) => [selector, verifier])).size).toBe(4_000);
    const [one, other] = made as [(typeof made)[0], (typeof made)[0]];
    expect(oneTimeSecrets.matches(one.verifier, oneTimeSecrets.digest(one.verifier))).toBe(true);
    expect(oneTimeSecrets.matches(other.verifier, oneTimeSecrets.digest(one.verifier))).toBe(false);
    expect(oneTimeSecrets.matches('', '')).toBe(false);
  });

  it('on paper have a slot each and fifty bits of chance', () => {
    const sets = Array.from({ length: 1_000 }, () => oneTimeSecrets.backupCodes(10));
    for (const codes of sets) expect(codes.map(({ slot }) => slot)).toEqual(['01', '02', '03', '04', '05', '06', '07', '08', '09', '10']);
    const codes = sets.flatMap((set) => set.map(({ code }) => code));
    expect(new Set(codes).size).toBe(10_000);
    for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{10}$/);
  });
});

describe('the vault', () => {
  it('opens for the owner it was sealed for, with old keys too, and is never the same twice', () => {
    const before = aesVault(ringOf(OLD));
    const after = aesVault(ringOf(NEW, OLD));
    const sealed = before.seal('JBSWY3DP', 'a1');
    expect(sealed).not.toContain('JBSWY3DP');
    expect(before.seal('JBSWY3DP', 'a1')).not.toBe(sealed);
    expect(after.open(sealed, 'a1')).toBe('JBSWY3DP');
    expect(after.open(after.seal('मीरा', 'a1'), 'a1')).toBe('मीरा');
    expect(() => after.open(sealed, 'a2')).toThrow();
    expect(() => aesVault(ringOf(NEW)).open(sealed, 'a1')).toThrow('a key there is not');
    expect(() => after.open(`${sealed.slice(0, -2)}AA`, 'a1')).toThrow();
    expect(() => after.open('', 'a1')).toThrow();
  });

  it('makes fingerprints that tell apart how texts are divided', () => {
    const print = oneTimeSecrets.fingerprint;
    expect(print('a', 'bc')).toBe(print('a', 'bc'));
    expect(new Set([print('a', 'bc'), print('ab', 'c'), print('abc'), secretsWith(ringOf(OLD)).fingerprint('abc')]).size).toBe(4);
  });
});

describe('device tokens', () => {
  const tokens = hmacDeviceTokens(ringOf(NEW, OLD));
  const account = { id: 'a1', credentials: 3 };
  const DEVICE = '019a9f3f-02aa-7a58-8d0e-6c5b0e3f9d21';
  it('hold for one account and its credentials of now', () => {
    const token = tokens.issue(account, DEVICE);
    expect(tokens.read(token, account)).toBe(DEVICE);
    expect(tokens.read(hmacDeviceTokens(ringOf(OLD)).issue(account, DEVICE), account)).toBe(DEVICE);
    expect(tokens.read(token, { ...account, credentials: 4 })).toBeUndefined();
    expect(tokens.read(token, { ...account, id: 'a2' })).toBeUndefined();
    for (const forged of ['', `${token}x`, token.slice(0, -1), token.replace(DEVICE, DEVICE.replace('0', '1'))])
      expect(tokens.read(forged, account)).toBeUndefined();
  });
});

describe('codes of a phone', () => {
  const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  it.each([
    [59, '287082', 1],
    [1_111_111_109, '081804', 37_037_036],
    [1_234_567_890, '005924', 41_152_263],
    [2_000_000_000, '279037', 66_666_666],
  ])('at second %i are those of RFC 6238', (seconds, code, step) => {
    expect(otpauthTotp.stepOf(SECRET, code, seconds * 1_000)).toBe(step);
    expect(otpauthTotp.stepOf(SECRET, code, (seconds + 30) * 1_000)).toBe(step); // One step of grace, and the step it is of.
    expect(otpauthTotp.stepOf(SECRET, code, (seconds + 90) * 1_000)).toBeUndefined();
  });

  it('come of a secret of 160 bits, which the picture brings to the phone', async () => {
    const secrets = Array.from({ length: 100 }, otpauthTotp.newSecret);
    expect(new Set(secrets).size).toBe(100);
    for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    const { url, qrCode } = await otpauthTotp.invitation(SECRET, 'meera@example.com');
    expect(url).toContain('otpauth://totp/Thali:meera%40example.com?');
    expect(qrCode).toMatch(/^data:image\/png;base64,iVBOR/);
  });
});

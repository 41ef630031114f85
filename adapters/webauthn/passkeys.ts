import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { PasskeyCeremonies } from '#application/identity/ports.ts';
import { CREDENTIAL_ID_MAX } from '#domain/identity/passkey.ts';

export type PasskeyOptions = {
  /** The domain that passkeys are bound to: the apps' own, or one above them all. */
  readonly domain: string;
  /** Where our apps run. */
  readonly origins: readonly string[];
};

const NAME = 'Thali';
/** EdDSA, ES256, RS256. */
const ALGORITHMS = [-8, -7, -257];

/** WebAuthn level 3. The device must have checked who uses it, and its maker is nobody's business. */
export function webAuthnPasskeys({ domain, origins }: PasskeyOptions): PasskeyCeremonies {
  const expected = { expectedOrigin: [...origins], requireUserVerification: true };
  return {
    registration: ({ id, email, displayName }, known, challenge) =>
      generateRegistrationOptions({
        rpName: NAME,
        rpID: domain,
        userID: new TextEncoder().encode(id),
        userName: email,
        userDisplayName: displayName,
        challenge: new TextEncoder().encode(challenge),
        attestationType: 'none',
        excludeCredentials: known.map((credentialId) => ({ id: credentialId })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        supportedAlgorithmIDs: ALGORITHMS,
      }),
    authentication: (challenge) =>
      generateAuthenticationOptions({ rpID: domain, challenge: new TextEncoder().encode(challenge), userVerification: 'required' }),
    async registered(response) {
      let challenge = '';
      try {
        const { verified, registrationInfo } = await verifyRegistrationResponse({
          ...expected,
          response: response as RegistrationResponseJSON,
          expectedRPID: domain,
          expectedChallenge: (given) => {
            challenge = textOf(given);
            return true; // Whether it was ours, and is still good, is the caller's to say.
          },
          supportedAlgorithmIDs: ALGORITHMS,
        });
        if (!verified || registrationInfo.credential.id.length > CREDENTIAL_ID_MAX) return undefined;
        const { id, publicKey, counter } = registrationInfo.credential;
        return { challenge, credentialId: id, publicKey: Buffer.from(publicKey).toString('base64url'), counter };
      } catch {
        return undefined; // It comes from the caller: whatever is wrong with it, it proves nothing.
      }
    },
    credentialIdOf(response) {
      const { id } = response as { readonly id?: unknown };
      return typeof id === 'string' && id.length <= CREDENTIAL_ID_MAX ? id : undefined;
    },
    async proven(response, { credentialId, publicKey, counter }) {
      let challenge = '';
      try {
        const { verified, authenticationInfo } = await verifyAuthenticationResponse({
          ...expected,
          response: response as AuthenticationResponseJSON,
          expectedRPID: domain,
          expectedChallenge: (given) => {
            challenge = textOf(given);
            return true;
          },
          credential: { id: credentialId, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), counter },
        });
        return verified ? { challenge, counter: authenticationInfo.newCounter } : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

const textOf = (base64url: string): string => Buffer.from(base64url, 'base64url').toString('utf8');

import type { InvitationSecrets } from '#application/partners/ports.ts';
import type { KeyRing } from '../shared/key-ring.ts';
import { oneTimeSecrets } from './one-time-secrets.ts';

/** Invitations are proven by the same kind of text as every other mailed link. */
export function invitationSecrets(keys: KeyRing): InvitationSecrets {
  const secrets = oneTimeSecrets(keys);
  return {
    mint() {
      const { selector, verifier, text } = secrets.mint('invitation');
      return { selector, verifierHash: secrets.digest(verifier), text };
    },
    read(text) {
      const parts = secrets.read(text, 'invitation');
      return parts && { selector: parts.selector, matches: (verifierHash) => secrets.matches(parts.verifier, verifierHash) };
    },
  };
}

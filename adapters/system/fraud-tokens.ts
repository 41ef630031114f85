import { createHmac } from 'node:crypto';
import type { Tokens } from '#application/fraud/ports.ts';
import type { KeyRing } from '../shared/key-ring.ts';

const TOKEN_BYTES = 15;

/** Keyed, so that nobody who has the database can try out all addresses there are; the kind is part of it, so that kinds never meet. */
export const hmacFraudTokens = (keys: KeyRing): Tokens => ({
  of: (kind, value) => createHmac('sha256', keys.current.bytes).update(`${kind}\n${value}`).digest().subarray(0, TOKEN_BYTES).toString('base64url'),
});

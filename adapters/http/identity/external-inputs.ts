import { z } from 'zod';
import { RETURN_TO_MAX } from '#domain/identity/external/return-to.ts';
import { Secret } from './inputs.ts';

export const CHALLENGE_EXAMPLE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
export const CODE_EXAMPLE = { code: 'Jq0mB3m2rV0H2nqg1c1oJfG3r8w9yZkq0M5n6p7s8tU', verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' };
export const BEGUN_EXAMPLE = { url: `https://api.example.com/auth/external/start?ticket=${CODE_EXAMPLE.code}`, expiresIn: 600 };

export const Provider = z.string().min(1).max(40).meta({ example: 'google' });
const Verifier = z
  .string()
  .regex(/^[\w.~-]{43,128}$/)
  .meta({ description: 'What the app made up, as RFC 7636 has it: 43 characters of chance or more.', example: CODE_EXAMPLE.verifier });

export const BeginFields = {
  challenge: z
    .string()
    .regex(/^[\w-]{43}$/)
    .meta({ description: 'SHA-256 of the verifier, in base64url.', example: CHALLENGE_EXAMPLE }),
  app: z.enum(['customers', 'partners']).default('customers').meta({ description: 'Which app the browser comes back to.' }),
  returnTo: z
    .string()
    .min(1)
    .max(RETURN_TO_MAX * 2)
    .optional()
    .meta({ description: 'A page of that app, such as /welcome; /external-sign-in where it is left out.', example: '/welcome' }),
};
export const CodeFields = { code: Secret.meta({ example: CODE_EXAMPLE.code }), verifier: Verifier };
export const BeginView = z.object({ url: z.string(), expiresIn: z.int() });

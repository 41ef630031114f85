import { z } from 'zod';
import type { Identity } from '#application/identity/module.ts';
import { ok } from '#domain/shared/result.ts';
import { type AnyRoute, pick, route } from '../route.ts';
import { Password } from '../validators.ts';
import { BACKUP_CODES_EXAMPLE, PASSWORD_EXAMPLE } from './examples.ts';
import { Code } from './inputs.ts';
import { IDENTITY_PROBLEMS } from './problems.ts';
import { BackupCodesView, SecondFactorView } from './views.ts';

/** Without one, a fresh session stands for it where there is no password. */
const BeginBody = z.strictObject({ password: Password.optional() });
const ConfirmBody = z.strictObject({ code: Code });
const BothBody = z.strictObject({ password: Password.optional(), code: Code });
const InvitationView = z.object({ secret: z.string(), url: z.string(), qrCode: z.string() });
const BOTH_EXAMPLE = { password: PASSWORD_EXAMPLE, code: '492039' };

const BOTH_PROBLEMS = pick(
  IDENTITY_PROBLEMS,
  'identity.account_not_found',
  'identity.second_factor_off',
  'identity.password_wrong',
  'identity.sign_in_again',
  'identity.code_wrong',
  'identity.too_many_attempts',
  'identity.busy',
);

/** The phone that computes codes, and the codes on paper for the day it is lost. */
export const secondFactorRoutes = ({ secondFactor }: Identity): readonly AnyRoute[] => [
  route({
    method: 'get',
    path: '/me/second-factor',
    operationId: 'secondFactor',
    tag: 'Identity',
    summary: 'Whether signing in takes a code, and must',
    access: 'authenticated',
    status: 200,
    response: SecondFactorView,
    example: { response: { isOn: true, isRequired: false, backupCodesLeft: 9 } },
    problems: pick(IDENTITY_PROBLEMS, 'identity.account_not_found'),
    handle: (_input, { actor }) => secondFactor.state(actor),
  }),
  route({
    method: 'post',
    path: '/me/second-factor',
    operationId: 'beginSecondFactor',
    tag: 'Identity',
    summary: 'Set up an authenticator app',
    description: 'The secret stands in the URL and in the picture of it. Nothing is asked for until a first code is confirmed.',
    access: 'authenticated',
    body: BeginBody,
    status: 201,
    response: InvitationView,
    example: {
      body: { password: PASSWORD_EXAMPLE },
      response: {
        secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
        url: 'otpauth://totp/Thali:meera%40example.com?issuer=Thali&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30',
        qrCode: 'data:image/png;base64,iVBORw0KGgo=',
      },
    },
    problems: pick(
      IDENTITY_PROBLEMS,
      'identity.account_not_found',
      'identity.second_factor_on',
      'identity.password_wrong',
      'identity.sign_in_again',
      'identity.too_many_attempts',
      'identity.busy',
    ),
    handle: ({ body }, { actor }) => secondFactor.begin(body, actor),
  }),
  route({
    method: 'post',
    path: '/me/second-factor/confirmation',
    operationId: 'confirmSecondFactor',
    tag: 'Identity',
    summary: 'Turn the second factor on with a first code',
    description: 'Answers with ten backup codes, which are never shown again. Every other session ends.',
    access: 'authenticated',
    body: ConfirmBody,
    status: 200,
    response: BackupCodesView,
    example: { body: { code: '492039' }, response: BACKUP_CODES_EXAMPLE },
    problems: pick(
      IDENTITY_PROBLEMS,
      'identity.account_not_found',
      'identity.second_factor_not_begun',
      'identity.code_wrong',
      'identity.too_many_attempts',
      'identity.busy',
    ),
    async handle({ body }, { actor }) {
      const confirmed = await secondFactor.confirm(body, actor);
      return confirmed.ok ? ok({ backupCodes: [...confirmed.value.backupCodes] }) : confirmed;
    },
  }),
  route({
    method: 'post',
    path: '/me/second-factor/backup-codes',
    operationId: 'renewBackupCodes',
    tag: 'Identity',
    summary: 'Get ten new backup codes',
    description: 'The ones before stop working.',
    access: 'authenticated',
    body: BothBody,
    status: 200,
    response: BackupCodesView,
    example: { body: BOTH_EXAMPLE, response: BACKUP_CODES_EXAMPLE },
    problems: BOTH_PROBLEMS,
    async handle({ body }, { actor }) {
      const renewed = await secondFactor.renewCodes(body, actor);
      return renewed.ok ? ok({ backupCodes: [...renewed.value.backupCodes] }) : renewed;
    },
  }),
  route({
    method: 'delete',
    path: '/me/second-factor',
    operationId: 'turnOffSecondFactor',
    tag: 'Identity',
    summary: 'Turn the second factor off',
    description: 'Takes the password and a code, of the phone or from paper. Every other session ends.',
    access: 'authenticated',
    body: BothBody,
    status: 204,
    response: z.undefined(),
    example: { body: BOTH_EXAMPLE, response: undefined },
    problems: { ...BOTH_PROBLEMS, ...pick(IDENTITY_PROBLEMS, 'identity.second_factor_mandatory') },
    handle: ({ body }, { actor }) => secondFactor.turnOff(body, actor),
  }),
];

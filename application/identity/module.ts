import { authenticate } from './authenticate.ts';
import { accountById, findPerson } from './find-account.ts';
import { me } from './me.ts';
import { addPasskey, beginPasskey, listPasskeys, removePasskey } from './passkeys/manage.ts';
import { beginPasskeySignIn, signInWithPasskey } from './passkeys/sign-in.ts';
import { changePassword } from './password/change-password.ts';
import { requestReset } from './password/request-reset.ts';
import { resetPassword } from './password/reset-password.ts';
import { startReset } from './password/start-reset.ts';
import type { IdentityDeps } from './ports.ts';
import { changeEmail } from './profile/change-email.ts';
import { changeProfile } from './profile/change-profile.ts';
import { closeAccount } from './profile/close-account.ts';
import { confirmEmail, undoEmail } from './profile/confirm-email.ts';
import { exportAccount } from './profile/export-account.ts';
import { resendVerification, verifyEmail } from './profile/verify-email.ts';
import { recognise } from './recognise.ts';
import { registerAccount } from './register-account.ts';
import { registerQuietly } from './register-quietly.ts';
import { myPermissions } from './roles/my-permissions.ts';
import { givePlatformRole, rolesOfAccount, takePlatformRole } from './roles/platform-roles.ts';
import { renewBackupCodes, turnOffSecondFactor } from './second-factor/change.ts';
import { completeSignIn } from './second-factor/complete-sign-in.ts';
import { recoverSecondFactor } from './second-factor/recover.ts';
import { secondFactorState } from './second-factor/status.ts';
import { beginSecondFactor, confirmSecondFactor } from './second-factor/turn-on.ts';
import { endAllSessions, endSession, endSessionsOf, listSessions } from './sessions/manage-sessions.ts';
import { refreshSession } from './sessions/refresh-session.ts';
import { signIn } from './sessions/sign-in.ts';
import { signOut } from './sessions/sign-out.ts';

/** Everything the outside may ask of identity. */
export const createIdentity = (deps: IdentityDeps) => ({
  registerAccount: registerAccount(deps),
  registerQuietly: registerQuietly(deps),
  verifyEmail: verifyEmail(deps),
  resendVerification: resendVerification(deps),
  signIn: signIn(deps),
  completeSignIn: completeSignIn(deps),
  refreshSession: refreshSession(deps),
  signOut: signOut(deps),
  authenticate: authenticate(deps),
  recognise: recognise(deps),

  me: me(deps),
  changeProfile: changeProfile(deps),
  changePassword: changePassword(deps),
  changeEmail: changeEmail(deps),
  confirmEmail: confirmEmail(deps),
  undoEmail: undoEmail(deps),
  exportAccount: exportAccount(deps),
  closeAccount: closeAccount(deps),
  requestReset: requestReset(deps),
  resetPassword: resetPassword(deps),

  listSessions: listSessions(deps),
  endSession: endSession(deps),
  endAllSessions: endAllSessions(deps),
  endSessionsOf: endSessionsOf(deps),
  startReset: startReset(deps),

  secondFactor: {
    state: secondFactorState(deps),
    begin: beginSecondFactor(deps),
    confirm: confirmSecondFactor(deps),
    turnOff: turnOffSecondFactor(deps),
    renewCodes: renewBackupCodes(deps),
    recover: recoverSecondFactor(deps),
  },

  passkeys: {
    begin: beginPasskey(deps),
    add: addPasskey(deps),
    list: listPasskeys(deps),
    remove: removePasskey(deps),
    beginSignIn: beginPasskeySignIn(deps),
    signIn: signInWithPasskey(deps),
  },

  myPermissions: myPermissions(deps),
  rolesOfAccount: rolesOfAccount(deps),
  givePlatformRole: givePlatformRole(deps),
  takePlatformRole: takePlatformRole(deps),

  findPerson: findPerson(deps),
  accountById: accountById(deps),
});
export type Identity = ReturnType<typeof createIdentity>;

import { identify } from './identify.ts';
import type { IdentityDeps } from './ports.ts';
import { presented } from './tokens/present-token.ts';

/** What somebody who is about to try something may show of us. */
export type Shown = {
  readonly identifier?: string | undefined;
  readonly deviceToken?: string | undefined;
  readonly challenge?: string | undefined;
  readonly refreshToken?: string | undefined;
};

/** Which session, sign-in under way or device of ours somebody shows, whatever becomes of their attempt; undefined for every stranger. */
export const recognise =
  (deps: Pick<IdentityDeps, 'queries' | 'tokens' | 'security'>) =>
  async ({ identifier, deviceToken, challenge, refreshToken }: Shown): Promise<string | undefined> => {
    const { queries, tokens, security } = deps;
    if (refreshToken !== undefined) {
      const claimed = tokens.refresh.read(refreshToken);
      const found = claimed && (await queries.session(claimed.sessionId));
      return found && tokens.refresh.isGenuine(refreshToken, found.session) ? `session:${found.session.id}` : undefined;
    }
    if (challenge !== undefined) {
      const held = await presented(deps, challenge, 'second_factor');
      return held?.isGenuine ? `challenge:${held.selector}` : undefined;
    }
    if (identifier === undefined || deviceToken === undefined) return undefined;
    const { account } = await identify(deps)(identifier);
    const deviceId = account && security.proofs.devices.read(deviceToken, account);
    return deviceId === undefined ? undefined : `device:${deviceId}`;
  };

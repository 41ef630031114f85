import type { Change } from '../../shared/change.ts';
import { err, ok, type Result } from '../../shared/result.ts';
import type { EmailSendingChanged } from '../events.ts';
import type { EmailErrorOf } from './errors.ts';

/** Whether mail leaves, for every process of the installation. */
export type Sending = { readonly isPaused: boolean; readonly reason: string | null; readonly since: number | null; readonly version: number };
type Turned = Result<Change<Sending, EmailSendingChanged>, EmailErrorOf<'notifications.sending_unchanged'>>;

const RUNNING: Sending = { isPaused: false, reason: null, since: null, version: 0 };

function turn(sending: Sending, isPaused: boolean, reason: string | null, at: number): Turned {
  if (sending.isPaused === isPaused) return err({ code: 'notifications.sending_unchanged', isPaused });
  const type = isPaused ? 'notifications.email_sending_paused' : 'notifications.email_sending_resumed';
  return ok({ state: { ...sending, isPaused, reason, since: at }, events: [{ type, reason, at }] });
}

export const Sending = { RUNNING, turn };

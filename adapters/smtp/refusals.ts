import type { Delivery } from '#application/notifications/email/ports.ts';

/** What nodemailer throws. `command` is what the server was asked when it said no. */
export type SmtpError = {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
  readonly response?: string;
};

/** The server's own words are left out: they quote the address. */
export const reasonOf = ({ code = 'unknown', responseCode, response }: SmtpError): string =>
  responseCode === undefined ? `no answer (${code})` : `answered ${[responseCode, enhancedIn(response)].filter(Boolean).join(' ')} (${code})`;

/** Whether nobody said anything: the connection was not had, or was lost. */
export const isSilence = ({ responseCode }: SmtpError): boolean => responseCode === undefined;

/**
 * What an answer means. Whatever is said before the recipient is named is said to us, and to everybody's mail; then it is about the
 * recipient; then about the text. 5yz is for good, 4yz may pass. One mail too large is that mail's own fault.
 */
export function deliveryOf(error: SmtpError): Delivery {
  const { command = '', responseCode = 0, code } = error;
  const reason = reasonOf(error);
  const isToUs = code === 'EAUTH' || !/^(?:RCPT|DATA|API)/.test(command);
  if (isToUs && !(command === 'MAIL FROM' && responseCode === TOO_LARGE)) return { outcome: 'unreachable', reason };
  return { outcome: 'refused', reason, isPermanent: responseCode >= 500, isNoMailbox: isNoMailbox(error) };
}

const TOO_LARGE = 552;
const NO_MAILBOX: readonly number[] = [550, 551, 553];
const enhancedIn = (response = ''): string | undefined => /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];

/** A hard bounce: there is no such mailbox, or no more. A mailbox that is full, or a policy that dislikes us, is none. */
function isNoMailbox({ command = '', responseCode = 0, response }: SmtpError): boolean {
  if (!command.startsWith('RCPT') || !NO_MAILBOX.includes(responseCode)) return false;
  const enhanced = enhancedIn(response);
  return enhanced === undefined || enhanced.startsWith('5.1.') || enhanced === '5.2.1';
}

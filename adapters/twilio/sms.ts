import type { Rung, Sms } from '#application/notifications/inbox/ports.ts';
import { refuseInsideTransaction } from '../shared/transaction-context.ts';

export type TwilioOptions = {
  readonly accountSid: string;
  readonly authToken: string;
  /** An E.164 number of ours, or a messaging service (`MG…`). */
  readonly from: string;
  readonly baseUrl: string;
  readonly timeoutMs?: number;
  /** Takes the place of the network: what answers requests in this very process. */
  readonly fetch?: (request: Request) => Promise<Response>;
};

const TIMEOUT_MS = 10_000;

/** Text messages by the Messages resource of Twilio's API (2010-04-01), or of whatever speaks it. */
export function twilioSms({ accountSid, authToken, from, baseUrl, timeoutMs = TIMEOUT_MS, fetch: answer }: TwilioOptions): Sms {
  const url = `${baseUrl}/2010-04-01/Accounts/${accountSid}/Messages.json`;
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  const sender: Record<string, string> = from.startsWith('MG') ? { MessagingServiceSid: from } : { From: from };
  return {
    async send({ to, text }) {
      refuseInsideTransaction();
      const body = new URLSearchParams({ ...sender, To: to, Body: text });
      try {
        const request = { method: 'POST', headers: { authorization }, body };
        // The signal is for fetch itself: that of a Request is cleared away with the Request, and then nothing ends the waiting.
        const response = answer ? answer(new Request(url, request)) : fetch(url, { ...request, signal: AbortSignal.timeout(timeoutMs) });
        return await rungOf(await response);
      } catch (error) {
        return { outcome: 'refused', reason: `no answer (${(error as Error).name})`, isPermanent: false };
      }
    },
  };
}

/** The provider's number of the number that is no more, or wants nothing from us: https://www.twilio.com/docs/api/errors. */
const GONE: readonly number[] = [21_211, 21_214, 21_610, 21_614];

async function rungOf(response: Response): Promise<Rung> {
  if (response.ok) {
    await response.body?.cancel();
    return { outcome: 'sent' };
  }
  const { code } = (await response.json().catch(() => ({}))) as { readonly code?: unknown };
  if (typeof code === 'number' && GONE.includes(code)) return { outcome: 'gone' };
  const { status } = response;
  const reason = `answered ${status}${typeof code === 'number' ? ` (${code})` : ''}`;
  // A wrong password is ours to mend: what waits is sent once it is.
  const isPermanent = status >= 400 && status < 500 && status !== 429 && status !== 401 && status !== 403;
  return { outcome: 'refused', reason, isPermanent };
}

export type SimulatedSms = { readonly sid: string; readonly to: string; readonly from: string; readonly text: string };

export type TwilioSimulator = {
  /** What was taken to be sent, the newest last; only so many are kept. */
  readonly messages: readonly SimulatedSms[];
  /** Answers the next requests so, and not as it would. */
  failNext(status: number, count?: number): void;
  /** Numbers that want nothing more from us, as after STOP. */
  optOut(number: string): void;
  fetch(request: Request): Promise<Response>;
};

const KEPT = 200;
const json = (status: number, body: object): Response => Response.json(body, { status });
const fault = (status: number, code: number, message: string): Response =>
  json(status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status });

/** Speaks the Messages resource of Twilio's API and keeps what it is given: stands in where there is no account. */
export function twilioSimulator({ accountSid, authToken }: { readonly accountSid: string; readonly authToken: string }): TwilioSimulator {
  const messages: SimulatedSms[] = [];
  const optedOut = new Set<string>();
  let failing = { status: 0, count: 0 };
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;

  async function create(request: Request): Promise<Response> {
    const form = new URLSearchParams(await request.text());
    const [to, text, from] = [form.get('To') ?? '', form.get('Body') ?? '', form.get('From') ?? form.get('MessagingServiceSid') ?? ''];
    if (from === '') return fault(400, 21_603, "A 'From' phone number is required.");
    if (text === '') return fault(400, 21_602, 'Message body is required.');
    if (text.length > 1_600) return fault(400, 21_617, 'The concatenated message body exceeds the 1600 character limit.');
    if (!/^\+[1-9]\d{7,14}$/.test(to)) return fault(400, 21_211, `The 'To' number ${to} is not a valid phone number.`);
    if (optedOut.has(to)) return fault(400, 21_610, 'Attempt to send to unsubscribed recipient');
    const sid = `SM${crypto.randomUUID().replaceAll('-', '')}`;
    messages.push({ sid, to, from, text });
    if (messages.length > KEPT) messages.shift();
    return json(201, { sid, account_sid: accountSid, to, from, body: text, status: 'queued', error_code: null, num_segments: '1' });
  }

  return {
    messages,
    failNext: (status, count = 1) => {
      failing = { status, count };
    },
    optOut: (number) => void optedOut.add(number),
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (failing.count > 0) {
        failing = { ...failing, count: failing.count - 1 };
        return fault(failing.status, failing.status === 429 ? 20_429 : 20_500, 'Try again later');
      }
      if (!pathname.endsWith(`/2010-04-01/Accounts/${accountSid}/Messages.json`)) return fault(404, 20_404, 'The requested resource was not found');
      if (request.headers.get('authorization') !== authorization) return fault(401, 20_003, 'Authenticate');
      if (request.method === 'GET') return json(200, { messages: messages.map(({ text, ...message }) => ({ ...message, body: text })) });
      return request.method === 'POST' ? create(request) : fault(405, 20_004, 'Method not allowed');
    },
  };
}

import { z } from 'zod';
import type { About } from './variable.ts';

/** What text messages and pushes read from the environment. */
export const MESSAGE_VARIABLES = {
  TWILIO_ACCOUNT_SID: [
    z
      .string()
      .regex(/^AC\w{8,64}$/, 'an account sid such as AC0123…')
      .optional(),
    {
      group: 'Messages',
      description: 'The account at Twilio that sends text messages. Without one they go to a simulator, and in production nowhere.',
      otherwise: 'none',
    },
  ],
  TWILIO_AUTH_TOKEN: [
    z.string().min(1).optional(),
    { group: 'Messages', description: 'The token that goes with it.', otherwise: 'none', isSecret: true },
  ],
  TWILIO_FROM: [
    z
      .string()
      .regex(/^(?:\+[1-9]\d{7,14}|MG\w{8,64})$/, 'a number such as +15005550006, or a messaging service')
      .optional(),
    { group: 'Messages', description: 'The number, or the messaging service, that text messages come from.', otherwise: 'none' },
  ],
  TWILIO_BASE_URL: [
    z.url().default('https://api.twilio.com'),
    { group: 'Messages', description: 'Where its API is, for a program that speaks the same protocol.' },
  ],
  PUSH_CONTACT: [
    z
      .string()
      .regex(/^(?:mailto:\S+@\S+|https:\/\/\S+)$/, 'mailto:ops@example.com or an https address')
      .optional(),
    { group: 'Messages', description: 'Whom the push services of browsers may write to about our pushes.', otherwise: '`mailto:` and MAIL_FROM' },
  ],
} as const satisfies Readonly<Record<string, readonly [z.ZodType, About]>>;

type Given = z.output<z.ZodObject<{ [Name in keyof typeof MESSAGE_VARIABLES]: (typeof MESSAGE_VARIABLES)[Name][0] }>>;

export type TwilioConfig = { readonly accountSid: string; readonly authToken: string; readonly from: string; readonly baseUrl: string };
export type MessagesConfig = { readonly twilio: TwilioConfig | undefined; readonly pushContact: string };

export function messagesOf(given: Given, mailFrom: string): MessagesConfig {
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken, TWILIO_FROM: from, TWILIO_BASE_URL: baseUrl } = given;
  const twilio = accountSid !== undefined && authToken !== undefined && from !== undefined ? { accountSid, authToken, from, baseUrl } : undefined;
  return { twilio, pushContact: given.PUSH_CONTACT ?? `mailto:${mailFrom}` };
}

/** What is missing of an account that is named in part. */
export function messageFaults({ TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_FROM }: Given): readonly string[] {
  const account = { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_FROM };
  const missing = Object.entries(account).flatMap(([name, value]) => (value === undefined ? [name] : []));
  return missing.length === 0 || missing.length === 3 ? [] : missing.map((name) => `${name}: it is needed beside the others that begin with TWILIO`);
}

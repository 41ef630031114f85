import type { Brand } from '../shared/brand.ts';

/** A telephone number as E.164 writes it, such as +919812345678. */
export type PhoneNumber = Brand<string, 'PhoneNumber'>;

const FORM = /^\+[1-9]\d{6,14}$/;

export const PhoneNumber = {
  /** Of a text that is E.164 already; which text means which number is for those to say who know every country. */
  of: (text: string): PhoneNumber | undefined => (FORM.test(text) ? (text as PhoneNumber) : undefined),
};

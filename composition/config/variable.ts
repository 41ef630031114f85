import { z } from 'zod';

/** What stands beside a variable's schema, for the documentation and the templates. */
export type About = {
  readonly group: 'Server' | 'Data' | 'Secrets' | 'Edge' | 'Limits' | 'Payments' | 'Identity' | 'Mail' | 'Messages' | 'Logs and demo' | 'Watching';
  readonly description: string;
  /** What it is when it is not set, where that is no fixed text. */
  readonly otherwise?: string;
  /** Never shown. */
  readonly isSecret?: true;
  /** What a template for a kind of installation sets; an empty text is for the operator to fill in. */
  readonly development?: string;
  readonly production?: string;
  readonly test?: string;
};

export const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
export const yes = z.enum(['0', '1']);

/** Items between commas. */
export const list = (isGood: (item: string) => boolean, words: string) =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    )
    .refine((items) => items.every(isGood), words);

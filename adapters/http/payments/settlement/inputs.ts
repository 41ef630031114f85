import { z } from 'zod';
import { digits } from '../../schemas.ts';

/** What a provider calls its things. */
export const ProviderId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/)
  .meta({ example: 'setl_DGlQ1Rj8os78Ec' });

/** A slice of a list that is not in the order of its ids; `after` is what the slice before it called `next`. */
export const CursorQuery = z.strictObject({
  limit: digits(1, 100, 20),
  after: z
    .string()
    .regex(/^(\d{1,15}|[a-z]{1,12})~[A-Za-z0-9_-]{1,64}$/, 'the `next` of the page before')
    .optional(),
});

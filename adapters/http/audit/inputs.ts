import { z } from 'zod';
import type { AuditSearch } from '#application/audit/ports.ts';
import { AUDIT_CLASSES } from '#domain/audit/classes.ts';
import { digits, Id, Instant, PageQuery } from '../schemas.ts';

const EXPORT_MAX = 5_000;

/** What somebody looks for in the trail. */
const filters = {
  class: z.enum(AUDIT_CLASSES).optional(),
  type: z
    .string()
    .regex(/^[a-z_]{1,40}\.[a-z_]{0,80}$/, 'a type such as partners.staff_added, or its beginning such as partners.')
    .optional()
    .meta({ example: 'partners.' }),
  actor: z
    .string()
    .regex(/^[\w:.-]{1,120}$/, 'an actor such as account:<id>')
    .optional(),
  stream: z
    .string()
    .regex(/^[\w:.-]{1,200}$/, 'a stream such as order:<id>')
    .optional(),
  from: Instant.optional(),
  to: Instant.optional(),
  word: z
    .string()
    .regex(/^[\p{L}\p{N}@._+-]{2,60}$/u, '2 to 60 letters, digits, and @ . _ + -')
    .optional()
    .meta({ description: 'A word that stands in the facts, in upper or lower case.' }),
};

export const SearchQuery = PageQuery.extend(filters);
export const StatisticsQuery = z.strictObject(filters);
export const ExportQuery = z.strictObject({
  ...filters,
  limit: digits(1, EXPORT_MAX, EXPORT_MAX),
  after: Id.optional(),
});

type Filters = z.output<typeof StatisticsQuery>;

export const searchOf = (restaurantId: string | null, { class: name, type, actor, stream, from, to, word }: Filters): AuditSearch => ({
  restaurantId,
  class: name,
  type,
  actor,
  stream,
  from: from === undefined ? undefined : Date.parse(from),
  to: to === undefined ? undefined : Date.parse(to),
  word,
});

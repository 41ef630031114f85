import { z } from 'zod';

export { Amount, Name, Text } from './validators.ts';

/** The shapes that every module's requests and answers share. */
export const Id = z.uuid().toLowerCase().meta({ example: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10' });
export const Instant = z.iso.datetime({ offset: true }).meta({ example: '2026-11-21T10:30:00.000Z' });
/** Epoch milliseconds out, RFC 3339 on the wire. What a transform makes is said in meta: the documentation cannot see it. */
export const InstantView = z
  .number()
  .transform((at) => new Date(at).toISOString())
  .meta({ type: 'string', format: 'date-time', example: '2026-11-21T10:30:00.000Z' });
export const Currency = z.string().length(3).meta({ example: 'INR' });
/** Minor units: 12900 INR is ₹129.00. */
export const MoneyView = z
  .object({ amount: z.int(), currency: Currency })
  .meta({ id: 'Money', description: 'Whole minor units: 12900 INR is ₹129.00.' });
export const Time = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'HH:MM')
  .meta({ example: '18:30' });
export const Weekday = z.literal([1, 2, 3, 4, 5, 6, 7]);
export const Windows = z.array(z.strictObject({ day: Weekday, from: Time, to: Time })).max(70);

export const RestaurantParams = z.object({ restaurantId: Id });

/** What a client calls its request, so that it is done once however often it is sent. */
export const IdempotencyKey = z
  .string({ error: 'send your own name for this request in an Idempotency-Key header' })
  .regex(/^[\x21-\x7e]{1,255}$/, '1 to 255 visible ASCII characters');

/** A whole number in an address, in digits alone: nothing, ` 1`, `1e1` and `0x1` are none. */
export const digits = (min: number, max: number, otherwise: number) =>
  z.preprocess((text) => (typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : text), z.int().min(min).max(max).default(otherwise));

export const PageQuery = z.strictObject({
  limit: digits(1, 100, 20),
  after: Id.optional(),
});
export const pageView = <T extends z.ZodType>(item: T) => z.object({ data: z.array(item), next: z.string().nullable() });
export type PageQuery = z.output<typeof PageQuery>;

/** Leaves out what was not given, so that an absent field and an undefined one are the same thing. */
export const given = <T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };

export const pageRequest = ({ limit, after }: PageQuery) => ({ limit, ...(after !== undefined && { after }) });

/** RFC 8288: where the next page is, of what this one was filtered by. */
export function link(path: string, { next }: { readonly next: string | null }, query: PageQuery & Filters): Readonly<Record<string, string>> {
  if (next === null) return {};
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, after: next })) if (value !== undefined) params.set(name, String(value));
  return { link: `<${path}?${params}>; rel="next"` };
}
type Filters = { readonly [name: string]: string | number | undefined };

export const etag = ({ version }: { readonly version: number }) => ({ etag: `"${version}"` });

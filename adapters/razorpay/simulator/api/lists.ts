import type { Context } from 'hono';
import { Refusal } from '../machines/refusal.ts';
import type { Collection } from '../world/entities.ts';

const COUNT = 10;
const COUNT_MAX = 100;

const collection = <T>(items: readonly T[]): Collection<T> => ({ entity: 'collection', count: items.length, items });

function number(c: Context, name: string): number | undefined {
  const text = c.req.query(name);
  if (text === undefined || text === '') return undefined;
  if (!/^\d{1,12}$/.test(text)) throw new Refusal(`The ${name} must be an integer.`, { field: name });
  return Number(text);
}

/** A page of what there is, newest first, within `from` and `to` when they are given. */
export function listed<T extends { readonly created_at: number }>(c: Context, all: Iterable<T>, max = COUNT_MAX): T[] {
  const from = number(c, 'from') ?? 0;
  const to = number(c, 'to') ?? Number.POSITIVE_INFINITY;
  const skip = number(c, 'skip') ?? 0;
  const count = number(c, 'count') ?? COUNT;
  if (count < 1 || count > max) throw new Refusal(`The count must be between 1 and ${max}.`, { field: 'count' });
  return [...all]
    .filter(({ created_at }) => created_at >= from && created_at <= to)
    .toReversed()
    .slice(skip, skip + count);
}

export const list = <T extends { readonly created_at: number }>(
  c: Context,
  all: Iterable<T>,
  view: (item: T) => unknown = (item) => item,
): Response => c.json(collection(listed(c, all).map(view)));

export const whole = (c: Context, items: readonly unknown[]): Response => c.json(collection(items));

/** The numbers that name a day of the books; month and day may be left out. */
export const dayAsked = (c: Context) => ({ year: number(c, 'year'), month: number(c, 'month'), day: number(c, 'day') });

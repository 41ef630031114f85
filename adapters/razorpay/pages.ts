import type { ProviderPage, ProviderReply } from '#application/payments/provider.ts';
import { succeeded, unknown } from './failures.ts';

/** The most that Razorpay gives at once. */
export const PAGE = 100;
export const BOOK_PAGE = 1_000;
const PAGES_MAX = 50;

type Items<T> = ProviderReply<readonly T[]>;

/** All there is, newest first as they are given. Stops where the pages begin to repeat, for whoever minds no `skip`. */
export async function everyItem<T extends { readonly id: string }>(page: (skip: number) => Promise<Items<T>>): Promise<Items<T>> {
  const items = new Map<string, T>();
  for (let turn = 0; turn < PAGES_MAX; turn += 1) {
    const reply = await page(turn * PAGE);
    if (reply.outcome !== 'succeeded') return reply;
    const before = items.size;
    for (const item of reply.value) items.set(item.id, item);
    if (reply.value.length < PAGE || items.size === before) return succeeded([...items.values()]);
  }
  return unknown('too many to look through');
}

/** How many were read so far is where the next page begins. */
export const skipOf = (after: string | null): number => (after !== null && /^\d{1,9}$/.test(after) ? Number(after) : 0);

export const pageOf = <T>(items: readonly T[], skip: number, size = PAGE): ProviderPage<T> => ({
  data: items,
  next: items.length < size ? null : String(skip + items.length),
});

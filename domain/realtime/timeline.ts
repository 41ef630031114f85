import { FINAL_STATUSES, type OrderEvent } from '#domain/ordering/events.ts';
import type { DiningOption } from '../shared/dining.ts';

type Status = OrderEvent['to'];
export type Moment = { readonly to: Status; readonly at: number };
/** `done` and behind it, `now`, or still to come. */
export type Step = {
  readonly status: Status;
  readonly state: 'done' | 'now' | 'next' /** When it came to this; null: not yet. */;
  readonly at: number | null;
};

/** How an order goes when all goes well. */
const WAY: Readonly<Record<DiningOption, readonly Status[]>> = {
  delivery: ['placed', 'accepted', 'preparing', 'ready', 'out_for_delivery', 'completed'],
  takeaway: ['placed', 'accepted', 'preparing', 'ready', 'completed'],
  dine_in: ['placed', 'accepted', 'preparing', 'ready', 'completed'],
};

/** The way of an order: where it was and when, where it is, and what is to come unless it has ended. `history` is in order, and not empty. */
export function timelineOf(diningOption: DiningOption, history: readonly Moment[]): readonly Step[] {
  const last = history.at(-1);
  if (last === undefined) return [];
  const been = history.map(({ to, at }): Step => ({ status: to, state: to === last.to && !isOver(to) ? 'now' : 'done', at }));
  if (isOver(last.to)) return been;
  const way = WAY[diningOption];
  // What is not on the way stands before all of it that is not behind already.
  const ahead = way.slice(way.indexOf(last.to) + 1).filter((status) => been.every((step) => step.status !== status));
  return [...been, ...ahead.map((status): Step => ({ status, state: 'next', at: null }))];
}

/** Whether nothing more will become of it. */
export const isOver = (status: Status): boolean => FINAL_STATUSES.includes(status);

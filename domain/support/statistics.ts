import type { TicketStatus } from './ticket.ts';

/** Half took no longer than `medianMs`, nine of ten no longer than `p90Ms`; null where there were none. */
export type Spread = { readonly count: number; readonly medianMs: number | null; readonly p90Ms: number | null };

export type SupportStatistics = {
  /** As they are now. */
  readonly byStatus: Readonly<Record<TicketStatus, number>>;
  /** Of the tickets that were opened in the time asked for. */
  readonly opened: number;
  readonly firstResponse: Spread;
  readonly resolution: Spread;
};

/** Between two neighbours the value lies on a line, as `percentile_cont` of SQL has it. */
export function spreadOf(durations: readonly number[]): Spread {
  const sorted = durations.toSorted((one, other) => one - other);
  const at = (share: number): number | null => {
    const place = share * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    if (below === undefined || above === undefined) return null;
    return Math.round(below + (above - below) * (place - Math.floor(place)));
  };
  return { count: sorted.length, medianMs: at(0.5), p90Ms: at(0.9) };
}

import { z } from 'zod';
import type { AuditEntry } from '#domain/audit/chain.ts';
import { AUDIT_CLASSES } from '#domain/audit/classes.ts';
import { Id, InstantView, pageView } from '../schemas.ts';

export const EntryView = z.object({
  id: Id.meta({ description: 'The id of the event it tells of.' }),
  class: z.enum(AUDIT_CLASSES),
  seq: z.int().meta({ description: 'Its place in the chain of its class.' }),
  at: InstantView,
  type: z.string(),
  actor: z.string(),
  restaurantId: Id.nullable(),
  stream: z.string(),
  data: z.record(z.string(), z.unknown()).meta({ additionalProperties: true, description: 'The facts of the event, as its type has them.' }),
  hash: z.string(),
});
export const EntriesView = pageView(EntryView);
type Entries = z.output<typeof EntriesView>;

const Counted = z.array(z.object({ name: z.string(), count: z.int() }));
export const StatisticsView = z.object({ total: z.int(), classes: Counted, types: Counted, actors: Counted, days: Counted });

export const entryView = ({ eventId: id, ...entry }: AuditEntry): z.input<typeof EntryView> => ({ id, ...entry, data: { ...entry.data } });

/** A line of JSON for each entry. */
export const ndjsonOf = ({ data }: Entries): string => data.map((entry) => `${JSON.stringify(entry)}\n`).join('');

const COLUMNS = ['id', 'class', 'seq', 'at', 'type', 'actor', 'restaurantId', 'stream', 'data', 'hash'] as const;

/** RFC 4180, for spreadsheets. */
export const csvOf = ({ data }: Entries): string =>
  [COLUMNS.join(','), ...data.map((entry) => COLUMNS.map((name) => cellOf(entry[name])).join(','))].map((line) => `${line}\r\n`).join('');

/** What a spreadsheet would take for a formula begins with a quote, so that it is read as text. */
function cellOf(value: unknown): string {
  const text = value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

export const ENTRY_EXAMPLE = {
  id: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10',
  class: 'sensitive',
  seq: 42,
  at: '2026-11-21T10:30:00.000Z',
  type: 'partners.staff_added',
  actor: 'account:019a9f3f-02aa-7a58-8d0e-6c5b0e3f9d21',
  restaurantId: '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a11',
  stream: 'staff:019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a11:019a9f3f-02aa-7a58-8d0e-6c5b0e3f9d22',
  data: { role: 'manager' },
  hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
};
export const STATISTICS_EXAMPLE = {
  total: 3,
  classes: [
    { name: 'standard', count: 2 },
    { name: 'sensitive', count: 1 },
  ],
  types: [
    { name: 'catalogue.item_changed', count: 2 },
    { name: 'partners.staff_added', count: 1 },
  ],
  actors: [{ name: ENTRY_EXAMPLE.actor, count: 3 }],
  days: [{ name: '2026-11-21', count: 3 }],
};

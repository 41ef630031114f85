import type { KeyHistories } from '#application/fraud/ports.ts';
import { together } from '#application/shared/together.ts';
import { History } from '#domain/fraud/history.ts';
import { type Key, type KeyKind, nameOfKey } from '#domain/fraud/signals.ts';
import type { PostgresTx } from '../tx.ts';

type HistoryRecord = {
  readonly kind: KeyKind;
  readonly key: string;
  readonly state: Omit<History, 'kind' | 'key' | 'version'>;
  readonly version: number;
};

const KEYS = 'jsonb_to_recordset($1::jsonb) as k (kind text, key text)';
const COLUMNS = 'h.kind, h.key, h.state, h.version';
// In one order always, here and below: whoever wants the same histories waits for the first of them, and nobody for each other.
const MAKE = `
  insert into fraud.histories (kind, key, state, version)
  select k.kind, k.key, $2::jsonb, 0 from ${KEYS} order by k.kind collate "C", k.key collate "C"
  on conflict do nothing`;
const LOCK = `
  select ${COLUMNS} from fraud.histories h join ${KEYS} on h.kind = k.kind and h.key = k.key
   order by h.kind collate "C", h.key collate "C" for update of h`;
const READ = `select ${COLUMNS} from fraud.histories h join ${KEYS} on h.kind = k.kind and h.key = k.key`;
const SAVE = `
  update fraud.histories h set state = s.state, version = s.version
    from jsonb_to_recordset($1::jsonb) as s (kind text, key text, state jsonb, version int)
   where h.kind = s.kind and h.key = s.key`;

const toHistory = ({ state, ...row }: HistoryRecord): History => History.check({ ...row, ...state });
const stateOf = ({ firstAt, mark, older, recent }: History): HistoryRecord['state'] => ({ firstAt, mark, older, recent });

/** One for each key, in their order. */
function inOrder(keys: readonly Key[], rows: readonly HistoryRecord[]): readonly History[] {
  const found = new Map(rows.map((row) => [nameOfKey(row), toHistory(row)]));
  return keys.map((key) => found.get(nameOfKey(key)) ?? History.empty(key.kind, key.key));
}

export const postgresHistories = ({ sql }: PostgresTx): KeyHistories => ({
  async lock(keys) {
    if (keys.length === 0) return [];
    const asked = JSON.stringify(keys);
    const [, rows] = await together(sql(MAKE, [asked, JSON.stringify(stateOf(History.empty('customer', '')))]), sql<HistoryRecord>(LOCK, [asked]));
    return inOrder(keys, rows);
  },
  async read(keys) {
    return keys.length === 0 ? [] : inOrder(keys, await sql<HistoryRecord>(READ, [JSON.stringify(keys)]));
  },
  async save(histories) {
    if (histories.length === 0) return;
    const rows = histories.map((history) => {
      const { kind, key, version } = History.check(history);
      return { kind, key, version, state: stateOf(history) };
    });
    await sql(SAVE, [JSON.stringify(rows)]);
  },
});

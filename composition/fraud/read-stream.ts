import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { PaymentTable } from '#domain/fraud/benchmark/payment-table.ts';

/** What is wrong with a file that was given. */
export class BadStream extends Error {
  override readonly name = 'BadStream';
}

const COLUMNS = ['tx_id', 't_seconds', 'customer_id', 'terminal_id', 'amount', 'fraud'] as const;
const SCENARIO = 'scenario';
const INT_MAX = 2 ** 31 - 1;
const INTEGER = /^\d{1,10}$/;
const AMOUNT = /^\d{1,7}(\.\d+)?$/;
const MINOR = 100;
const ROWS_FIRST = 1 << 16;

type Columns = readonly [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array];
type Growing = { columns: Columns; count: number; hasScenarios: boolean };

/** Labelled payments of one or more CSV files, plain or gzipped, merged by time; a row that is in several files counts once. */
export async function readStream(files: readonly string[], say: (line: string) => void): Promise<PaymentTable> {
  const growing: Growing = { columns: empty(ROWS_FIRST), count: 0, hasScenarios: true };
  for (const file of files) {
    const before = growing.count;
    await readFile(file, growing);
    say(`${file}: ${growing.count - before} payments`);
  }
  if (growing.count === 0) throw new BadStream(`${files.join(', ')}: there is no payment in it`);
  const { table, repeated } = merged(growing);
  if (repeated > 0) say(`${repeated} payments were given more than once and count once`);
  return table;
}

async function readFile(file: string, growing: Growing): Promise<void> {
  let place: readonly number[] | undefined;
  let line = 0;
  let rest = '';
  const take = (text: string): void => {
    line += 1;
    if (place === undefined) place = readHeader(file, text, growing);
    else if (text.trim() !== '') addRow(file, line, text, place, growing);
  };
  const lines = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of chunks) {
      const parts = (rest + chunk.toString('latin1')).split('\n');
      rest = parts.pop() as string;
      for (const part of parts) take(part);
    }
    if (rest !== '') take(rest);
  };
  try {
    if (file.endsWith('.gz')) await pipeline(createReadStream(file), createGunzip(), lines);
    else await pipeline(createReadStream(file), lines);
  } catch (error) {
    throw error instanceof BadStream ? error : new BadStream(`${file}: ${unreadable(error as NodeJS.ErrnoException)}`);
  }
  if (place === undefined) throw new BadStream(`${file}: it is empty; its first row must be ${COLUMNS.join(',')}`);
}

function unreadable({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES') return 'it may not be read';
  if (code?.startsWith('Z_')) return `it is not a whole gzip file (${message})`;
  return message;
}

/** Where each column stands, the scenario's place last (-1: it has none). Other columns are ignored. */
function readHeader(file: string, text: string, growing: Growing): readonly number[] {
  const names = text
    .replace(/^\u00ef\u00bb\u00bf/, '') // A byte-order mark, read as latin-1.
    .split(',')
    .map((name) => name.trim());
  const missing = COLUMNS.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new BadStream(`${file}, row 1: the header lacks ${missing.join(', ')}; it must name ${COLUMNS.join(',')} and may name ${SCENARIO}`);
  }
  if (!names.includes(SCENARIO)) growing.hasScenarios = false;
  return [...COLUMNS, SCENARIO].map((name) => names.indexOf(name));
}

function addRow(file: string, line: number, text: string, place: readonly number[], growing: Growing): void {
  const cells = text.split(',');
  const cell = (column: number): string => cells[place[column] as number]?.trim() ?? '';
  const wrong = (column: number, wanted: string): never => {
    throw new BadStream(`${file}, row ${line}: ${COLUMNS[column] ?? SCENARIO} ${JSON.stringify(cell(column))} is not ${wanted}`);
  };
  const { count } = growing;
  if (count === growing.columns[0].length) growing.columns = widened(growing.columns);
  for (let column = 0; column < 4; column++) {
    const value = Number(cell(column));
    if (!INTEGER.test(cell(column)) || value > INT_MAX) wrong(column, 'a whole number of 0 or more');
    (growing.columns[column] as Int32Array)[count] = value;
  }
  if (!AMOUNT.test(cell(4))) wrong(4, 'an amount of 0 or more, below ten million');
  growing.columns[4][count] = Math.round(Number(cell(4)) * MINOR);
  if (cell(5) !== '0' && cell(5) !== '1') wrong(5, '0 or 1');
  growing.columns[5][count] = Number(cell(5));
  if (place[6] !== -1 && !/^[0-3]$/.test(cell(6))) wrong(6, 'from 0 to 3');
  growing.columns[6][count] = place[6] === -1 ? 0 : Number(cell(6));
  growing.count += 1;
}

const empty = (size: number): Columns => {
  const column = () => new Int32Array(size);
  return [column(), column(), column(), column(), column(), column(), column()];
};

function widened(columns: Columns): Columns {
  const wider = empty(columns[0].length * 2);
  columns.forEach((column, i) => {
    wider[i]?.set(column);
  });
  return wider;
}

/** In time order, then by id; equal rows once. */
function merged({ columns, count, hasScenarios }: Growing): { readonly table: PaymentTable; readonly repeated: number } {
  const value = (column: number, row: number): number => (columns[column] as Int32Array)[row] as number;
  const order = Uint32Array.from({ length: count }, (_, row) => row);
  order.sort((a, b) => value(1, a) - value(1, b) || value(0, a) - value(0, b) || a - b);
  const kept = order.filter((row, i) => i === 0 || [0, 1, 2, 3, 4, 5].some((column) => value(column, row) !== value(column, order[i - 1] as number)));
  const column = (index: number): Int32Array => Int32Array.from(kept, (row) => value(index, row));
  const table: PaymentTable = {
    ids: column(0),
    times: column(1),
    customers: column(2),
    terminals: column(3),
    amounts: column(4),
    frauds: Uint8Array.from(column(5)),
    scenarios: hasScenarios ? Uint8Array.from(column(6)) : undefined,
  };
  return { table, repeated: count - kept.length };
}

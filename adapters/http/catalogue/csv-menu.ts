import { CsvError, parse } from 'csv-parse/sync';
import { IMPORT_ERRORS_MAX, IMPORT_ROWS_MAX, type ImportField, type ImportRow, type RowFault } from '#domain/catalogue/import-row.ts';

const COLUMNS: readonly ImportField[] = ['category', 'name', 'description', 'price', 'taxClass', 'diet', 'tags', 'allergens', 'available'];
const REQUIRED: readonly ImportField[] = ['category', 'name', 'price'];
const HEADER_ROW = 1;
/** Blank rows are skipped, but not read without end. */
const RECORDS_MAX = 2 * IMPORT_ROWS_MAX + HEADER_ROW;

const FORMAT = { bom: true, relax_column_count: true, record_delimiter: ['\r\n', '\n', '\r'] };

type Cells = readonly string[] | 'unreadable';
export type CsvMenu = { readonly rows: readonly ImportRow[]; readonly faults: readonly RowFault[] } | 'too_large';

/** Reads a menu as spreadsheets save it: commas, a header row, with or without a byte order mark, any line ends. Cells are text, formulas too. */
export function readCsvMenu(text: string): CsvMenu {
  const records = readRecords(text);
  if (records.length > RECORDS_MAX) return 'too_large';
  const [header = [], ...body] = records;
  if (header === 'unreadable') return { rows: [], faults: [{ row: HEADER_ROW, field: 'header', why: 'unreadable' }] };
  const columns = header.map((cell) => COLUMNS.find((column) => column.toLowerCase() === cell.trim().toLowerCase()));
  const faults = headerFaults(header, columns);
  if (faults.length > 0) return { rows: [], faults };

  const rows: ImportRow[] = [];
  const misread: RowFault[] = [];
  const width = columns.findLastIndex((column) => column !== undefined) + 1;
  for (const [index, cells] of body.entries()) {
    const row = index + HEADER_ROW + 1;
    const why = misfit(cells, width);
    if (why !== undefined) misread.push({ row, field: 'row', why, ...(cells !== 'unreadable' && { value: cells.join(',') }) });
    else if (cells !== 'unreadable' && !isBlank(cells)) rows.push(toRow(row, (column) => cells[columns.indexOf(column)] ?? ''));
  }
  return { rows, faults: misread };
}

/** Why the cells of a row cannot be told apart: one too many or too few, and every other may stand in the wrong column. */
function misfit(cells: Cells, width: number): 'unreadable' | 'too_few_cells' | 'too_many_cells' | undefined {
  if (cells === 'unreadable') return cells;
  if (isBlank(cells)) return undefined;
  if (cells.length < width) return 'too_few_cells';
  return isBlank(cells.slice(width)) ? undefined : 'too_many_cells';
}

const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '');

/** Every record, one after the other. After one whose quotes are out of place reading goes on at the next line, until there are more than can be told. */
function readRecords(text: string): Cells[] {
  const records: Cells[] = [];
  let rest = Buffer.from(text);
  for (let unreadable = 0; unreadable < IMPORT_ERRORS_MAX; unreadable++) {
    let end = 0;
    const keep = (cells: string[], { bytes }: { readonly bytes: number }): null => {
      records.push(cells);
      end = bytes;
      return null;
    };
    try {
      parse(rest, { ...FORMAT, to: RECORDS_MAX + 1 - records.length, on_record: keep });
      return records;
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      records.push('unreadable');
      rest = afterLine(rest, end);
    }
    if (rest.length === 0 || records.length > RECORDS_MAX) return records;
  }
  return records;
}

function afterLine(bytes: Buffer<ArrayBuffer>, from: number): Buffer<ArrayBuffer> {
  const ends = [bytes.indexOf('\n', from), bytes.indexOf('\r', from)].filter((end) => end !== -1);
  if (ends.length === 0) return bytes.subarray(bytes.length);
  const end = Math.min(...ends);
  return bytes.subarray(bytes.toString('latin1', end, end + 2) === '\r\n' ? end + 2 : end + 1);
}

function headerFaults(header: readonly string[], columns: readonly (ImportField | undefined)[]): RowFault[] {
  const fault = (field: string, why: RowFault['why']): RowFault => ({ row: HEADER_ROW, field, why });
  if (columns.every((column) => column === undefined)) return [{ ...fault('header', 'no_header'), value: header.join(','), known: COLUMNS }];
  const unknown = header.filter((cell, index) => columns[index] === undefined && cell.trim() !== '').map((cell) => cell.trim().slice(0, 60));
  const twice = COLUMNS.filter((column) => columns.filter((other) => other === column).length > 1);
  const missing = REQUIRED.filter((column) => !columns.includes(column));
  return [
    ...unknown.map((name) => fault(name, 'unknown_column')),
    ...twice.map((name) => fault(name, 'duplicate_column')),
    ...missing.map((name) => fault(name, 'missing_column')),
  ];
}

const toRow = (row: number, cell: (column: ImportField) => string): ImportRow => ({
  row,
  category: cell('category'),
  name: cell('name'),
  description: cell('description'),
  price: cell('price'),
  taxClass: cell('taxClass'),
  diet: cell('diet'),
  tags: labels(cell('tags')),
  allergens: labels(cell('allergens')),
  available: cell('available'),
});

const labels = (cell: string): string[] => cell.split(/[;|,]/);

import { CsvError, parse } from 'csv-parse/sync';
import { IMPORT_ROWS_MAX, type ImportField, type ImportRow, type RowFault } from '#domain/catalogue/import-row.ts';

const COLUMNS: readonly ImportField[] = ['category', 'name', 'description', 'price', 'taxClass', 'diet', 'tags', 'allergens', 'available'];
const REQUIRED: readonly ImportField[] = ['category', 'name', 'price'];
const HEADER_ROW = 1;
/** Blank rows are skipped, but not read without end. */
const RECORDS_MAX = 2 * IMPORT_ROWS_MAX + HEADER_ROW;

export type CsvMenu = { readonly rows: readonly ImportRow[]; readonly faults: readonly RowFault[] } | 'too_large';

/** Reads a menu as spreadsheets save it: commas, a header row, with or without a byte order mark, any line ends. Cells are text, formulas too. */
export function readCsvMenu(text: string): CsvMenu {
  const records = readRecords(text);
  if (!Array.isArray(records)) return { rows: [], faults: [records] };
  if (records.length > RECORDS_MAX) return 'too_large';
  const [header = [], ...body] = records;
  const columns = header.map((cell) => COLUMNS.find((column) => column.toLowerCase() === cell.trim().toLowerCase()));
  const faults = headerFaults(header, columns);
  if (faults.length > 0) return { rows: [], faults };

  const rows: ImportRow[] = [];
  const surplus: RowFault[] = [];
  for (const [index, cells] of body.entries()) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    const row = index + HEADER_ROW + 1;
    if (cells.slice(columns.length).some((cell) => cell.trim() !== '')) surplus.push({ row, field: 'row', why: 'too_many_cells' });
    rows.push(toRow(row, (column) => cells[columns.indexOf(column)] ?? ''));
  }
  return { rows, faults: surplus };
}

function readRecords(text: string): string[][] | RowFault {
  try {
    return parse(text, { bom: true, relax_column_count: true, record_delimiter: ['\r\n', '\n', '\r'], to: RECORDS_MAX + 1 });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { row: Number(error['records']) + 1, field: 'row', why: 'unreadable' };
  }
}

function headerFaults(header: readonly string[], columns: readonly (ImportField | undefined)[]): RowFault[] {
  const fault = (field: string, why: RowFault['why']): RowFault => ({ row: HEADER_ROW, field, why });
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

import type { ImportField, ImportRow, RowFault } from './import-row.ts';

const SHAPE_FAULTS = {
  category: 'not_text',
  name: 'not_text',
  description: 'not_text',
  price: 'not_a_price',
  taxClass: 'not_text',
  diet: 'not_text',
  tags: 'not_a_list',
  allergens: 'not_a_list',
  available: 'not_yes_or_no',
} as const satisfies Readonly<Record<ImportField, RowFault['why']>>;
const FIELDS = Object.keys(SHAPE_FAULTS) as readonly ImportField[];

/**
 * A row as a program sent it, of any shape: prices are minor units. What has the wrong type is a fault of the row, and the
 * rest of it is still there to be judged. What is null was not given.
 */
export function readLooseRow(given: unknown, row: number): ImportRow | RowFault {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return { row, field: 'row', why: 'not_an_object', value: shown(given) };
  const faults = Object.keys(given)
    .filter((name) => !(FIELDS as readonly string[]).includes(name))
    .map((name): RowFault => ({ row, field: name.slice(0, 60).toWellFormed(), why: 'unknown_field', known: FIELDS }));
  const read = <T>(field: ImportField, fits: (value: unknown) => value is T, absent: T): T => {
    const value = (given as Readonly<Record<string, unknown>>)[field] ?? absent;
    if (fits(value)) return value;
    faults.push({ row, field, why: SHAPE_FAULTS[field], value: shown(value) });
    return absent;
  };

  return {
    row,
    category: read('category', isText, ''),
    name: read('name', isText, ''),
    description: read('description', isText, ''),
    price: read('price', isAmount, ''),
    taxClass: read('taxClass', isText, ''),
    diet: read('diet', isText, ''),
    tags: read('tags', isTexts, []),
    allergens: read('allergens', isTexts, []),
    available: read('available', isFlag, true),
    faults,
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';
/** Text would be read as major units; the empty one says that there is none. */
const isAmount = (value: unknown): value is number | '' => typeof value === 'number' || value === '';
const shown = (value: unknown): string => (isText(value) ? value : JSON.stringify(value));

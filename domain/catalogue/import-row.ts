import type { Minor } from '../shared/money.ts';
import { err, ok, type Result } from '../shared/result.ts';
import type { CatalogueErrorOf } from './errors.ts';
import { ALLERGENS, DIETS, ITEM_TAGS } from './labels.ts';
import { type Availability, DESCRIPTION_MAX, MenuItem, type MenuItemFacts, UNTAXED } from './menu-item.ts';
import { isName, NAME_MAX, nameKey } from './name.ts';
import { parsePrice, toMinor } from './price-text.ts';

export const IMPORT_ROWS_MAX = 5_000;
export const IMPORT_ERRORS_MAX = 100;
const VALUE_MAX = 60;

/** A row of a menu that is brought in, as it was written. */
export type ImportRow = {
  /** As a person counts in the file. */
  readonly row: number;
  readonly category: string;
  readonly name: string;
  readonly description: string;
  /** Minor units as a number, or a decimal in major units as text. */
  readonly price: number | string;
  readonly taxClass: string;
  readonly diet: string;
  readonly tags: readonly string[];
  readonly allergens: readonly string[];
  readonly available: boolean | string;
  /** What could not be read of it. The fields they name are not judged again. */
  readonly faults?: readonly RowFault[];
};

export type ImportField = Exclude<keyof ImportRow, 'row' | 'faults'>;
/** Why a field of a row cannot be used, with what was written there; of a duplicate, where the first one is. */
export type RowFault = {
  readonly row: number;
  /** A column; of a row that cannot be read at all, `row`, and of the first row of a file, `header`. */
  readonly field: string;
  readonly why:
    | 'missing'
    | 'too_long'
    | 'malformed'
    | 'not_a_price'
    | 'out_of_range'
    | 'unknown'
    | 'duplicate'
    | 'not_yes_or_no'
    | 'missing_column'
    | 'unknown_column'
    | 'duplicate_column'
    | 'no_header'
    | 'too_few_cells'
    | 'too_many_cells'
    | 'unreadable'
    | 'not_an_object'
    | 'unknown_field'
    | 'not_text'
    | 'not_a_list';
  readonly value?: string;
  /** What it could have been. */
  readonly known?: readonly string[];
  readonly firstRow?: number;
};

/** A row that can be used. */
export type ImportedItem = Pick<MenuItemFacts, 'name' | 'description' | 'price' | 'taxClass' | 'diet' | 'tags' | 'allergens'> & {
  readonly category: string;
  readonly availability: Availability;
};

type ImportError = CatalogueErrorOf<'catalogue.import_too_large' | 'catalogue.import_refused'>;

/** Two items are one when category, name and price are. */
export const itemKey = (category: string, name: string, price: Minor): string => `${price} ${category}\n${nameKey(name)}`;

export const importRefused = (faults: readonly RowFault[]): CatalogueErrorOf<'catalogue.import_refused'> => ({
  code: 'catalogue.import_refused',
  count: faults.length,
  errors: faults
    .slice(0, IMPORT_ERRORS_MAX)
    .map(({ value, ...fault }) => (value === undefined ? fault : { ...fault, value: value.slice(0, VALUE_MAX).toWellFormed() })),
});

/** All the rows, or everything that is wrong with the file: `found` is what was before. `digits` is how many decimals the currency has. */
export function checkRows(
  rows: readonly ImportRow[],
  digits: number,
  taxClasses: readonly string[],
  found: readonly RowFault[] = [],
): Result<readonly ImportedItem[], ImportError> {
  if (rows.length > IMPORT_ROWS_MAX) return err({ code: 'catalogue.import_too_large', limit: IMPORT_ROWS_MAX });
  const faults = [...found];
  const items: ImportedItem[] = [];
  const firstRows = new Map<string, number>();

  for (const given of rows) {
    const { item, key, faults: wrong } = checkRow(given, digits, taxClasses);
    faults.push(...wrong);
    if (item) items.push(item);
    if (key === undefined) continue;
    const firstRow = firstRows.get(key);
    if (firstRow === undefined) firstRows.set(key, given.row);
    else faults.push({ row: given.row, field: 'name', why: 'duplicate', value: given.name.trim(), firstRow });
  }
  return faults.length > 0 ? err(importRefused(faults.sort((a, b) => placeOf(a) - placeOf(b)))) : ok(items);
}

/** Categories are counted by themselves, and stand before the rows. */
const placeOf = ({ row, field }: RowFault): number => (field === 'categories' ? 0 : row);

/** The key of a row whose category, name and price can be used, whatever else is wrong with it. */
type Checked = { readonly item: ImportedItem | undefined; readonly key: string | undefined; readonly faults: readonly RowFault[] };

function checkRow(given: ImportRow, digits: number, taxClasses: readonly string[]): Checked {
  const { row, faults: unread = [] } = given;
  const faults = [...unread];
  const refuse = (field: ImportField, why: RowFault['why'], value = '', known?: readonly string[]): void => {
    if (unread.some((fault) => fault.field === field)) return;
    faults.push({ row, field, why, ...(value !== '' && { value }), ...(known && { known }) });
  };
  const nameOf = (field: 'category' | 'name'): string => {
    const name = given[field].trim();
    if (name === '') refuse(field, 'missing');
    else if (name.length > NAME_MAX) refuse(field, 'too_long', name);
    else if (!isName(name)) refuse(field, 'malformed', name);
    return name;
  };
  const labelsOf = <T extends string>(field: 'tags' | 'allergens', known: readonly T[]): readonly T[] => {
    const labels = given[field].map(labelOf).filter((label) => label !== '');
    const unknown = labels.filter((label) => !(known as readonly string[]).includes(label));
    for (const label of new Set(unknown)) refuse(field, 'unknown', label, known);
    return [...new Set(labels)] as T[];
  };

  const category = nameOf('category');
  const name = nameOf('name');
  const description = given.description.trim();
  if (description.length > DESCRIPTION_MAX) refuse('description', 'too_long', description);
  else if (description.includes('\0')) refuse('description', 'malformed');
  const price = priceOf(given.price, digits);
  if (typeof price === 'string') refuse('price', price, String(given.price).trim());
  const taxClass = given.taxClass.trim();
  if (!MenuItem.isTaxClass(taxClass, taxClasses)) refuse('taxClass', 'unknown', taxClass, [...taxClasses, ...UNTAXED.filter((name) => name !== '')]);
  const diet = labelOf(given.diet);
  const known = DIETS.find((mark) => mark === diet) ?? null;
  if (known === null && diet !== '') refuse('diet', 'unknown', given.diet.trim(), DIETS);
  const tags = labelsOf('tags', ITEM_TAGS);
  const allergens = labelsOf('allergens', ALLERGENS);
  const isAvailable = flagOf(given.available);
  if (isAvailable === undefined) refuse('available', 'not_yes_or_no', String(given.available).trim());

  const isKeyed = !faults.some(({ field }) => field === 'category' || field === 'name' || field === 'price');
  const key = isKeyed && typeof price === 'number' ? itemKey(nameKey(category), name, price) : undefined;
  if (faults.length > 0 || typeof price === 'string') return { item: undefined, key, faults };
  const availability: Availability = { state: isAvailable ? 'in_stock' : 'out_of_stock' };
  return { item: { category, name, description, price, taxClass, diet: known, tags, allergens, availability }, key, faults };
}

function priceOf(price: number | string, digits: number): Minor | 'missing' | 'not_a_price' | 'out_of_range' {
  if (typeof price === 'number') return toMinor(price);
  const text = price.trim();
  return text === '' ? 'missing' : parsePrice(text, digits);
}

/** "Non-Veg" and "non_veg" are the same label. */
const labelOf = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');

const YES: ReadonlySet<string> = new Set(['', 'yes', 'y', 'true', '1']);
const NO: ReadonlySet<string> = new Set(['no', 'n', 'false', '0']);
function flagOf(flag: boolean | string): boolean | undefined {
  if (typeof flag === 'boolean') return flag;
  const text = flag.trim().toLowerCase();
  return YES.has(text) ? true : NO.has(text) ? false : undefined;
}

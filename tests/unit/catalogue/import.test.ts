import { describe, expect, it } from 'vitest';
import { readCsvMenu } from '#adapters/http/catalogue/csv-menu.ts';
import { checkRows, type ImportRow } from '#domain/catalogue/import-row.ts';
import { ALLERGENS, DIETS, ITEM_TAGS } from '#domain/catalogue/labels.ts';
import { readLooseRow } from '#domain/catalogue/loose-row.ts';
import { categoryFaults, planImport } from '#domain/catalogue/menu-import.ts';
import { Money } from '#domain/shared/money.ts';
import { err } from '#domain/shared/result.ts';
import { must } from '../../support/must.ts';

const row = (n: number, changes: Partial<ImportRow> = {}): ImportRow => ({
  row: n,
  category: 'Thali',
  name: `Item ${n}`,
  description: '',
  price: '129',
  taxClass: '',
  diet: '',
  tags: [],
  allergens: [],
  available: '',
  ...changes,
});
const refusal = (rows: readonly ImportRow[]) => {
  const checked = checkRows(rows, 2, ['food']);
  if (checked.ok || checked.error.code !== 'catalogue.import_refused') throw new Error('the rows are refused');
  return checked.error;
};
const faultsOf = (rows: readonly ImportRow[]) => refusal(rows).errors;

describe('the rows of an import', () => {
  it.each<[string, Partial<ImportRow>, object]>([
    ['no category', { category: ' ' }, { field: 'category', why: 'missing' }],
    ['no name', { name: '' }, { field: 'name', why: 'missing' }],
    ['a name too long', { name: 'x'.repeat(121) }, { field: 'name', why: 'too_long', value: 'x'.repeat(60) }],
    ['a name of two lines', { name: 'a\nb' }, { field: 'name', why: 'malformed', value: 'a\nb' }],
    ['no price', { price: ' ' }, { field: 'price', why: 'missing' }],
    ['a price that is none', { price: '₹129' }, { field: 'price', why: 'not_a_price', value: '₹129' }],
    ['a negative price in minor units', { price: -1 }, { field: 'price', why: 'not_a_price', value: '-1' }],
    ['half a minor unit', { price: 0.5 }, { field: 'price', why: 'not_a_price', value: '0.5' }],
    ['a price beyond the most', { price: '10000000.01' }, { field: 'price', why: 'out_of_range', value: '10000000.01' }],
    ['an unknown tax class', { taxClass: 'luxury' }, { field: 'taxClass', why: 'unknown', value: 'luxury', known: ['food', 'none'] }],
    ['an unknown diet', { diet: 'Fishy' }, { field: 'diet', why: 'unknown', value: 'Fishy', known: DIETS }],
    ['an unknown tag', { tags: ['jain', 'tasty'] }, { field: 'tags', why: 'unknown', value: 'tasty', known: ITEM_TAGS }],
    ['an unknown allergen', { allergens: ['pollen'] }, { field: 'allergens', why: 'unknown', value: 'pollen', known: ALLERGENS }],
    ['neither yes nor no', { available: 'maybe' }, { field: 'available', why: 'not_yes_or_no', value: 'maybe' }],
    ['a description too long', { description: 'x'.repeat(2_001) }, { field: 'description', why: 'too_long', value: 'x'.repeat(60) }],
  ])('names %s by row and field', (_, changes, fault) => {
    expect(faultsOf([row(2), row(3, changes), row(4)])).toEqual([{ row: 3, ...fault }]);
  });

  it('tells everything that is wrong at once, up to a hundred', () => {
    expect(faultsOf([row(2, { name: '', price: 'free' }), row(3, { diet: '?' })]).map(({ row: n, field }) => [n, field])).toEqual([
      [2, 'name'],
      [2, 'price'],
      [3, 'diet'],
    ]);
    const { count, errors } = refusal(Array.from({ length: 150 }, (_, i) => row(i + 2, { price: 'x' })));
    expect([count, errors.length]).toEqual([150, 100]);
  });

  it('takes 5000 rows and not one more', () => {
    const rows = Array.from({ length: 5_001 }, (_, i) => row(i + 2));
    expect(must(checkRows(rows.slice(0, 5_000), 2, []))).toHaveLength(5_000);
    expect(checkRows(rows, 2, [])).toEqual(err({ code: 'catalogue.import_too_large', limit: 5_000 }));
  });

  it('takes the same name at two prices or in two categories, but nothing twice', () => {
    const dosas = [row(2, { name: 'Dosa' }), row(3, { name: 'Dosa', price: '139' }), row(4, { name: 'Dosa', category: 'Breakfast' })];
    expect(must(checkRows(dosas, 2, []))).toHaveLength(3);
    expect(faultsOf([row(2, { name: 'Masala  Dosa' }), row(3), row(4, { name: 'masala dosa', category: 'THALI', price: '129.00' })])).toEqual([
      { row: 4, field: 'name', why: 'duplicate', value: 'masala dosa', firstRow: 2 },
    ]);
  });

  it('tells of every unknown label, and of a duplicate whatever else is wrong with the two', () => {
    const given = { name: 'Dosa', tags: ['tasty', 'jain', 'Tasty', 'hot'] };
    expect(faultsOf([row(2, given), row(3, { name: 'dosa', diet: '?' })])).toMatchObject([
      { row: 2, field: 'tags', value: 'tasty' },
      { row: 2, field: 'tags', value: 'hot' },
      { row: 3, field: 'diet', value: '?' },
      { row: 3, field: 'name', why: 'duplicate', firstRow: 2 },
    ]);
  });

  it('tells what could not be read together with what is wrong with the rest, in the order of the file', () => {
    const unread = [
      { row: 2, field: 'categories', why: 'malformed' as const },
      { row: 3, field: 'row', why: 'unreadable' as const },
    ];
    const checked = checkRows([row(2, { diet: '?' }), row(4, { price: 'x' })], 2, [], unread);
    expect(checked).toMatchObject(
      err({
        count: 4,
        errors: [
          { row: 2, field: 'categories' },
          { row: 2, field: 'diet' },
          { row: 3, field: 'row' },
          { row: 4, field: 'price' },
        ],
      }),
    );
  });

  it('reads labels as people write them', () => {
    const given = { diet: 'Non-Veg', tags: ['Gluten free', ' spicy ', ''], allergens: ['Milk', 'milk'], available: 'No', taxClass: ' food ' };
    const [item] = must(checkRows([row(2, given)], 2, ['food']));
    expect(item).toMatchObject({
      diet: 'non_veg',
      tags: ['gluten_free', 'spicy'],
      allergens: ['milk'],
      availability: { state: 'out_of_stock' },
      taxClass: 'food',
    });
    expect(must(checkRows([row(2)], 2, []))[0]).toMatchObject({ diet: null, availability: { state: 'in_stock' }, price: 12_900 });
  });

  it('keeps a formula as the text it is', () => {
    expect(must(checkRows([row(2, { name: '=HYPERLINK("x")' })], 2, []))[0]?.name).toBe('=HYPERLINK("x")');
  });
});

describe('a row of any shape', () => {
  const read = (given: unknown) => {
    const loose = readLooseRow(given, 4);
    if ('why' in loose) throw new Error('it is read');
    return loose;
  };
  const GOOD = { category: 'Thali', name: 'Dosa', price: 12_900 };

  it('is read with what it leaves out, and null is left out', () => {
    for (const given of [GOOD, { ...GOOD, description: null, diet: null, tags: null, available: null }]) {
      expect(read(given)).toEqual({ ...row(4, { name: 'Dosa', price: 12_900 }), available: true, faults: [] });
      expect(must(checkRows([read(given)], 2, []))).toMatchObject([{ name: 'Dosa', price: 12_900, availability: { state: 'in_stock' } }]);
    }
  });

  it.each([null, 5, 'Dosa', [], ['Dosa']])('is no row when it is no object: %j', (given) => {
    expect(readLooseRow(given, 4)).toMatchObject({ row: 4, field: 'row', why: 'not_an_object' });
  });

  it.each<[object, object]>([
    [{ price: 1.5 }, { field: 'price', why: 'not_a_price', value: '1.5' }],
    [{ price: '129.00' }, { field: 'price', why: 'not_a_price', value: '129.00' }],
    [{ price: {} }, { field: 'price', why: 'not_a_price', value: '{}' }],
    [{ price: null }, { field: 'price', why: 'missing' }],
    [{ name: undefined }, { field: 'name', why: 'missing' }],
    [{ name: 7 }, { field: 'name', why: 'not_text', value: '7' }],
    [{ category: {} }, { field: 'category', why: 'not_text', value: '{}' }],
    [{ tags: 'jain' }, { field: 'tags', why: 'not_a_list', value: 'jain' }],
    [{ allergens: [1] }, { field: 'allergens', why: 'not_a_list', value: '[1]' }],
    [{ available: 'maybe' }, { field: 'available', why: 'not_yes_or_no', value: 'maybe' }],
    [{ colour: 'red' }, { field: 'colour', why: 'unknown_field' }],
    [{ faults: [] }, { field: 'faults', why: 'unknown_field' }],
  ])('with %j has that one fault', (changes, fault) => {
    expect(faultsOf([read({ ...GOOD, ...changes })])).toMatchObject([{ row: 4, ...fault }]);
  });

  it('has all its faults told at once', () => {
    const fields = faultsOf([read({ name: 5, price: '1', diet: 'fishy', extra: 1 })]).map(({ field }) => field);
    expect(fields.toSorted()).toEqual(['category', 'diet', 'extra', 'name', 'price']);
  });
});

describe('a menu in CSV', () => {
  const read = (text: string) => {
    const menu = readCsvMenu(text);
    if (menu === 'too_large') throw new Error('too large');
    return menu;
  };

  it('is read with a byte order mark, CRLF, quotes, columns in any order and blank rows, counted as a person counts', () => {
    const { rows, faults } = read(
      '\ufeff"Price",NAME,category,tags\r\n"129.50","Dosa, ""masala""",South,jain;spicy\r\n\r\n , ,,\r\n99,"Two\r\nlines",South,\r\n80,Whole,South,,,',
    );
    expect(faults).toEqual([]);
    expect(rows.map(({ row: n, name, price, category, tags }) => [n, name, price, category, tags])).toEqual([
      [2, 'Dosa, "masala"', '129.50', 'South', ['jain', 'spicy']],
      [5, 'Two\r\nlines', '99', 'South', ['']],
      [6, 'Whole', '80', 'South', ['']],
    ]);
  });

  it('is read with the line ends of any system', () => {
    for (const end of ['\n', '\r', '\r\n'])
      expect(read(['category,name,price', 'A,B,1', 'A,C,2', ''].join(end)).rows.map(({ row: n }) => n)).toEqual([2, 3]);
  });

  it('needs a header that says what is what', () => {
    for (const text of ['', '\ufeff', 'Breakfast,Dosa,129', 'category;name;price\nA;B;1']) {
      expect(read(text).faults).toEqual([
        { row: 1, field: 'header', why: 'no_header', value: text.replace('\ufeff', '').split('\n')[0], known: expect.any(Array) },
      ]);
    }
    expect(read('"category,name,price\nA,B,1')).toEqual({ rows: [], faults: [{ row: 1, field: 'header', why: 'unreadable' }] });
    expect(read('category,name,colour,name\nA,B,red,C').faults).toEqual([
      { row: 1, field: 'colour', why: 'unknown_column' },
      { row: 1, field: 'name', why: 'duplicate_column' },
      { row: 1, field: 'price', why: 'missing_column' },
    ]);
  });

  it('reads on after a row it cannot read', () => {
    const { rows, faults } = read('\ufeffname,category,price\r\nए,A,1\r\nB,"A"x,1\r\nC,A,1\r\n"D,A\r\nE,A,1\r\n');
    expect(faults.map(({ row: n, why }) => [n, why])).toEqual([
      [3, 'unreadable'],
      [5, 'unreadable'],
    ]);
    expect(rows.map(({ row: n, name }) => [n, name])).toEqual([
      [2, 'ए'],
      [4, 'C'],
      [6, 'E'],
    ]);
    expect(read(`category,name,price\n${'A,"B"x,1\n'.repeat(1_000)}`).faults).toHaveLength(100);
  });

  it('names rows with other cells than the header, once each, and reads the others', () => {
    const { rows, faults } = read('category,name,price,diet\nA,B,1\nA,C,1,veg\nA,D,1,veg,oops,nine\nA,E,1,,,\nA');
    expect(faults).toEqual([
      { row: 2, field: 'row', why: 'too_few_cells', value: 'A,B,1' },
      { row: 4, field: 'row', why: 'too_many_cells', value: 'A,D,1,veg,oops,nine' },
      { row: 6, field: 'row', why: 'too_few_cells', value: 'A' },
    ]);
    expect(rows.map(({ row: n }) => n)).toEqual([3, 5]);
  });

  it('names a row it cannot read, and cells beyond the header', () => {
    expect(read('category,name,price\nA,B,1\nA,"C"x,1\nA,D,1').faults).toEqual([{ row: 3, field: 'row', why: 'unreadable' }]);
    expect(read('category,name,price\nA,B,1\nA,C,1\nA,"D,1\nA,E,1').faults).toEqual([{ row: 4, field: 'row', why: 'unreadable' }]);
    expect(read('category,name,price,\nA,B,1,,\nA,C,1,,oops').faults).toEqual([
      { row: 3, field: 'row', why: 'too_many_cells', value: 'A,C,1,,oops' },
    ]);
  });

  it('does not read on without end', () => {
    expect(readCsvMenu(`category,name,price${'\n'.repeat(10_002)}A,B,1`)).toBe('too_large');
    expect(read(`category,name,price${'\n'.repeat(9_000)}A,B,1`).rows).toHaveLength(1);
  });
});

describe('the plan of an import', () => {
  let made = 0;
  const standing = { restaurantId: 'r', categories: [], items: [], taxClasses: [] };
  const plan = (rows: readonly ImportRow[], categories: Parameters<typeof planImport>[1]['categories'] = []) =>
    planImport(standing, { categories, items: must(checkRows(rows, 2, [])) }, () => `id-${++made}`, 1);

  it('makes each category once, those that are listed first, and puts items in the order of the file', () => {
    const { categories, items } = must(
      plan([row(2, { category: 'Rice' }), row(3, { category: 'bread' }), row(4, { category: 'RICE' })], [{ name: 'Bread', position: 4, hours: [] }]),
    );
    expect(categories.map(({ state: { name, position, hours } }) => [name, position, hours])).toEqual([
      ['Bread', 4, []],
      ['Rice', 5, null],
    ]);
    const [bread, rice] = categories.map(({ state }) => state.id);
    expect(items.map(({ state }) => [state.categoryId, state.position, state.version])).toEqual([
      [rice, 0, 0],
      [bread, 0, 0],
      [rice, 1, 0],
    ]);
  });

  it('refuses more than a menu holds', () => {
    const items = Array.from({ length: 9_999 }, (_, i) => ({ categoryId: 'c', name: `n${i}`, price: Money.of(1), position: i }));
    const given = { categories: [], items: must(checkRows([row(2), row(3)], 2, [])) };
    expect(planImport({ ...standing, items }, given, () => `id-${++made}`, 1)).toEqual(
      err({ code: 'catalogue.menu_full', kind: 'items', limit: 10_000 }),
    );
    expect(planImport({ ...standing, items: items.slice(1) }, given, () => `id-${++made}`, 1).ok).toBe(true);
    expect(plan(Array.from({ length: 501 }, (_, i) => row(i, { category: `c${i}` })))).toEqual(
      err({ code: 'catalogue.menu_full', kind: 'categories', limit: 500 }),
    );
  });

  it('checks the categories that are listed', () => {
    const listed = [
      { name: 'A', position: undefined, hours: null },
      { name: 'a', position: 2, hours: null },
      { name: 'B', position: 0, hours: [{ day: 1 as const, from: '24:00', to: '02:00' }] },
    ];
    expect(categoryFaults(listed)).toEqual([
      { row: 2, field: 'categories', why: 'duplicate', value: 'a', firstRow: 1 },
      { row: 3, field: 'categories', why: 'malformed', value: 'B' },
    ]);
  });
});

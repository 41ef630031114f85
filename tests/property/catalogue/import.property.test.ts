import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkRows, type ImportRow } from '#domain/catalogue/import-row.ts';
import { planImport } from '#domain/catalogue/menu-import.ts';
import { parsePrice } from '#domain/catalogue/price-text.ts';
import { MINOR_MAX } from '#domain/shared/money.ts';
import { must } from '../../support/must.ts';

it('every amount survives being written as a decimal, with any zeros after it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: MINOR_MAX }), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 3 }), (amount, digits, zeros) => {
      const padded = String(amount).padStart(digits + 1, '0');
      const whole = padded.slice(0, padded.length - digits);
      const fraction = padded.slice(padded.length - digits) + '0'.repeat(zeros);
      expect(parsePrice(fraction === '' ? whole : `${whole}.${fraction}`, digits)).toBe(amount);
    }),
  );
});

it('no text becomes an amount but those that say it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-+]?[0-9.,e ]{1,14}$/)), (text) => {
      const parsed = parsePrice(text, 2);
      if (typeof parsed === 'number') expect(Math.abs(Number(text) * 100 - parsed)).toBeLessThan(1e-3);
      else expect(/^\d{1,8}(\.\d\d?)?$/.test(text) && Number(text) * 100 <= MINOR_MAX).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});

const row = fc.record({
  category: fc.constantFrom('Rice', 'rice', 'Bread', ' Bread '),
  name: fc.constantFrom('Biryani', 'biryani', 'Naan', 'Roti', 'Thali'),
  price: fc.constantFrom('1', '1.00', '2', 100, 200),
  available: fc.boolean(),
});
const BLANK = { description: '', taxClass: '', diet: '', tags: [], allergens: [] };

it('a file brought in twice, or in any order, leaves the same menu', () => {
  let whole = 0;
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), fc.integer(), (given, seed) => {
      const rows = given.map((one, i): ImportRow => ({ ...BLANK, ...one, row: i + 2 }));
      const checked = checkRows(rows, 2, []);
      const keyOf = ({ category, name, price }: (typeof rows)[number]) =>
        `${category.trim()} ${name} ${Number(price) * (typeof price === 'number' ? 1 : 100)}`.toLowerCase();
      expect(checked.ok).toBe(new Set(rows.map(keyOf)).size === rows.length);
      if (!checked.ok) return;
      whole += 1;

      let made = 0;
      const newId = () => `id-${++made}`;
      const bringIn = (items: typeof checked.value, before?: { categories: never[]; items: never[] }) =>
        must(planImport({ restaurantId: 'r', taxClasses: [], categories: [], items: [], ...before }, { categories: [], items }, newId, 1));
      const first = bringIn(checked.value);
      const menu = { categories: first.categories.map(({ state }) => state) as never[], items: first.items.map(({ state }) => state) as never[] };
      expect(first.items).toHaveLength(rows.length);
      expect(bringIn(checked.value, menu)).toEqual({ categories: [], items: [], unchanged: rows.length });
      const shuffled = checked.value.toSorted((a, b) => Math.sin(seed + a.price + a.name.length) - Math.sin(seed + b.price + b.name.length));
      expect(bringIn(shuffled, menu).items).toEqual([]);
    }),
  );
  expect(whole).toBeGreaterThan(20);
});

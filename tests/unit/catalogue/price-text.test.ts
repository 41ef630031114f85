import { describe, expect, it } from 'vitest';
import { minorDigits, parsePrice } from '#domain/catalogue/price-text.ts';

describe('a price as people write it', () => {
  it('has the decimals of its currency', () => {
    expect(['INR', 'GBP', 'JPY', 'KWD'].map(minorDigits)).toEqual([2, 2, 0, 3]);
  });

  it.each<[string, number, number | string]>([
    ['129', 2, 12_900],
    ['129.5', 2, 12_950],
    ['129.50', 2, 12_950],
    ['0.1', 2, 10],
    ['1.005', 3, 1_005],
    ['8.20', 2, 820], // 8.2 * 100 is 819.9999999999999.
    ['129.000', 2, 12_900],
    ['500', 0, 500],
    ['500.00', 0, 500],
    ['0', 2, 0],
    ['007', 2, 700],
    ['10000000', 2, 1_000_000_000],
    ['10000000.01', 2, 'out_of_range'],
    ['999999999999', 2, 'out_of_range'],
    ['129.505', 2, 'not_a_price'],
    ['0.5', 0, 'not_a_price'],
    ['-1', 2, 'not_a_price'],
    ['+1', 2, 'not_a_price'],
    ['1e3', 2, 'not_a_price'],
    ['.5', 2, 'not_a_price'],
    ['5.', 2, 'not_a_price'],
    ['1,299', 2, 'not_a_price'],
    ['12,50', 2, 'not_a_price'],
    ['₹129', 2, 'not_a_price'],
    ['=1+2', 2, 'not_a_price'],
    ['Infinity', 2, 'not_a_price'],
    ['१२९', 2, 'not_a_price'],
    ['0x10', 2, 'not_a_price'],
    ['9'.repeat(13), 2, 'not_a_price'],
  ])('%s with %i decimals is %s', (text, digits, expected) => {
    expect(parsePrice(text, digits)).toBe(expected);
  });
});

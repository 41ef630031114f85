import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { OrderBody } from '#adapters/http/ordering/inputs.ts';
import {
  Amount,
  CalendarDate,
  count,
  dateRange,
  decimal,
  Email,
  futureInstant,
  Name,
  Password,
  Phone,
  TableNumber,
  Text,
  WebAddress,
} from '#adapters/http/validators.ts';

const NOW = Date.parse('2026-11-21T10:30:00Z');
const ID = '019a9f3e-7c40-7b1c-9d55-3f1f1c2b7a10';
const order = (changes: object = {}) => ({
  restaurantId: ID,
  diningOption: 'takeaway',
  payment: 'cash',
  lines: [{ itemId: ID, quantity: 1 }],
  ...changes,
});
const at = (address: object) =>
  order({ diningOption: 'delivery', deliveryAddress: { line1: '12 MG Road', city: 'Pune', postalCode: '411001', ...address } });

type Case = readonly [name: string, schema: z.ZodType, good: readonly unknown[], bad: readonly unknown[]];
const CASES: readonly Case[] = [
  [
    'email',
    Email,
    ['meera@example.com', ' Meera+tiffin@Example.COM '],
    [
      'meera',
      'a@b',
      'a@x.co,b@y.co',
      'a@x.co\r\nBcc: b@y.co',
      'a\0@x.co',
      `${'a'.repeat(65)}@x.co`,
      `a@${'x'.repeat(250)}.co`,
      '',
      7,
      null,
      ['a@x.co'],
    ],
  ],
  [
    'phone',
    Phone,
    ['+91 98765 43210', '098765 43210', '9876543210', '+44 20 7946 0958', '٠٩٨٧٦٥٤٣٢١٠'],
    ['12345', '+91 1', 'call me', '+91 98765 43210 or 2', '', 9_876_543_210, `+${'9'.repeat(40)}`],
  ],
  ['password', Password, ['x', 'x'.repeat(256)], ['', 'x'.repeat(257), 7, null]],
  ['amount', Amount, [0, 12_900, 10_000_000_00], [-1, 0.5, 10_000_000_01, 1e308, Number.NaN, '12900', null]],
  ['decimal precision', decimal(2, { min: 0, max: 100 }), [0, 2.5, 99.99, 0.1 + 0.2, 100], [2.555, -0.01, 100.01, '2.5', Number.POSITIVE_INFINITY]],
  ['quantity', count(99), [1, 99], [0, 100, 1.5, -1, 2 ** 31, '1', true]],
  ['table number', TableNumber, ['12', 'A7', 'T-4', 'Hof 3', 'छत 2', ' 5 '], ['', '-1', 'A'.repeat(11), 'A;7', '<b>', 'A\n7', 7]],
  ['date', CalendarDate, ['2026-11-21', '2028-02-29'], ['2026-02-30', '2027-02-29', '21-11-2026', '2026-11-21T00:00:00Z', '', 20_261_121]],
  [
    'date range',
    dateRange(31),
    [
      { from: '2026-11-21', to: '2026-11-21' },
      { from: '2026-11-01', to: '2026-12-02' },
    ],
    [
      { from: '2026-11-21', to: '2026-11-20' },
      { from: '2026-11-01', to: '2026-12-03' },
      { from: '2026-11-01' },
      { from: '2026-11-01', to: '2026-11-02', tz: 'x' },
    ],
  ],
  [
    'future date',
    futureInstant(() => NOW, 7),
    ['2026-11-21T10:30:01Z', '2026-11-28T16:00:00+05:30'],
    ['2026-11-21T10:30:00Z', '2026-11-20T10:30:00Z', '2026-11-28T10:30:01Z', '2026-11-22', 'tomorrow'],
  ],
  [
    'URL',
    WebAddress,
    ['https://example.com/hooks?a=1', 'https://hooks.example.co.in:8443/'],
    [
      'http://example.com',
      'https://user:secret@example.com',
      'javascript:alert(1)',
      'https://localhost/',
      '//example.com',
      'https://exa mple.com',
      'https://example.com/\n',
      `https://example.com/${'x'.repeat(2_100)}`,
      '',
    ],
  ],
  ['sanitised name', Name, ['Asha’s Thali', 'रसोई', ' x ', '<b>bold</b>'], ['', '   ', 'a\nb', 'a\u202eb', 'a\u2028b', 'a\u0007', 'x'.repeat(121)]],
  ['sanitised text', Text(20), ['', 'two\nlines', 'emoji 👩‍🍳'], ['a\u202eb', 'a\u0000b', 'x'.repeat(21)]],
  ['payment', OrderBody, [order(), order({ payment: 'online' })], [order({ payment: 'barter' }), order({ payment: { card: '4242424242424242' } })]],
  [
    'order',
    OrderBody,
    [order({ tip: 500 }), at({}), at({ phone: '98765 43210' })],
    [
      order({ lines: [] }),
      order({ total: 1 }),
      order({ tip: -1 }),
      at({ phone: 'call me' }),
      at({ city: '' }),
      order({ lines: [{ itemId: ID, quantity: 1, price: 1 }] }),
    ],
  ],
];

describe.each(CASES)('%s', (_name, schema, good, bad) => {
  it.each(good.map((value) => [value]))('takes %j', (value) => {
    expect(schema.safeParse(value).error).toBeUndefined();
  });
  it.each(bad.map((value) => [value]))('refuses %j', (value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });
});

it('makes one of what is written in many ways', () => {
  expect(new Set(['+91 98765 43210', '098765 43210', '9876543210', '+91-98765-43210', '٠٩٨٧٦٥٤٣٢١٠'].map((text) => Phone.parse(text)))).toEqual(
    new Set(['+919876543210']),
  );
  expect(Email.parse(' Meera@Example.COM ')).toBe('meera@example.com');
  expect(Name.parse('  Cafe\u0301 ')).toBe('Caf\u00e9');
});

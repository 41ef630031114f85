import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createGunzip, gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse';
import { parse as parseAll } from 'csv-parse/sync';

/** One dish at one price: a name that is sold at two prices is two items. */
export type Dish = { readonly name: string; readonly price: string };
export type ReplayLine = Dish & { readonly quantity: number };
export type ReplayOrder = { readonly number: string; readonly lines: readonly ReplayLine[] };

export const keyOf = ({ name, price }: Dish): string => JSON.stringify([name, cents(price)]);

/** A decimal price in minor units, exactly. */
export function cents(price: string): number {
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d{1,2}))?$/.exec(price.trim()) ?? [];
  if (whole === undefined) throw new Error(`not a price: ${price}`);
  return Number(whole) * 100 + Number(fraction.padEnd(2, '0'));
}

const OPTIONS = { columns: true, bom: true, skip_empty_lines: true, trim: true } as const;

/** The menu's dishes: a CSV with the columns `Item Name` and `Product Price`. */
export async function readMenu(file: string): Promise<readonly Dish[]> {
  const bytes = await readFile(file);
  const rows = parseAll(file.endsWith('.gz') ? gunzipSync(bytes) : bytes, OPTIONS) as Record<string, string>[];
  return rows.map((row) => ({ name: field(row, 'Item Name'), price: field(row, 'Product Price') }));
}

/** The orders in the order of the file: one line a row, with the columns `Order Number`, `Item Name`, `Quantity`, `Product Price`. */
export async function readOrders(file: string): Promise<readonly ReplayOrder[]> {
  const source = createReadStream(file);
  const parser = (file.endsWith('.gz') ? source.pipe(createGunzip()) : source).pipe(parse(OPTIONS));
  const orders = new Map<string, ReplayLine[]>();
  for await (const row of parser as AsyncIterable<Record<string, string>>) {
    const line = { name: field(row, 'Item Name'), price: field(row, 'Product Price'), quantity: Number(field(row, 'Quantity')) };
    const number = field(row, 'Order Number');
    const lines = orders.get(number);
    if (lines) lines.push(line);
    else orders.set(number, [line]);
  }
  return [...orders].map(([number, lines]) => ({ number, lines }));
}

function field(row: Record<string, string>, name: string): string {
  const value = row[name];
  if (value === undefined || value === '') throw new Error(`the file has a row without "${name}"`);
  return value;
}

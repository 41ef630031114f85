import { MINOR_MAX, type Minor, Money } from '../shared/money.ts';

/** How many decimals an amount of the currency is written with: two for INR, none for JPY, three for KWD. */
export function minorDigits(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 0;
}

/** Minor units from a price as people write it, `129` or `129.50`: digit by digit, so nothing is rounded. */
export function parsePrice(text: string, digits: number): Minor | 'not_a_price' | 'out_of_range' {
  const [, whole, fraction = ''] = /^(\d{1,12})(?:\.(\d{1,12}))?$/.exec(text) ?? [];
  const minor = fraction.replace(/0+$/, '');
  if (whole === undefined || minor.length > digits) return 'not_a_price';
  return toMinor(Number(whole + minor.padEnd(digits, '0')));
}

export function toMinor(amount: number): Minor | 'not_a_price' | 'out_of_range' {
  const parsed = Money.parse(amount);
  if (parsed.ok) return parsed.value;
  return Number.isInteger(amount) && amount > MINOR_MAX ? 'out_of_range' : 'not_a_price';
}

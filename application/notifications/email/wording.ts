/** Our mails are in English, as it is written where a currency is at home: the first two letters of most name their country. */
export function localeOf(currency: string): string {
  return currency === 'EUR' ? 'en-IE' : /^[A-Z]{3}$/.test(currency) ? `en-${currency.slice(0, 2)}` : 'en';
}

/** Making a format takes a thousand times as long as using it; there are as many as currencies and time zones. */
const formats = new Map<string, (value: number) => string>();
function formatOf(key: string, make: () => (value: number) => string): (value: number) => string {
  const format = formats.get(key) ?? make();
  formats.set(key, format);
  return format;
}

/** Whole minor units as people write them. */
export function amountText(minor: number, currency: string): string {
  const make = () => {
    const format = new Intl.NumberFormat(localeOf(currency), { style: 'currency', currency });
    const unit = 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2);
    return (value: number) => format.format(value / unit);
  };
  return formatOf(currency, make)(minor);
}

/** An instant by a restaurant's own clock. */
export function timeText(at: number, { currency, timeZone }: { readonly currency: string; readonly timeZone: string }): string {
  const make = () =>
    new Intl.DateTimeFormat(localeOf(currency), {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      hour: 'numeric',
      minute: '2-digit',
      timeZone,
      timeZoneName: 'short',
    }).format;
  return formatOf(`${currency} ${timeZone}`, make)(at);
}

/** Thousandths of a unit as a plain number. */
export const quantityText = (thousandths: number, unit: string): string => `${thousandths / 1_000} ${unit}`;

/** An order's number as it is called out. */
export const numberText = (number: number): string => `#${String(number).padStart(4, '0')}`;

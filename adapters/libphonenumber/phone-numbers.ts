import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { PhoneNumber } from '#domain/identity/phone-number.ts';

const TEXT_MAX = 40;

/** Reads telephone numbers as people write them; one without a country's prefix is of the given country. */
export function phoneNumbers(country: string): (text: string) => PhoneNumber | undefined {
  if (!isSupportedCountry(country)) throw new TypeError(`no such country: ${country}`);
  return (text) => {
    const typed = text.normalize('NFKC').trim();
    if (typed.length > TEXT_MAX || !/^\+?[\p{Nd}\s().-]+$/u.test(typed)) return undefined; // Letters and extensions are no number of a person.
    const number = parsePhoneNumberFromString(typed, { defaultCountry: country as CountryCode, extract: false });
    return number?.isValid() ? PhoneNumber.of(number.number) : undefined;
  };
}

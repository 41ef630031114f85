const DIGITS_MIN = 12;
const DIGITS_MAX = 19;
const LONG_RUN = /\d(?:[\s.\-_/]?\d){11,}/;

/**
 * Whether a text may hold the number of a card: twelve digits in a row, whatever stands between them, or digits anywhere in it that
 * add up as card numbers do. No such number may ever reach us, so it is better to be wrong on this side.
 */
export function looksLikeCardNumber(text: string): boolean {
  const plain = text.normalize('NFKC').replaceAll(/\p{Nd}/gu, decimalOf);
  if (LONG_RUN.test(plain)) return true;
  const digits = plain.replaceAll(/\D/g, '');
  return digits.length >= DIGITS_MIN && digits.length <= DIGITS_MAX && addsUp(digits);
}

/** Every script's digits stand ten in a row, from nought to nine. */
function decimalOf(digit: string): string {
  const code = digit.codePointAt(0) as number;
  let zero = code;
  while (zero > code - 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return /^\d$/.test(digit) ? digit : String((code - zero) % 10);
}

/** The check of ISO/IEC 7812, by Luhn. */
function addsUp(digits: string): boolean {
  let sum = 0;
  for (const [i, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (i % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

import { dictionary } from '@zxcvbn-ts/language-common';

/** Below this a word of the list is part of too many good passwords. */
const LENGTH_MIN = 4;

let known: ReadonlySet<string> | undefined;

/** Whether a text, in lower case, is one of the fifty thousand passwords seen most often in leaks. */
export function isCommonPassword(text: string): boolean {
  known ??= new Set(dictionary['passwords-common']);
  return text.length >= LENGTH_MIN && known.has(text);
}

const NAME_MAX = 80;
/** What a mail program would turn into a link, whoever wrote it: a scheme, an address, a domain, a number that is one. */
const LEADS_SOMEWHERE = /[\\@]|:\/\/|\p{L}:\S|www|[\p{L}\p{N}][.\u3002]\p{L}{2,}|\d+\.\d+\.\d+/iu;
/** What hides or reorders the text around it. Joiners stay: scripts of India need them. */
const HIDES = /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

/** Words that lead nowhere, on one line. */
function withoutLinks(text: string, leads: RegExp, max: number): string {
  const words = text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(HIDES, '')
    .split(' ')
    .filter((word) => !leads.test(word.normalize('NFKC').replaceAll(/\p{Cf}/gu, '')));
  return [...words.join(' ').trim()].slice(0, max).join('').trim();
}

/** What people named or wrote, as it may stand in a mail to others: no links, no hidden signs, not without end. */
export const plainText = (text: string, max: number): string => withoutLinks(text, LEADS_SOMEWHERE, max);

/** A name that leads nowhere: whoever registers somebody else's address chooses what that person reads first. */
export const plainName = (name: string): string => withoutLinks(plainText(name, name.length), /[/:]/, NAME_MAX) || 'there';

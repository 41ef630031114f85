const DOTS = '•••';

/** The first letter, and a last one where that leaves something hidden. Whole letters: half of one cannot be stored. */
function hide(text: string): string {
  const letters = [...text];
  return letters.length > 4 ? `${letters[0]}${DOTS}${letters.at(-1)}` : `${letters[0] ?? ''}${DOTS}`;
}

/** An address, a number or a name as it may be shown: enough to know one's own, too little to learn another's. */
export function mask(identifier: string): string {
  const text = identifier.trim().slice(0, 254).toWellFormed();
  const at = text.lastIndexOf('@');
  if (at > 0) {
    const [name = '', ...rest] = text.slice(at + 1).split('.');
    return `${hide(text.slice(0, at))}@${[hide(name), ...rest.slice(-1)].join('.')}`;
  }
  return /^\+?[\d\s().-]{7,}$/.test(text) ? `${DOTS}${text.replaceAll(/\D/g, '').slice(-2)}` : hide(text);
}

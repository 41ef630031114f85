export const DEPTH_MAX = 32;
/** In one object: nothing of ours has as many fields. How many there are in all, the size of the body bounds. */
const KEYS_MAX = 1_000;
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** `at` counts characters from 0; it is absent where the engine does not say. */
export type JsonFault = { readonly at?: number; readonly why: string };

/**
 * Parses a JSON text (RFC 8259) and refuses what parsers disagree about or programs trip over: nesting beyond DEPTH_MAX,
 * too many or duplicate keys, keys that reach a prototype, NUL characters and lone surrogates in strings.
 */
export function parseJson(text: string): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly fault: JsonFault } {
  const fault = scan(text);
  if (fault) return { ok: false, fault };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, fault: faultOf(error as SyntaxError, text) };
  }
}

/** V8 tells the place of most errors; nothing else is taken from its message, which quotes the body. */
function faultOf({ message }: SyntaxError, text: string): JsonFault {
  const at = message.startsWith('Unexpected end') ? String(text.length) : /at position (\d+)/.exec(message)?.[1];
  if (at === undefined) return { why: 'it is not valid JSON' };
  return { at: Number(at), why: Number(at) >= text.length ? 'it ends too early' : 'it is not valid JSON' };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET, COLON, COMMA] = [0x7b, 0x7d, 0x5b, 0x5d, 0x3a, 0x2c];

/** One pass over the text, before anything is built from it; the grammar itself is JSON.parse's to judge. */
function scan(text: string): JsonFault | undefined {
  const keys: (Set<string> | null)[] = []; // One entry for each open container; null for an array.
  let expectsKey = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      const end = endOfString(text, i);
      if (end === -1) return { at: i, why: 'a string is not closed' };
      const raw = text.slice(i, end + 1);
      const decoded = decode(raw);
      if (decoded === undefined) return { at: i, why: 'a string has an escape or a control character that JSON does not know' };
      if (decoded.includes('\0')) return { at: i, why: 'a string contains NUL' };
      if (!decoded.isWellFormed()) return { at: i, why: 'a string contains half of a surrogate pair' };
      const open = keys.at(-1);
      if (expectsKey && open) {
        if (FORBIDDEN.has(decoded)) return { at: i, why: `the key ${JSON.stringify(decoded)} is not allowed` };
        if (open.has(decoded)) return { at: i, why: `the key ${JSON.stringify(decoded.slice(0, 60))} stands twice in one object` };
        open.add(decoded);
        if (open.size > KEYS_MAX) return { at: i, why: `an object has more than ${KEYS_MAX} keys` };
      }
      expectsKey = false;
      i = end;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      keys.push(code === OPEN_BRACE ? new Set() : null);
      if (keys.length > DEPTH_MAX) return { at: i, why: `it is nested deeper than ${DEPTH_MAX}` };
      expectsKey = code === OPEN_BRACE;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      keys.pop();
      expectsKey = false;
    } else if (code === COMMA) {
      expectsKey = keys.at(-1) != null;
    } else if (code === COLON) {
      expectsKey = false;
    }
  }
  return undefined;
}

function decode(raw: string): string | undefined {
  if (!raw.includes('\\')) return raw.slice(1, -1);
  try {
    return JSON.parse(raw) as string;
  } catch {
    return undefined;
  }
}

function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i++;
    else if (code === QUOTE) return i;
  }
  return -1;
}

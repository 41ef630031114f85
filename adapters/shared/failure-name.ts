/** What a call over the network failed of, in a word: the text of an error may hold the address, and what stands in it. */
export function failureName(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (!(cause instanceof Error)) return 'unknown';
  const { code } = cause as { readonly code?: unknown };
  return typeof code === 'string' ? code : cause.name; // A DOMException has a number there.
}

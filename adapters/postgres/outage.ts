/** Connection refused, reset or timed out; the server shutting down, starting up or out of connections; a disk that is full. */
const OUTAGE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EHOSTUNREACH',
  '57P04',
  '25006',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '53100',
  '08000',
  '08001',
  '08003',
  '08006',
]);
const WORDS = /timeout exceeded when trying to connect|Connection terminated|PGlite is closed|Driver has already been destroyed/;

/** Whether an error means that the database is away, rather than that the statement was wrong. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, cause } = error as Error & { readonly code?: string };
  return OUTAGE.has(code ?? '') || WORDS.test(error.message) || isOutage(cause);
}

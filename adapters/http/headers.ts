const COMMON = {
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
} as const;

/**
 * How JSON is answered. JSON is UTF-8 and knows no charset (RFC 8259), so this changes nothing for whoever keeps to that; some
 * readers take what names none for Latin-1.
 */
export const jsonType = (type: string): string => `${type}; charset=utf-8`;

/** On every answer that is data. */
export const API_HEADERS = {
  ...COMMON,
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'cache-control': 'no-store',
  vary: 'Authorization', // Should a cache keep it all the same, then for nobody else.
} as const;

/** What a browser forgets of us when its user signs out. */
export const FORGET_US = { 'clear-site-data': '"cache", "cookies", "storage"' } as const;

/** On the pages people look at: our own files, and nobody else's. */
export const PAGE_HEADERS = {
  ...COMMON,
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'",
  'cache-control': 'no-cache',
} as const;

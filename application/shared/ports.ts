/** Now, in epoch milliseconds. */
export type Clock = { now(): number };

/** New identifiers: UUIDv7, so that they sort by the time they were made. */
export type Ids = { next(): string };

/** What happened to the process itself, for its operators. Never the place for secrets or personal data. */
export type Log = {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
  error(message: string, facts?: Readonly<Record<string, unknown>>): void;
};

/** Where a request comes from, as far as the edge could tell. `ip` is cut to the part that one household or shop shares. */
export type Origin = { readonly ip: string | null; readonly userAgent: string | null };
export const UNKNOWN_ORIGIN: Origin = { ip: null, userAgent: null };

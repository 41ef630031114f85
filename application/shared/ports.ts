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

/** Where a request came from: the client's address, as our own proxies tell it, and what it calls itself. */
export type Origin = { readonly ip: string; readonly userAgent: string | undefined };
/** Of what this process asks of itself. */
export const UNKNOWN_ORIGIN: Origin = { ip: '127.0.0.1', userAgent: undefined };

/** Something went wrong that somebody should look at. */
export type ErrorReport = { readonly message: string; readonly error: Error; readonly facts: Readonly<Record<string, unknown>> };

/** Tells those who look after the installation of errors. Never waits, never throws, and drops what it cannot take. */
export type ErrorReports = { report(report: ErrorReport): void; stop(): Promise<void> };

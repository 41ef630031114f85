/** One number of a measure, told apart from its others by labels: names and templates, never ids. */
export type Reading = { readonly labels?: Readonly<Record<string, string>>; readonly value: number };

/** What a module lets be watched. `read` is asked at every scrape, so it must be quick and may not fail for long. */
export type Measure = {
  /** By the conventions of Prometheus: `thali_…`, with its unit, and `_total` at the end of what only grows. */
  readonly name: string;
  readonly help: string;
  /** The names of all its labels. */
  readonly labels?: readonly string[];
  read(): readonly Reading[] | Promise<readonly Reading[]>;
};

/** One family of metrics as the text format tells it. */
export type Family = { readonly type: string; readonly help: string; readonly samples: readonly Sample[] };
export type Sample = { readonly name: string; readonly labels: Readonly<Record<string, string>>; readonly value: number };

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];
const UNITS_TO_AVOID = /_(milliseconds|ms|minutes|hours|kilobytes|megabytes|kb|mb)(_|$)/;

/** Reads the Prometheus text format 0.0.4 to the letter, with the rules of `promtool check metrics`; throws at the first breach. */
export function readPrometheus(text: string): ReadonlyMap<string, Family> {
  const families = new Map<string, { type?: string; help?: string; samples: Sample[]; isClosed: boolean }>();
  const fail = (line: string, why: string): never => {
    throw new Error(`${why}: ${line}`);
  };
  if (!text.endsWith('\n')) fail(text.slice(-40), 'the last line has no end');
  let open: string | undefined;
  const familyOf = (name: string, line: string) => {
    if (open !== name) {
      if (open !== undefined) (families.get(open) as { isClosed: boolean }).isClosed = true;
      if (families.get(name)?.isClosed) fail(line, 'a family stands in two places');
      open = name;
    }
    let family = families.get(name);
    if (!family) {
      family = { samples: [], isClosed: false };
      families.set(name, family);
    }
    return family;
  };
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') continue;
    const [, kind, about = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (kind !== undefined) {
      if (!NAME.test(about)) fail(line, 'not a name');
      const family = familyOf(about, line);
      if (family.samples.length > 0) fail(line, 'said after its samples');
      if (kind === 'HELP') {
        if (family.help !== undefined || rest === '') fail(line, 'help is said once');
        family.help = rest;
      } else {
        if (family.type !== undefined || !TYPES.includes(rest)) fail(line, 'a type is said once');
        family.type = rest;
      }
      continue;
    }
    if (line.startsWith('#')) continue;
    const sample = sampleOf(line, fail);
    const base = sample.name.replace(/_(?:bucket|sum|count)$/, '');
    const name = families.get(base)?.type === 'histogram' || families.get(base)?.type === 'summary' ? base : sample.name;
    familyOf(name, line).samples.push(sample);
  }
  const read = new Map<string, Family>();
  for (const [name, { type, help, samples }] of families) {
    if (type === undefined || help === undefined) throw new Error(`${name} has no type or no help`);
    check(name, type, samples);
    read.set(name, { type, help, samples });
  }
  return read;
}

function sampleOf(line: string, fail: (line: string, why: string) => never): Sample {
  const [, name = '', inside, number = ''] =
    /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\S+)(?: -?\d+)?$/.exec(line) ?? [];
  if (name === '') fail(line, 'not a sample');
  const labels: Record<string, string> = {};
  for (const [, label = '', value = ''] of (inside ?? '').matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g)) {
    if (label in labels) fail(line, 'a label twice');
    labels[label] = value;
  }
  const value = /^[+-]?Inf$/.test(number) ? Number(number.replace('Inf', 'Infinity')) : Number(number);
  if (Number.isNaN(value) && number !== 'NaN') fail(line, 'not a number');
  return { name, labels, value };
}

function check(name: string, type: string, samples: readonly Sample[]): void {
  const breach = (why: string): never => {
    throw new Error(`${name}: ${why}`);
  };
  const keys = samples.map((sample) => `${sample.name} ${JSON.stringify(Object.entries(sample.labels).toSorted())}`);
  if (new Set(keys).size !== keys.length) breach('the same sample twice');
  if ((type === 'counter') !== name.endsWith('_total')) breach(`a ${type} by its type and not by its name`);
  if (type !== 'histogram' && type !== 'summary' && /_(?:bucket|count|sum)$/.test(name)) breach('the name of a part');
  if (UNITS_TO_AVOID.test(name)) breach('not in a base unit');
  if (type === 'counter' && samples.some(({ value }) => value < 0)) breach('a counter below zero');
  if (type !== 'histogram') return;
  const series = Map.groupBy(samples, ({ labels: { le: _, ...labels } }) => JSON.stringify(labels));
  for (const [, parts] of series) {
    const buckets = parts.filter((part) => part.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) => Number((labels['le'] as string).replace('Inf', 'Infinity')));
    const counts = buckets.map(({ value }) => value);
    if (bounds.at(-1) !== Number.POSITIVE_INFINITY || bounds.some((bound, i) => i > 0 && bound <= (bounds[i - 1] as number)))
      breach('buckets out of order');
    if (counts.some((count, i) => i > 0 && count < (counts[i - 1] as number))) breach('buckets that do not add up');
    const [sum, count] = ['sum', 'count'].map((part) => parts.find((one) => one.name === `${name}_${part}`));
    if (!sum || !count || count.value !== counts.at(-1)) breach('no sum, or a count that is not that of the last bucket');
  }
}

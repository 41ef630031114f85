import type { Examples } from './examples.ts';

/** Fits a byte. */
export const BINS_MAX = 256;
const SAMPLE_MAX = 50_000;

/** Every feature's values as small numbers, column after column: bin b holds what is at most `edges[b]` and above the edge before. */
export type BinnedColumns = { readonly bins: readonly Uint8Array[]; readonly edges: readonly Float64Array[] };

/** Bins of about equal weight, their edges halfway between values that were seen; a value seen often gets a bin to itself. */
export function binColumns({ featureNames, values, labels }: Examples, binsMax = BINS_MAX): BinnedColumns {
  const width = featureNames.length;
  const edges = featureNames.map((_, feature) => edgesOf(values, width, feature, binsMax));
  const bins = edges.map((edge, feature) => {
    const column = new Uint8Array(labels.length);
    for (let row = 0; row < column.length; row++) column[row] = binOf(edge, values[row * width + feature] as number);
    return column;
  });
  return { bins, edges };
}

function edgesOf(values: Float64Array, width: number, feature: number, binsMax: number): Float64Array {
  const count = values.length / width;
  const step = Math.max(1, Math.ceil(count / SAMPLE_MAX)); // Quantiles need no more, and sorting all of a long history does.
  const sample = new Float64Array(Math.ceil(count / step));
  for (let i = 0; i < sample.length; i++) sample[i] = values[i * step * width + feature] as number;
  sample.sort();

  const edges: number[] = [];
  const perBin = sample.length / binsMax;
  let begun = 0;
  for (let i = 1; i < sample.length && edges.length < binsMax - 1; i++) {
    const [before, here] = [sample[i - 1] as number, sample[i] as number];
    if (here === before || i - begun < perBin) continue;
    const middle = before + (here - before) / 2;
    edges.push(middle < here ? middle : before);
    begun = i;
  }
  return Float64Array.from(edges);
}

/** The first edge that is not below the value; past the last there is one more bin. */
function binOf(edges: Float64Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

import { BINS_MAX, type BinnedColumns } from './binning.ts';
import { LEAF, type Tree } from './tree.ts';

export type TreeShape = {
  readonly depth: number;
  /** The least weight of evidence (the sum of hessians) on either side of a split, which keeps leaves from fitting one row. */
  readonly leafEvidenceMin: number;
  /** The least rows on either side of a split. */
  readonly leafRowsMin: number;
  /** Pulls leaves towards 0. */
  readonly l2: number;
  /** What every value is multiplied by. */
  readonly rate: number;
};

/** The slopes and curvatures of the loss, one a row. */
export type Gradients = { readonly gradient: Float64Array; readonly hessian: Float64Array };

/** Of every allowed feature and bin: gradient, hessian and rows, side by side. */
type Histogram = Float64Array;
type Split = { readonly feature: number; readonly bin: number; readonly gain: number };
type Node = { readonly start: number; readonly end: number; readonly depth: number; readonly g: number; readonly h: number };

const CELL = 3;
const COLUMN = BINS_MAX * CELL;

/** One Newton step as a tree: at each node the split that lowers the loss most, among the features it may ask about. `rows` is reordered. */
export function growTree(columns: BinnedColumns, slopes: Gradients, rows: Uint32Array, allowed: readonly number[], shape: TreeShape): Tree {
  const [features, thresholds, lefts, rights, values]: [number[], number[], number[], number[], number[]] = [[], [], [], [], []];

  const grow = (start: number, end: number, depth: number, given?: Histogram): number => {
    const [g, h] = totals(slopes, rows, start, end);
    const index = features.length;
    features.push(LEAF);
    thresholds.push(0);
    lefts.push(0);
    rights.push(0);
    values.push((-shape.rate * g) / (h + shape.l2));
    if (!canSplit({ start, end, depth, g, h }, shape)) return index;

    const histogram = given ?? histogramOf(columns, slopes, rows.subarray(start, end), allowed);
    const split = bestSplit(columns, histogram, allowed, { start, end, depth, g, h }, shape);
    if (split === undefined) return index;
    const middle = partition(rows, start, end, columns.bins[split.feature] as Uint8Array, split.bin);
    features[index] = split.feature;
    thresholds[index] = columns.edges[split.feature]?.[split.bin] as number;
    const isLeftSmaller = middle - start < end - middle;
    // Only the smaller side is counted; the other is what is left of the whole.
    const smaller =
      depth === 1 ? undefined : histogramOf(columns, slopes, isLeftSmaller ? rows.subarray(start, middle) : rows.subarray(middle, end), allowed);
    const larger = smaller === undefined ? undefined : subtract(histogram, smaller);
    lefts[index] = grow(start, middle, depth - 1, isLeftSmaller ? smaller : larger);
    rights[index] = grow(middle, end, depth - 1, isLeftSmaller ? larger : smaller);
    return index;
  };

  grow(0, rows.length, shape.depth);
  return { features, thresholds, lefts, rights, values };
}

const canSplit = ({ start, end, depth, h }: Node, { leafRowsMin, leafEvidenceMin }: TreeShape): boolean =>
  depth > 0 && end - start >= 2 * leafRowsMin && h >= 2 * leafEvidenceMin;

function totals({ gradient, hessian }: Gradients, rows: Uint32Array, start: number, end: number): [number, number] {
  let [g, h] = [0, 0];
  for (let i = start; i < end; i++) {
    g += gradient[rows[i] as number] as number;
    h += hessian[rows[i] as number] as number;
  }
  return [g, h];
}

function histogramOf({ bins }: BinnedColumns, { gradient, hessian }: Gradients, rows: Uint32Array, allowed: readonly number[]): Histogram {
  const histogram = new Float64Array(allowed.length * COLUMN);
  const gs = new Float64Array(rows.length);
  const hs = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    gs[i] = gradient[rows[i] as number] as number;
    hs[i] = hessian[rows[i] as number] as number;
  }
  allowed.forEach((feature, place) => {
    const column = bins[feature] as Uint8Array;
    const from = place * COLUMN;
    for (let i = 0; i < rows.length; i++) {
      const at = from + CELL * (column[rows[i] as number] as number);
      histogram[at] = (histogram[at] as number) + (gs[i] as number);
      histogram[at + 1] = (histogram[at + 1] as number) + (hs[i] as number);
      histogram[at + 2] = (histogram[at + 2] as number) + 1;
    }
  });
  return histogram;
}

/** In place: the whole is not needed any more. */
function subtract(whole: Histogram, part: Histogram): Histogram {
  for (let i = 0; i < whole.length; i++) whole[i] = (whole[i] as number) - (part[i] as number);
  return whole;
}

function bestSplit({ edges }: BinnedColumns, histogram: Histogram, allowed: readonly number[], node: Node, shape: TreeShape): Split | undefined {
  const { l2, leafEvidenceMin, leafRowsMin } = shape;
  const { g, h, start, end } = node;
  const whole = (g * g) / (h + l2);
  let best: Split | undefined;
  allowed.forEach((feature, place) => {
    let [leftG, leftH, leftRows] = [0, 0, 0];
    const last = (edges[feature] as Float64Array).length; // One bin more than edges, and the last bin has no right side.
    for (let bin = 0, at = place * COLUMN; bin < last; bin++, at += CELL) {
      leftG += histogram[at] as number;
      leftH += histogram[at + 1] as number;
      leftRows += histogram[at + 2] as number;
      const rightH = h - leftH;
      if (leftRows < leafRowsMin || leftH < leafEvidenceMin) continue;
      if (end - start - leftRows < leafRowsMin || rightH < leafEvidenceMin) break;
      const gain = (leftG * leftG) / (leftH + l2) + (g - leftG) ** 2 / (rightH + l2) - whole;
      if (gain > (best?.gain ?? GAIN_MIN)) best = { feature, bin, gain };
    }
  });
  return best;
}

/** Below it there is nothing but rounding. */
const GAIN_MIN = 1e-9;

/** Rows that go left first, each side in the order it had; answers where the right side begins. */
function partition(rows: Uint32Array, start: number, end: number, column: Uint8Array, bin: number): number {
  const right = new Uint32Array(end - start);
  let middle = start;
  let count = 0;
  for (let i = start; i < end; i++) {
    const row = rows[i] as number;
    if ((column[row] as number) <= bin) rows[middle++] = row;
    else right[count++] = row;
  }
  rows.set(right.subarray(0, count), middle);
  return middle;
}

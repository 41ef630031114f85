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

type Split = { readonly feature: number; readonly bin: number; readonly gain: number };
type Growing = { features: number[]; thresholds: number[]; lefts: number[]; rights: number[]; values: number[] };

/** One Newton step as a tree: at each node the split that lowers the loss most, among the features it may ask about. `rows` is reordered. */
export function growTree(
  { bins, edges }: BinnedColumns,
  { gradient, hessian }: Gradients,
  rows: Uint32Array,
  allowed: readonly number[],
  shape: TreeShape,
): Tree {
  const tree: Growing = { features: [], thresholds: [], lefts: [], rights: [], values: [] };
  const histogram = { gradient: new Float64Array(BINS_MAX), hessian: new Float64Array(BINS_MAX), count: new Float64Array(BINS_MAX) };

  const grow = (start: number, end: number, depth: number): number => {
    let g = 0;
    let h = 0;
    for (let i = start; i < end; i++) {
      g += gradient[rows[i] as number] as number;
      h += hessian[rows[i] as number] as number;
    }
    const node = tree.features.length;
    tree.features.push(LEAF);
    tree.thresholds.push(0);
    tree.lefts.push(0);
    tree.rights.push(0);
    tree.values.push((-shape.rate * g) / (h + shape.l2));
    if (depth === 0 || end - start < 2 * shape.leafRowsMin || h < 2 * shape.leafEvidenceMin) return node;

    const split = bestSplit(start, end, g, h);
    if (split === undefined) return node;
    const middle = partition(rows, start, end, bins[split.feature] as Uint8Array, split.bin);
    tree.features[node] = split.feature;
    tree.thresholds[node] = edges[split.feature]?.[split.bin] as number;
    tree.lefts[node] = grow(start, middle, depth - 1);
    tree.rights[node] = grow(middle, end, depth - 1);
    return node;
  };

  const bestSplit = (start: number, end: number, g: number, h: number): Split | undefined => {
    let best: Split | undefined;
    for (const feature of allowed) {
      const size = (edges[feature] as Float64Array).length + 1;
      if (size === 1) continue;
      fill(start, end, bins[feature] as Uint8Array, size);
      const found = scan(feature, size, g, h, end - start);
      if (found !== undefined && (best === undefined || found.gain > best.gain)) best = found;
    }
    return best;
  };

  const fill = (start: number, end: number, column: Uint8Array, size: number): void => {
    histogram.gradient.fill(0, 0, size);
    histogram.hessian.fill(0, 0, size);
    histogram.count.fill(0, 0, size);
    for (let i = start; i < end; i++) {
      const row = rows[i] as number;
      const bin = column[row] as number;
      histogram.gradient[bin] = (histogram.gradient[bin] as number) + (gradient[row] as number);
      histogram.hessian[bin] = (histogram.hessian[bin] as number) + (hessian[row] as number);
      histogram.count[bin] = (histogram.count[bin] as number) + 1;
    }
  };

  const scan = (feature: number, size: number, g: number, h: number, count: number): Split | undefined => {
    const { l2, leafEvidenceMin, leafRowsMin } = shape;
    const whole = (g * g) / (h + l2);
    let best: Split | undefined;
    let [leftG, leftH, leftCount] = [0, 0, 0];
    for (let bin = 0; bin < size - 1; bin++) {
      leftG += histogram.gradient[bin] as number;
      leftH += histogram.hessian[bin] as number;
      leftCount += histogram.count[bin] as number;
      const rightH = h - leftH;
      if (leftCount < leafRowsMin || leftH < leafEvidenceMin) continue;
      if (count - leftCount < leafRowsMin || rightH < leafEvidenceMin) break;
      const gain = (leftG * leftG) / (leftH + l2) + (g - leftG) ** 2 / (rightH + l2) - whole;
      if (gain > (best?.gain ?? 1e-9)) best = { feature, bin, gain };
    }
    return best;
  };

  grow(0, rows.length, shape.depth);
  return tree;
}

/** Rows that go left first, each side in the order it had; answers where the right side begins. */
function partition(rows: Uint32Array, start: number, end: number, column: Uint8Array, bin: number): number {
  const right: number[] = [];
  let middle = start;
  for (let i = start; i < end; i++) {
    const row = rows[i] as number;
    if ((column[row] as number) <= bin) rows[middle++] = row;
    else right.push(row);
  }
  rows.set(right, middle);
  return middle;
}

/** The feature a leaf asks about. */
export const LEAF = -1;

/**
 * A regression tree as parallel arrays, root first and every child after its parent. A node sends a vector left when `vector[feature] <= threshold`.
 * Every node has a value, the inner ones too: what the tree would answer if it stopped there.
 */
export type Tree = {
  readonly features: readonly number[];
  readonly thresholds: readonly number[];
  readonly lefts: readonly number[];
  readonly rights: readonly number[];
  readonly values: readonly number[];
};

/** The value of the leaf that the vector ends in. */
function answer(tree: Tree, vector: ArrayLike<number>): number {
  const { features, thresholds, lefts, rights } = tree;
  let node = 0;
  let feature = features[0] as number;
  while (feature !== LEAF) {
    node = ((vector[feature] as number) <= (thresholds[node] as number) ? lefts[node] : rights[node]) as number;
    feature = features[node] as number;
  }
  return tree.values[node] as number;
}

/** The same answer, told by its path: each step's change of value goes to the feature that was asked. The root's value is left over. */
function attribute(tree: Tree, vector: ArrayLike<number>, weight: number, contributions: number[]): void {
  const { features, thresholds, lefts, rights, values } = tree;
  let node = 0;
  let feature = features[0] as number;
  while (feature !== LEAF) {
    const next = ((vector[feature] as number) <= (thresholds[node] as number) ? lefts[node] : rights[node]) as number;
    contributions[feature] = (contributions[feature] as number) + weight * ((values[next] as number) - (values[node] as number));
    node = next;
    feature = features[node] as number;
  }
}

/** Whether the arrays are a tree over so many features: finite, and with children that come later, so that every walk ends. */
function isSound(tree: Tree, featureCount: number): boolean {
  const { features, thresholds, lefts, rights, values } = tree;
  const size = features.length;
  if (size === 0 || [thresholds, lefts, rights, values].some((column) => column.length !== size)) return false;
  const isChild = (child: number | undefined, parent: number) => Number.isInteger(child) && Number(child) > parent && Number(child) < size;
  return features.every((feature, node) => {
    if (!Number.isFinite(values[node])) return false;
    if (feature === LEAF) return true;
    const asks = Number.isInteger(feature) && feature >= 0 && feature < featureCount && Number.isFinite(thresholds[node]);
    return asks && isChild(lefts[node], node) && isChild(rights[node], node);
  });
}

export const Tree = { answer, attribute, isSound };

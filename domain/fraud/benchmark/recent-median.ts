/** The median of the last so many values. */
export type RecentMedian = { readonly add: (value: number) => void; readonly median: () => number | undefined };

export function createRecentMedian(valuesMax: number): RecentMedian {
  const ring: number[] = []; // In the order they came.
  const sorted: number[] = [];
  let oldest = 0;

  const placeOf = (value: number): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    add(value) {
      if (ring.length < valuesMax) {
        ring.push(value);
      } else {
        sorted.splice(placeOf(ring[oldest] as number), 1);
        ring[oldest] = value;
        oldest = (oldest + 1) % valuesMax;
      }
      sorted.splice(placeOf(value), 0, value);
    },
    median() {
      const middle = sorted.length >> 1;
      return sorted.length % 2 === 1 ? sorted[middle] : middle === 0 ? undefined : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
    },
  };
}

import type { FraudLabel } from './card-payment.ts';

/** Labels that wait for their time, the earliest first (a binary heap); of one time, the payment of the lowest id first. */
export type Agenda = {
  readonly size: () => number;
  readonly add: (label: FraudLabel) => void;
  /** The next label whose time is not after `now`, taken out. */
  readonly takeDue: (now: number) => FraudLabel | undefined;
};

const isBefore = (a: FraudLabel, b: FraudLabel): boolean => a.at < b.at || (a.at === b.at && a.payment.id < b.payment.id);

export function createAgenda(): Agenda {
  const heap: FraudLabel[] = [];
  const at = (index: number): FraudLabel => heap[index] as FraudLabel;
  const swap = (a: number, b: number): void => {
    [heap[a], heap[b]] = [at(b), at(a)];
  };

  const sink = (): void => {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      let first = index;
      if (left < heap.length && isBefore(at(left), at(first))) first = left;
      if (right < heap.length && isBefore(at(right), at(first))) first = right;
      if (first === index) return;
      swap(index, first);
      index = first;
    }
  };

  return {
    size: () => heap.length,
    add(label) {
      heap.push(label);
      for (let index = heap.length - 1; index > 0; ) {
        const parent = (index - 1) >> 1;
        if (!isBefore(at(index), at(parent))) return;
        swap(index, parent);
        index = parent;
      }
    },
    takeDue(now) {
      const [first] = heap;
      if (first === undefined || first.at > now) return undefined;
      const last = heap.pop() as FraudLabel;
      if (heap.length > 0) {
        heap[0] = last;
        sink();
      }
      return first;
    },
  };
}

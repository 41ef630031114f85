type Block = { next: number; last: number };

/** Hands out numbers from blocks that are taken whole, so that taking one is almost never a round trip; what is left of a block is a gap. */
export class NumberBlocks {
  readonly #take: (key: string, size: number) => Promise<number>;
  readonly #size: number;
  readonly #blocks = new Map<string, Block>();
  readonly #taking = new Map<string, Promise<void>>();

  /** `take` reserves `size` numbers under a key and answers the last of them. */
  constructor(take: (key: string, size: number) => Promise<number>, size: number) {
    this.#take = take;
    this.#size = size;
  }

  async next(key: string): Promise<number> {
    for (;;) {
      const block = this.#blocks.get(key);
      if (block && block.next <= block.last) return block.next++;
      await this.#refill(key);
    }
  }

  /** One caller takes the next block; the others wait for it. */
  #refill(key: string): Promise<void> {
    const under = this.#taking.get(key);
    if (under) return under;
    const taking = this.#take(key, this.#size)
      .then((last) => {
        if (this.#blocks.size > 10_000) this.#blocks.clear(); // Days that are over; losing a block only leaves a gap.
        this.#blocks.set(key, { next: last - this.#size + 1, last });
      })
      .finally(() => this.#taking.delete(key));
    this.#taking.set(key, taking);
    return taking;
  }
}

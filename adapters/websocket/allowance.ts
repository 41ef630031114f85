/** How often something may happen: so many at once, and so many more each second. */
export class Allowance {
  readonly #max: number;
  readonly #perSecond: number;
  #left: number;
  #at: number;

  constructor(max: number, perSecond: number, now: number) {
    this.#max = max;
    this.#perSecond = perSecond;
    this.#left = max;
    this.#at = now;
  }

  take(now: number): boolean {
    this.#left = Math.min(this.#max, this.#left + (Math.max(0, now - this.#at) / 1_000) * this.#perSecond);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}

const WIDTH = 40;
const STEP_MS = 200;

/** A bar on a terminal that moves; elsewhere a line for every tenth. */
export class ProgressBar {
  readonly #label: string;
  readonly #total: number;
  readonly #began = performance.now();
  #shownAt = 0;
  #tenth = 0;

  constructor(label: string, total: number) {
    this.#label = label;
    this.#total = total;
  }

  show(done: number): void {
    const now = performance.now();
    const share = this.#total === 0 ? 1 : done / this.#total;
    const rate = done / Math.max(0.001, (now - this.#began) / 1_000);
    if (process.stderr.isTTY) {
      if (now - this.#shownAt < STEP_MS && done < this.#total) return;
      this.#shownAt = now;
      const filled = Math.round(share * WIDTH);
      const left = rate > 0 ? Math.ceil((this.#total - done) / rate) : 0;
      process.stderr.write(
        `\r${this.#label} [${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${done}/${this.#total} ${rate.toFixed(0)}/s, ${left} s left `,
      );
    } else if (Math.floor(share * 10) > this.#tenth) {
      this.#tenth = Math.floor(share * 10);
      process.stderr.write(`${this.#label} ${done}/${this.#total} ${rate.toFixed(0)}/s\n`);
    }
  }

  end(): void {
    if (process.stderr.isTTY) process.stderr.write('\n');
  }
}

/** Tells whoever listens that something was committed: cheap, lossy in nothing but repetition. */
export class Signal<T = void> {
  readonly #listeners = new Set<(value: T) => void>();

  /** Returns how to stop listening. */
  listen(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }
}

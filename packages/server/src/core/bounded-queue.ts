/** A push was refused because the queue is full. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';
}

/** First in, first out, with a limit; iterate it to consume. One consumer at a time. Closing ends the iteration. */
export class BoundedQueue<T> implements AsyncIterable<T>, Disposable {
  readonly #capacity: number;
  #items: T[] = [];
  #closed = false;
  #wake: (() => void) | undefined;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#items.length;
  }

  /** Add at the end. Throws {@link QueueFull} when there is no room; a closed queue takes nothing and returns false. */
  push(item: T): boolean {
    if (this.#closed) return false;
    if (this.#items.length >= this.#capacity)
      throw new QueueFull(`queue holds ${this.#capacity} items already`);
    this.#items.push(item);
    this.#wake?.();
    return true;
  }

  /** Take all that wait, at once, without waiting. */
  drain(): readonly T[] {
    const taken = this.#items;
    this.#items = [];
    return taken;
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    for (;;) {
      for (const item of this.drain()) yield item;
      if (this.#items.length > 0) continue;
      if (this.#closed) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }

  /** Take nothing more; what waits is still handed out, then the iteration ends. */
  [Symbol.dispose](): void {
    this.#closed = true;
    this.#wake?.();
  }
}

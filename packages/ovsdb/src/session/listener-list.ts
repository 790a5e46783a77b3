/** Listeners of one kind of event, called in the order in which they were added. */
export class ListenerList<E> {
  readonly #listeners = new Set<(event: E) => void>();
  readonly #onFailure: (error: unknown) => void;

  /** `onFailure` hears of listeners that threw; the others are called all the same. */
  constructor(onFailure: (error: unknown) => void) {
    this.#onFailure = onFailure;
  }

  /** Add a listener until disposed. */
  add(listener: (event: E) => void): Disposable {
    // A function of its own, so that one that is added twice counts twice.
    const own = (event: E): void => listener(event);
    this.#listeners.add(own);
    return {
      [Symbol.dispose]: () => {
        this.#listeners.delete(own);
      },
    };
  }

  emit(event: E): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        this.#onFailure(error);
      }
    }
  }
}

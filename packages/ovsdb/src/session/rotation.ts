/** Bounds of the pause between rounds, in ms. */
export interface BackoffBounds {
  readonly min: number;
  readonly max: number;
}

/**
 * Which endpoint to try next, and how long to wait before. All endpoints are tried in turn without a pause; after each
 * full round without success there is a pause with full jitter: a random part of a bound that doubles.
 */
export class EndpointRotation<E> {
  readonly #endpoints: readonly E[];
  readonly #bounds: BackoffBounds;
  readonly #random: () => number;
  #position = 0;
  #attempts = 0;

  constructor(endpoints: readonly E[], bounds: BackoffBounds, random: () => number = Math.random) {
    this.#endpoints = endpoints;
    this.#bounds = bounds;
    this.#random = random;
  }

  /** The endpoint to try now. Throws when there are none. */
  get current(): E {
    const endpoint = this.#endpoints[this.#position % this.#endpoints.length];
    if (endpoint === undefined) throw new TypeError('at least one endpoint is needed');
    return endpoint;
  }

  /** The present endpoint failed or was lost: move on. Out: ms to wait before trying the next. */
  next(): number {
    this.#position = (this.#position + 1) % this.#endpoints.length;
    this.#attempts += 1;
    if (this.#attempts % this.#endpoints.length !== 0) return 0;
    const round = this.#attempts / this.#endpoints.length - 1;
    const bound = Math.min(this.#bounds.max, this.#bounds.min * 2 ** Math.min(round, 30));
    return this.#random() * bound;
  }

  /** A connection has proved good: the next round starts from the smallest pause. */
  reset(): void {
    this.#attempts = 0;
  }
}

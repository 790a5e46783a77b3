/** Numbers that are kept one by one; older ones count as asked with the oldest of these. */
const KEPT = 200;

/**
 * When configuration numbers (`nb_cfg`), which only grow, were handed to the chassis, as far as this process saw it.
 *
 * @example asked.note(7, now); asked.sinceAfter(6) // when 7, the first after 6, was handed out
 */
export class AskedTimes {
  readonly #seen: { readonly number: number; readonly at: Date }[] = [];

  /** The last number that was handed out; 0: none. */
  get latest(): number {
    return this.#seen.at(-1)?.number ?? 0;
  }

  /** All up to `number` have been handed out, as is seen at `at`. */
  note(number: number, at: Date): void {
    // A database that was restored begins anew.
    if (number < this.latest) this.#seen.length = 0;
    if (number === this.latest && this.#seen.length > 0) return;
    this.#seen.push({ number, at });
    if (this.#seen.length > KEPT) this.#seen.shift();
  }

  /** When the first number after `done` was handed out; undefined: that was before this process looked, or never. */
  sinceAfter(done: number): Date | undefined {
    const [first] = this.#seen;
    if (first === undefined || done < first.number) return undefined;
    return this.#seen.find(({ number }) => number > done)?.at;
  }
}

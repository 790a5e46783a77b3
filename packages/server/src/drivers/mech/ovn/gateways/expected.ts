/** Controllers try to connect again at growing intervals of at most eight seconds. Milliseconds. */
const PATIENCE_MS = 10_000;
const FEWEST = 2;

/** Whether so many went at once that their database was lost and not their hosts. */
const isDatabaseLoss = (gone: ReadonlySet<string>, before: ReadonlySet<string>): boolean =>
  gone.size >= FEWEST && 2 * gone.size > before.size;

/**
 * Chassis that vanished together: most of what there was, at once. A Southbound database that begins anew is filled by its
 * controllers one by one, and who comes first must not get everything. In: monotonic time in milliseconds.
 */
export class ExpectedChassis {
  readonly #now: () => number;
  #before: ReadonlySet<string> | undefined;
  #expected: ReadonlySet<string> = new Set();
  #since = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether it is known what was there before. */
  get begun(): boolean {
    return this.#before !== undefined;
  }

  /** These were there when somebody last looked. */
  begin(before: ReadonlySet<string>): void {
    this.#before = before;
    this.#expected = new Set();
  }

  /** These are there now. Without effect before {@link begin}. */
  see(present: ReadonlySet<string>): void {
    if (this.#before === undefined) return;
    const gone = this.#before.difference(present);
    const lost = isDatabaseLoss(gone, this.#before) ? gone : new Set<string>();
    const came = present.difference(this.#before).size > 0;
    this.#expected = this.#expected.union(lost).difference(present);
    if (lost.size > 0 || came) this.#since = this.#now();
    this.#before = present;
  }

  /** Milliseconds for which others are expected still, from the last one that came; 0: nobody is. */
  get remaining(): number {
    if (this.#expected.size === 0) return 0;
    return Math.max(0, this.#since + PATIENCE_MS - this.#now());
  }
}

/** What an injector does at the chosen point, in words that reports show. */
export interface Fault {
  readonly kind: string;
  /** The process of the service is killed: what was asked gets no answer. */
  readonly crash: boolean;
}

/** Breaks one thing that the service waits for. */
export interface Injector extends AsyncDisposable {
  /** `sqlite`, `postgres` or `northbound` */
  readonly place: string;
  readonly faults: readonly Fault[];
  /** From now on count; do it at the `nth` point from 1. */
  arm(fault: Fault, nth: number): void;
  /** Stop counting. Out: whether the point was reached. */
  disarm(): boolean;
}

/** Kill the service, at once. */
export type Kill = () => void;

/** Counts points while armed and tells when it is the one. */
export class Trigger {
  #armed: { readonly fault: Fault; readonly nth: number } | undefined;
  #count = 0;

  arm(fault: Fault, nth: number): void {
    this.#armed = { fault, nth };
    this.#count = 0;
  }

  /** Count one point. Out: what is to happen there. */
  next(): string | undefined {
    if (this.#armed === undefined) return undefined;
    this.#count += 1;
    return this.#count === this.#armed.nth ? this.#armed.fault.kind : undefined;
  }

  disarm(): boolean {
    const reached = this.#armed !== undefined && this.#count >= this.#armed.nth;
    this.#armed = undefined;
    return reached;
  }
}

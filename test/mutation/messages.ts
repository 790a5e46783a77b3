/** What a worker is to load. */
export interface Job {
  /** File of JSON: instrumented source by URL. */
  readonly instrumented: string;
  readonly tests: readonly string[];
  /** A mutant that is switched on before anything is loaded; all tests are run with it, and the process ends. */
  readonly fromLoad?: string | undefined;
}

export type ToWorker =
  | ({ readonly kind: 'job' } & Job)
  | { readonly kind: 'try'; readonly mutant: string }
  | { readonly kind: 'end' };

export type FromWorker =
  /** Loaded, or one more test is over. */
  | { readonly kind: 'going' }
  | { readonly kind: 'learnt'; readonly atLoad: readonly string[]; readonly reached: readonly string[] }
  | {
      readonly kind: 'tried';
      readonly mutant: string;
      readonly killedBy: string | undefined;
      /** False: the place was never come by, as what it makes was made before (a prepared statement) and kept. */
      readonly acted: boolean;
    }
  | { readonly kind: 'broke'; readonly reason: string };

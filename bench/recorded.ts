import type { SQLInputValue } from 'node:sqlite';

/** What the server said to its databases while it was recorded. */
export interface Recorded {
  /** Write transactions: their statements in order. */
  readonly sql: {
    readonly sql: string;
    readonly values: readonly SQLInputValue[];
  }[][];
  /** JSON-RPC messages as sent. */
  readonly ovsdb: string[];
}

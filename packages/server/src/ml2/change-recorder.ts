import type { Change } from './contract.ts';

/** Collects what a write does, inside its transaction. The engine hands it to behaviours and runs the drivers with it. */
export interface ChangeRecorder {
  record(change: Change): void;
}

// Ends its process when that has worked for long without a sign: mutants make endless loops, which hear nothing. Time at
// work counts and not time on the clock, as a busy machine gives little of the one for much of the other.
import { workerData } from 'node:worker_threads';
import { workedMs } from './worked.ts';

/** Many times what a test takes. Milliseconds. */
const PATIENCE_MS = 15_000;

/** Time at work at the last sign. */
const lastSign: Float64Array = workerData;

setInterval(() => {
  if (workedMs() - (lastSign[0] ?? 0) > PATIENCE_MS) process.kill(process.pid, 'SIGKILL');
}, 1000);

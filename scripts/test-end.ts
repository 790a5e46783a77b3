// Loaded into the process of every test file: the runner does not end one whose tests are over while something is still
// open in it, and would wait for ever.
const LONGEST_MS = 300_000;

setTimeout(() => {
  console.error(`still open after ${LONGEST_MS / 1000} s: ${process.getActiveResourcesInfo().join(', ')}`);
  process.exit(1);
}, LONGEST_MS).unref();

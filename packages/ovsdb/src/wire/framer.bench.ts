import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { MessageFramer } from './framer.ts';

// Prints what reading a snapshot of about 20 MB in chunks of 64 KiB costs, against JSON.parse of the same text.
const CHUNK_BYTES = 64 * 1024;
const ROWS = 27_000;
const ROUNDS = 7;

function snapshot(): string {
  const rows = Object.fromEntries(
    Array.from({ length: ROWS }, (_, at) => [
      randomUUID(),
      {
        initial: {
          name: randomUUID(),
          addresses: `fa:16:3e:00:00:01 10.0.${at >> 8}.${at & 255}`,
          port_security: ['set', ['fa:16:3e:00:00:01 10.0.0.1', 'a "quoted" text']],
          external_ids: [
            'map',
            Array.from({ length: 14 }, (_pair, key) => [`some:key_${key}`, `value ${at} ${key}`]),
          ],
          dhcpv4_options: ['uuid', randomUUID()],
        },
      },
    ]),
  );
  return JSON.stringify({ id: 1, result: [false, randomUUID(), { Port: rows }], error: null });
}

/** Read every row once, as the replica does. */
function readRows(message: unknown): void {
  assert.ok(
    typeof message === 'object' && message !== null && 'result' in message && Array.isArray(message.result),
  );
  const rows = Object.values<object>(message.result[2].Port);
  assert.equal(rows.length, ROWS);
}

function best(run: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    run();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

const text = snapshot();
const bytes = Buffer.from(text);
const chunks = Array.from({ length: Math.ceil(bytes.length / CHUNK_BYTES) }, (_, at) =>
  bytes.subarray(at * CHUNK_BYTES, (at + 1) * CHUNK_BYTES),
);
const parseMs = best(() => void JSON.parse(text));
const framerMs = best(() => {
  const framer = new MessageFramer();
  for (const chunk of chunks) for (const message of framer.push(chunk)) readRows(message);
});
process.stdout.write(
  `${(bytes.length / 1e6).toFixed(1)} MB: JSON.parse ${parseMs.toFixed(0)} ms, framer ${framerMs.toFixed(0)} ms, ` +
    `ratio ${(framerMs / parseMs).toFixed(2)}\n`,
);

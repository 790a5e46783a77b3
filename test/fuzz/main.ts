// npm run fuzz -- --requests N --seed S: asks the service N random requests and prints what is wrong with answers.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startFuzzTarget } from './target.ts';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    batch: { type: 'string', default: '20000' },
  },
});
const [requests, seed, batch] = [Number(values.requests), Number(values.seed), Number(values.batch)];
const folder = await mkdtemp(join(tmpdir(), 'ovenbird-fuzz-'));
const statuses = new Map<number, number>();
const kinds = new Set<string>();
let [found, slowest, done] = [0, 0, 0];
const started = performance.now();
try {
  // Every batch has a service and a seed of its own, so that a finding is repeated quickly.
  for (let number = 0; done < requests; number += 1) {
    await using target = await startFuzzTarget(join(folder, `${number}.db`));
    const size = Math.min(batch, requests - done);
    const report = await target.fuzz({ requests: size, seed: seed + number });
    done += size;
    for (const [status, count] of report.statuses) statuses.set(status, (statuses.get(status) ?? 0) + count);
    slowest = Math.max(slowest, report.slowest);
    found += report.findings.length;
    for (const finding of report.findings) {
      const kind = `${finding.what} ${finding.status} ${finding.request.method} ${finding.body.slice(0, 60)}`;
      if (kinds.has(kind)) continue;
      kinds.add(kind);
      console.log(JSON.stringify({ seed: seed + number, ...finding }, undefined, 2).slice(0, 3_000));
    }
    for (const line of target.log.filter((each) => each.includes('request failed')).slice(0, 5))
      console.log(line);
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(`seed ${seed + number}: ${done} of ${requests} requests, ${found} findings, ${seconds} s`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(
  `slowest answer ${Math.round(slowest)} ms; ${JSON.stringify(Object.fromEntries([...statuses].sort()))}`,
);
console.log(`${done} requests, ${found} findings, seed ${seed}`);
process.exitCode = found > 0 ? 1 : 0;

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Guest } from '@ovenbird/server';

const PER_SECOND = 10;
const LONGEST_MS = 240_000;

/** What became of a stream of echo requests. */
export interface Outcome {
  readonly sent: number;
  readonly lost: number;
  /** Seconds of the longest time in which no answer came. */
  readonly silence: number;
}

/** Echo requests that go on until told to end, or disposed. */
export interface Stream extends AsyncDisposable {
  /** Fails when none was answered. */
  end(): Promise<Outcome>;
}

const outcomeOf = (output: string, started: number, ended: number): Outcome => {
  const sent = Number(/(\d+) packets transmitted/.exec(output)?.[1]);
  const answers = [...output.matchAll(/^\[([\d.]+)\].* icmp_seq=(\d+) ttl/gm)];
  const answered = new Set(answers.map((match) => match[2]));
  assert.ok(answered.size > 0, output);
  const times = [started, ...answers.map((match) => 1000 * Number(match[1])), ended];
  const silences = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return { sent, lost: sent - answered.size, silence: Math.max(...silences) / 1000 };
};

/** Send ten echo requests a second, starting now. */
export function startStream(from: Guest, address: string): Stream {
  const folder = mkdtempSync(path.join(tmpdir(), 'ovenbird-stream-'));
  const stop = path.join(folder, 'stop');
  // A killed ping prints no totals; one that is interrupted does.
  const script = `ping -D -n -i ${1 / PER_SECOND} ${address} & stream=$!
    until [ -e ${stop} ]; do sleep 0.1; done
    kill -INT $stream; wait $stream`;
  const started = Date.now();
  const running = from.run(['bash', '-mc', script], { timeoutMs: LONGEST_MS });
  const stopped = async (): Promise<string> => {
    if (existsSync(folder)) writeFileSync(stop, '');
    const { stdout } = await running;
    rmSync(folder, { recursive: true, force: true });
    return stdout;
  };
  return {
    async end() {
      const ended = Date.now();
      return outcomeOf(await stopped(), started, ended);
    },
    async [Symbol.asyncDispose]() {
      await stopped();
    },
  };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Recorded } from './recorded.ts';

/** Sends recorded OVSDB transactions again, one after another. */
export interface OvsdbReplay extends AsyncDisposable {
  /** Operations of one create, on average. */
  readonly operations: number;
  /** Send on until `count` more creates have been answered. Milliseconds of each of them. */
  run(count: number): Promise<readonly number[]>;
}

/** Send one request and read its answer, which comes before anything else is sent. */
const answerOf = async (socket: Socket, request: string): Promise<string> => {
  let received = '';
  socket.write(request);
  for (;;) {
    const [chunk]: unknown[] = await once(socket, 'data');
    received += String(chunk);
    try {
      JSON.parse(received);
      return received;
    } catch {
      // Not whole yet.
    }
  }
};

const timed = async (socket: Socket, message: string): Promise<number> => {
  const before = performance.now();
  const answer = await answerOf(socket, message);
  const took = performance.now() - before;
  if (/"error":"/.test(answer)) throw new Error(`a recorded transaction failed: ${answer.slice(0, 300)}`);
  return took;
};

/**
 * Replay the recorded transactions to a server of its own on a copy of the database as it was before. The same messages on
 * a plain socket: nothing but the server's work and two switches of process. Those that insert into `table` are the
 * creates.
 *
 * @param folder for the server's socket
 */
export const openOvsdbReplay = async (
  file: string,
  folder: string,
  recorded: Recorded,
  table: string,
): Promise<OvsdbReplay> => {
  await using stack = new AsyncDisposableStack();
  const path = `${folder}/replay.sock`;
  const server = spawn(
    'ovsdb-server',
    [`--remote=punix:${path}`, `--unixctl=${folder}/replay.ctl`, '-vconsole:emer', '-vsyslog:off', file],
    { stdio: 'ignore' },
  );
  stack.defer(async () => {
    const exited = server.exitCode === null ? once(server, 'exit') : undefined;
    server.kill('SIGTERM');
    await exited;
  });
  while (!existsSync(path) && server.exitCode === null) await sleep(10);
  const socket = createConnection(path);
  stack.defer(() => void socket.destroy());
  await once(socket, 'connect');
  const isCreate = (message: string): boolean =>
    message.includes(`"table":"${table}"`) && message.includes('"op":"insert"');
  const creates = recorded.ovsdb.filter(isCreate);
  const operations = creates.reduce((sum, message) => sum + message.split('"op":').length - 1, 0);
  const waiting = [...recorded.ovsdb];
  const owned = stack.move();
  return {
    operations: operations / Math.max(1, creates.length),
    async run(count) {
      const durations: number[] = [];
      while (durations.length < count) {
        const next = waiting.shift();
        if (next === undefined) break;
        const took = await timed(socket, next);
        if (isCreate(next)) durations.push(took);
      }
      return durations;
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
};

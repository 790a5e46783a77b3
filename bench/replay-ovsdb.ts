import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Recorded } from './recorded.ts';
import { type Summary, summarise } from './samples.ts';

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

/**
 * Send the recorded transactions that insert into `table` again, one after another, to a server of its own on a copy of
 * the database as it was before. The same messages on a plain socket: nothing but the server's work and two switches of
 * process.
 *
 * @param folder for the server's socket
 */
export const replayOvsdb = async (
  file: string,
  folder: string,
  recorded: Recorded,
  table: string,
): Promise<Summary & { operations: number }> => {
  const path = `${folder}/replay.sock`;
  const server = spawn(
    'ovsdb-server',
    [`--remote=punix:${path}`, `--unixctl=${folder}/replay.ctl`, '-vconsole:emer', '-vsyslog:off', file],
    { stdio: 'ignore' },
  );
  try {
    while (!existsSync(path) && server.exitCode === null) await sleep(10);
    const socket = createConnection(path);
    await once(socket, 'connect');
    const durations: number[] = [];
    let operations = 0;
    const started = performance.now();
    for (const message of recorded.ovsdb) {
      const before = performance.now();
      const answer = await answerOf(socket, message);
      const took = performance.now() - before;
      if (/"error":"/.test(answer)) throw new Error(`a recorded transaction failed: ${answer.slice(0, 300)}`);
      if (!message.includes(`"table":"${table}"`) || !message.includes('"op":"insert"')) continue;
      durations.push(took);
      operations += message.split('"op":').length - 1;
    }
    socket.destroy();
    const summary = summarise(durations, performance.now() - started);
    return { ...summary, operations: operations / Math.max(1, durations.length) };
  } finally {
    const exited = server.exitCode === null ? once(server, 'exit') : undefined;
    server.kill('SIGTERM');
    await exited;
  }
};

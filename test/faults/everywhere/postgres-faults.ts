import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import path from 'node:path';
import { type Fault, type Injector, type Kill, Trigger } from './injector.ts';
import { errorAnswer, WireFramer } from './postgres-wire.ts';

/** SQLSTATE by kind. */
const refusals: { readonly [kind: string]: string } = {
  'serialization failure': '40001',
  'statement timeout': '57014',
};

const faults: readonly Fault[] = [
  ...Object.keys(refusals).map((kind) => ({ kind, crash: false })),
  { kind: 'cut before', crash: false },
  { kind: 'cut after', crash: false },
  { kind: 'late', crash: false },
  // Before the next statement is after this one.
  { kind: 'crash', crash: true },
];

/** Longer than a snapshot of SQL may be old when it is written to OVN. Milliseconds. */
const LATE_MS = 1_100;
const SOCKET = '.s.PGSQL.5432';

/** Stands on one connection and counts what the client waits for: simple queries, and what ends with Sync. */
const stand = (client: Socket, server: Socket, trigger: Trigger, kill: Kill): void => {
  let waiting: Buffer[] = [];
  let afterwards: string | undefined;
  const end = (): void => {
    client.destroy();
    server.destroy();
  };
  for (const socket of [client, server]) socket.on('error', end).on('close', end);
  const decide = (): void => {
    const kind = trigger.next();
    const sqlstate = refusals[kind ?? ''];
    const unit = Buffer.concat(waiting);
    waiting = [];
    if (sqlstate !== undefined) client.write(errorAnswer(sqlstate));
    else if (kind === 'cut before') end();
    else if (kind === 'crash') kill();
    else {
      afterwards = kind;
      if (kind === 'late') setTimeout(() => server.write(unit), LATE_MS);
      else server.write(unit);
    }
  };
  const fromClient = new WireFramer(true);
  client.on('data', (chunk: Buffer) => {
    for (const { type, bytes } of fromClient.push(chunk)) {
      waiting.push(bytes);
      if (type === 'Q' || type === 'S') decide();
      else if (!'PBDEC'.includes(type)) server.write(Buffer.concat(waiting.splice(0)));
    }
  });
  const fromServer = new WireFramer(false);
  server.on('data', (chunk: Buffer) => {
    for (const { type, bytes } of fromServer.push(chunk)) {
      if (afterwards !== 'cut after') client.write(bytes);
      else if (type === 'Z') end();
    }
  });
};

/** Faults on the wire between the service and PostgreSQL; sockets lie in folders, as PostgreSQL has it. */
export const postgresFaults = async (options: {
  readonly serverFolder: string;
  readonly serviceFolder: string;
  readonly kill: Kill;
}): Promise<Injector> => {
  const trigger = new Trigger();
  const sockets = new Set<Socket>();
  const listener = createServer((client) => {
    const server = connect(path.join(options.serverFolder, SOCKET));
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    stand(client, server, trigger, options.kill);
  });
  listener.listen(path.join(options.serviceFolder, SOCKET));
  await once(listener, 'listening');
  return {
    place: 'postgres',
    faults,
    arm: (fault, nth) => trigger.arm(fault, nth),
    disarm: () => trigger.disarm(),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
};

import { northbound, schemaFile, southbound } from '@ovenbird/ovn-db';
import { startOvsdbServer, type TestServer } from '@ovenbird/ovsdb/testing';

/** Empty Northbound and Southbound databases on real servers. */
export interface OvnServers extends AsyncDisposable {
  readonly northbound: TestServer;
  readonly southbound: TestServer;
}

export async function startOvnServers(): Promise<OvnServers> {
  await using stack = new AsyncDisposableStack();
  const nb = stack.use(await startOvsdbServer({ schemaFile: schemaFile(northbound) }));
  const sb = stack.use(await startOvsdbServer({ schemaFile: schemaFile(southbound) }));
  const owned = stack.move();
  return { northbound: nb, southbound: sb, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() };
}

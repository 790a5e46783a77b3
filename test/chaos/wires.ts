import { startWire, type TestCluster, type Wire } from '@ovenbird/ovsdb/testing';
import type { TestPostgres } from '@ovenbird/server/testing';
import type { DatabaseWays } from '../processes/members.ts';

/** What a service can be cut off from. */
const FARS = ['postgres', 'northbound', 'southbound'] as const;
export type Far = (typeof FARS)[number];

/** The network between one service and its databases. */
export interface MemberWires extends AsyncDisposable {
  readonly ways: DatabaseWays;
  readonly to: { readonly [far in Far]: readonly Wire[] };
}

export interface WireOptions {
  readonly postgres: TestPostgres;
  readonly databaseUrl: string;
  readonly northbound: TestCluster;
  readonly southbound: TestCluster;
}

const toCluster = (cluster: TestCluster, stack: AsyncDisposableStack): Promise<readonly Wire[]> =>
  Promise.all(
    cluster.endpoints.map(async (endpoint) => stack.use(await startWire(endpoint.slice('unix:'.length)))),
  );

/** Lay wires of its own for one service. */
export async function layWires(options: WireOptions): Promise<MemberWires> {
  await using stack = new AsyncDisposableStack();
  const to = {
    postgres: [stack.use(await startWire(options.postgres.socket))],
    northbound: await toCluster(options.northbound, stack),
    southbound: await toCluster(options.southbound, stack),
  };
  const [sql] = to.postgres;
  const url = new URL(options.databaseUrl.replace('@/', `@${sql?.endpoint.slice('tcp:'.length)}/`));
  url.search = '';
  const owned = stack.move();
  return {
    to,
    ways: {
      databaseUrl: url.href,
      northbound: to.northbound.map((wire) => wire.endpoint),
      southbound: to.southbound.map((wire) => wire.endpoint),
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

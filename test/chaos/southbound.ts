import { type SouthboundTables, southboundSchema } from '@ovenbird/ovn-db';
import { createOvsdbClient } from '@ovenbird/ovsdb';
import type { Northbound } from '../../packages/server/src/drivers/mech/ovn/databases.ts';
import { gatewayBindingNames } from '../../packages/server/src/drivers/mech/ovn/ids.ts';

/** A client that sees all port bindings. */
const watch = (endpoints: readonly string[]) =>
  createOvsdbClient<SouthboundTables>({
    database: 'OVN_Southbound',
    schema: southboundSchema(),
    monitor: { Port_Binding: ['logical_port', 'type', 'up', 'chassis'], Chassis: ['name', 'hostname'] },
    indexes: { Port_Binding: { port: (row) => row.logical_port } },
    endpoints,
  });

/** How long one look waits for a connection. Milliseconds. */
const PATIENCE_MS = 250;

/** The Southbound database as somebody sees it who has nothing to do with the services. */
export class SouthboundView implements AsyncDisposable {
  readonly #client: ReturnType<typeof watch>;

  constructor(endpoints: readonly string[]) {
    this.#client = watch(endpoints);
  }

  /** Whether what is known is complete, now or in a moment. */
  async known(): Promise<boolean> {
    await this.#client.ready(AbortSignal.timeout(PATIENCE_MS)).catch(() => {});
    return this.#client.state === 'ready';
  }

  /** Names of chassis. */
  get chassis(): ReadonlySet<string> {
    return new Set([...this.#client.replica.Chassis.rows()].map((row) => row.name));
  }

  /** Host that has claimed a gateway port; '' when none has. */
  gatewayHost(portId: string): string {
    const { Port_Binding: bindings, Chassis: chassis } = this.#client.replica;
    const claimed = gatewayBindingNames(portId).map((name) => bindings.find('port', name)[0]?.chassis);
    const by = claimed.find((uuid) => uuid !== undefined);
    return by === undefined ? '' : (chassis.get(by)?.hostname ?? '');
  }

  /** Ports that it lacks, has too many, or of which it says something else than the Northbound database. */
  disagreements(nb: Northbound): readonly string[] {
    const { Port_Binding: bindings } = this.#client.replica;
    const bound = new Set([...bindings.rows()].map((row) => row.logical_port));
    const ports = [...nb.Logical_Switch_Port.rows()];
    const names = ports.map((row) => row.name);
    const routers = [...nb.Logical_Router_Port.rows()].map((row) => row.name);
    const known = new Set([...names, ...routers].flatMap((name) => [name, `cr-${name}`]));
    const otherwise = ports.filter(({ name, type, up }) => {
      const [binding] = bindings.find('port', name);
      // A controller that was killed may leave `up` behind when it lets go of the port.
      const carried = binding?.up === true && binding.chassis !== undefined;
      return type === '' && binding !== undefined && carried !== (up === true);
    });
    return [
      ...names.filter((name) => !bound.has(name)).map((name) => `port ${name} is not in Southbound`),
      ...[...bound].filter((name) => !known.has(name)).map((name) => `${name} is still in Southbound`),
      ...otherwise.map(({ name, up }) => `port ${name} has up=${up} in Northbound, not in Southbound`),
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client[Symbol.asyncDispose]();
  }
}

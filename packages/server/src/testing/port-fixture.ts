import { randomUUID } from 'node:crypto';
import type { Network, Port } from '@ovenbird/api';
import type { Database } from '../db/database.ts';
import type { PortBindingsTable } from '../db/tables.ts';
import type { WriteWithin } from '../engine/contract.ts';
import { initialBinding } from '../ml2/binding-state.ts';
import type { BindingRequest, BindingResult, MechanismDriver } from '../ml2/contract.ts';
import { portsById } from '../resources/port/store.ts';
import type { Ml2Stack } from './ml2-stack.ts';

/** What of a stored port a test chooses. */
export interface PortChoice {
  readonly host?: string;
  readonly vnicType?: string;
  readonly profile?: { readonly [key: string]: unknown };
  readonly deviceOwner?: string;
  readonly status?: string;
  readonly adminStateUp?: boolean;
}

const loadOne = async (database: Database, id: string): Promise<Port> => {
  const [port] = await database.read((reader) => portsById(reader, [id]));
  if (port === undefined) throw new Error(`there is no port ${id}`);
  return port;
};

/** Store a port without addresses, as SQL alone can; binding and status need no more. */
export const storePort = async (
  database: Database,
  network: Network,
  choice: PortChoice = {},
): Promise<Port> => {
  const id = randomUUID();
  await database.transaction(async ({ query, now }) => {
    await query
      .insertInto('ports')
      .values({
        id,
        project_id: network.project_id,
        network_id: network.id,
        name: '',
        description: '',
        mac_address: `fa:16:3e:${id.slice(0, 2)}:${id.slice(2, 4)}:${id.slice(4, 6)}`,
        admin_state_up: choice.adminStateUp === false ? 0 : 1,
        status: choice.status ?? 'DOWN',
        device_id: 'vm',
        device_owner: choice.deviceOwner ?? 'compute:nova',
        port_security_enabled: 1,
        extra_dhcp_opts: '[]',
        ip_allocation: 'none',
        dns_name: '',
        dns_domain: '',
        traits: '{}',
        created_at: now,
        updated_at: now,
        revision_number: 1,
      })
      .execute();
    const binding = initialBinding(id, {
      'binding:host_id': choice.host,
      'binding:vnic_type': choice.vnicType,
      'binding:profile': choice.profile,
    });
    await query.insertInto('port_bindings').values(binding).execute();
  });
  return loadOne(database, id);
};

/** A port as it is in SQL now. */
export const reload = (database: Database, port: Port): Promise<Port> => loadOne(database, port.id);

/** Store a trunk of this parent without sub-ports; reads its status. */
export const storeTrunk = async (database: Database, parent: Port): Promise<() => Promise<string>> => {
  const id = randomUUID();
  await database.transaction(async ({ query, now }) => {
    await query
      .insertInto('trunks')
      .values({
        id,
        project_id: parent.project_id,
        name: '',
        description: '',
        admin_state_up: 1,
        port_id: parent.id,
        status: 'ACTIVE',
        created_at: now,
        updated_at: now,
        revision_number: 1,
      })
      .execute();
  });
  return async () => {
    const row = await database.read(({ query }) =>
      query.selectFrom('trunks').select('status').where('id', '=', id).executeTakeFirstOrThrow(),
    );
    return row.status;
  };
};

/** All binding rows of a port by host. */
export const bindingRows = async (
  database: Database,
  port: Port,
): Promise<{ readonly [host: string]: PortBindingsTable }> => {
  const rows = await database.read(({ query }) =>
    query.selectFrom('port_bindings').selectAll().where('port_id', '=', port.id).orderBy('host').execute(),
  );
  return Object.fromEntries(rows.map((row) => [row.host, { ...row }]));
};

/** Level rows of a port as `host level driver`. */
export const levelRows = async (database: Database, port: Port): Promise<readonly string[]> => {
  const rows = await database.read(({ query }) =>
    query
      .selectFrom('port_binding_levels')
      .selectAll()
      .where('port_id', '=', port.id)
      .orderBy('host')
      .orderBy('level')
      .execute(),
  );
  return rows.map((row) => `${row.host} ${row.level} ${row.driver}`);
};

type Answer = (request: BindingRequest) => BindingResult | undefined | Promise<BindingResult | undefined>;

/** A driver that binds as `answer` says. */
export const bindingDriver = (name: string, answer: Answer): MechanismDriver => ({
  name,
  bind: answer,
  [Symbol.asyncDispose]: () => Promise.resolve(),
});

/** Bind the first segment. */
export const bindFirst =
  (vifType = 'ovs', connectivity = 'l2'): Answer =>
  ({ segments: [first] }) =>
    first === undefined
      ? undefined
      : { outcome: 'bound', segmentId: first.id, vifType, vifDetails: { port_filter: true, connectivity } };

/** A request's further transactions. */
export const writeWithin =
  (stack: Ml2Stack): WriteWithin =>
  (callback) =>
    stack.run(callback);

/** Bind ports as a request does: drivers first, then transactions of their own. */
export const bindPorts = (stack: Ml2Stack, ports: readonly Port[]): Promise<readonly Port[]> =>
  stack.plugin.binding.bind(writeWithin(stack), ports);

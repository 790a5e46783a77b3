import { randomUUID } from 'node:crypto';
import type { SouthboundTables } from '@ovenbird/ovn-db';
import { southboundSchema } from '@ovenbird/ovn-db';
import { createOvsdbClient, type OvsdbClient } from '@ovenbird/ovsdb';
import type { OvnServers } from '../../packages/server/src/drivers/mech/ovn/testing/ovn-servers.ts';

/** A client that acts as controllers do. */
export const connectAsController = async (
  servers: Pick<OvnServers, 'southbound'>,
): Promise<OvsdbClient<SouthboundTables>> => {
  const client = createOvsdbClient<SouthboundTables>({
    database: 'OVN_Southbound',
    schema: southboundSchema(),
    endpoints: [servers.southbound.endpoint],
    monitor: {
      Chassis: ['name'],
      Chassis_Private: ['name', 'external_ids'],
      Port_Binding: ['logical_port', 'type', 'chassis', 'up'],
      Address_Set: ['name', 'addresses'],
      SB_Global: ['nb_cfg'],
    },
    indexes: { Port_Binding: { port: (row) => row.logical_port }, Address_Set: { name: (row) => row.name } },
  });
  await client.ready();
  return client;
};

let tunnels = 0;

/** What a controller writes of itself when it starts. Gives the chassis' row UUID. */
export async function addChassis(
  client: OvsdbClient<SouthboundTables>,
  chassis: {
    readonly name: string;
    readonly hostname: string;
    readonly config?: { readonly [key: string]: string };
  },
): Promise<string> {
  const { operations } = client;
  const [encap, row] = [randomUUID(), randomUUID()];
  const { name, hostname, config = {} } = chassis;
  tunnels += 1;
  await client.transact([
    operations.insert('Encap', encap, {
      type: 'geneve',
      ip: `198.18.${tunnels >> 8}.${tunnels & 255}`,
      chassis_name: name,
    }),
    operations.insert('Chassis', row, {
      name,
      hostname,
      encaps: new Set([encap]),
      other_config: new Map(
        Object.entries({ 'datapath-type': 'netdev', 'iface-types': 'geneve', ...config }),
      ),
    }),
    operations.insert('Chassis_Private', randomUUID(), { name, chassis: row }),
  ]);
  return row;
}

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemClock } from '../../../core/clock.ts';
import { createLogger } from '../../../core/logger.ts';
import type { Database } from '../../../db/database.ts';
import { forEachDialect } from '../../../testing/databases.ts';
import { createOvnMechanismDriver } from './driver.ts';
import { gatewayChassisUuid, gatewayGroupUuid, routerPortUuid } from './ids.ts';
import { defaultOvnSettings } from './settings.ts';
import { contentOf } from './testing/content.ts';
import { startOvnServers } from './testing/ovn-servers.ts';
import { withRows } from './testing/rows.ts';

const id = (last: number): string => `00000000-0000-4000-8000-${String(last).padStart(12, '0')}`;
const [outside, outer, inside, inner, router] = [id(1), id(2), id(3), id(4), id(5)];
const [gateway, face] = [id(6), id(7)];

/** A router between a tunnelled network and a flat one outside. */
const fill = (database: Database): Promise<void> =>
  withRows(database, async (rows) => {
    const flat = { network_type: 'flat', physical_network: 'physnet1' };
    await rows.network({ id: outside, mtu: 1500, external: 1 }, [flat]);
    await rows.subnet(outside, { id: outer, cidr: '192.0.2.0/24', gateway_ip: '192.0.2.1', enable_dhcp: 0 });
    await rows.network({ id: inside });
    await rows.subnet(inside, { id: inner, enable_dhcp: 0 });
    await rows.router({ id: router, availability_zone_hints: '["az"]' });
    const mac = { id: gateway, mac_address: 'fa:16:3e:00:00:01' };
    const outerAddress = { addresses: [{ subnet: outer, ip: '192.0.2.5' }], position: 0 };
    await rows.routerPort(router, outside, mac, outerAddress);
    const innerAddress = { addresses: [{ subnet: inner, ip: '10.0.0.1' }] };
    await rows.routerPort(router, inside, { id: face, mac_address: 'fa:16:3e:00:00:02' }, innerAddress);
    await rows.gatewaySchedule(router, ['ch-1', 'ch-2']);
  });

const routers = {
  [router]: {
    name: `neutron-${router}`,
    enabled: true,
    ports: [routerPortUuid(gateway), routerPortUuid(face)].sort(),
    options: {
      always_learn_from_arp_request: 'false',
      dynamic_neigh_routers: 'true',
      mac_binding_age_threshold: '300',
    },
    external_ids: {
      'neutron:router_name': 'router',
      'neutron:revision_number': '1',
      'neutron:availability_zone_hints': 'az',
    },
  },
};

const portRow = (network: string, subnet: string, gw: 'True' | 'False', given: object) => ({
  ha_chassis_group: null,
  ipv6_ra_configs: {},
  ...given,
  external_ids: {
    'neutron:revision_number': '1',
    'neutron:subnet_ids': subnet,
    'neutron:network_name': `neutron-${network}`,
    'neutron:is_ext_gw': gw,
    'neutron:router_name': `neutron-${router}`,
  },
});

const routerPorts = {
  [routerPortUuid(gateway)]: portRow(outside, outer, 'True', {
    name: `lrp-${gateway}`,
    mac: 'fa:16:3e:00:00:01',
    networks: ['192.0.2.5/24'],
    ha_chassis_group: gatewayGroupUuid(router),
    options: { 'reside-on-redirect-chassis': 'true', gateway_mtu: '1442' },
  }),
  [routerPortUuid(face)]: portRow(inside, inner, 'False', {
    name: `lrp-${face}`,
    mac: 'fa:16:3e:00:00:02',
    networks: ['10.0.0.1/24'],
    options: {},
  }),
};

const chassisRow = (chassis_name: string, priority: number) => ({ chassis_name, priority, external_ids: {} });
const chassis = {
  [gatewayChassisUuid(router, 'ch-1')]: chassisRow('ch-1', 2),
  [gatewayChassisUuid(router, 'ch-2')]: chassisRow('ch-2', 1),
};
const groups = {
  [gatewayGroupUuid(router)]: {
    name: `neutron-${router}`,
    ha_chassis: Object.keys(chassis).sort(),
    external_ids: { 'neutron:availability_zone_hints': 'az', 'neutron:router_id': router },
  },
};

const switchPortOf = (port: string, more: object) => ({
  type: 'router',
  addresses: ['router'],
  port_security: [],
  options: { 'router-port': `lrp-${port}`, ...more },
});

const ROUTING = ['Logical_Router', 'Logical_Router_Port', 'HA_Chassis_Group', 'HA_Chassis'] as const;

forEachDialect('Routing in OVN', (databases) => {
  it('is written as the mapping says, and taken back', async () => {
    await using servers = await startOvnServers();
    const database = await databases.open();
    await fill(database);
    await using driver = createOvnMechanismDriver({
      northbound: { endpoints: [servers.northbound.endpoint] },
      southbound: { endpoints: [servers.southbound.endpoint] },
      settings: defaultOvnSettings,
      database,
      clock: systemClock,
      logger: createLogger({ level: 'silent' }),
      report: async () => {},
    });
    await driver.start?.(new AbortController().signal);
    await driver.resync();
    const content = contentOf(driver.northbound.replica);
    assert.deepEqual(Object.fromEntries(ROUTING.map((table) => [table, content[table]])), {
      Logical_Router: routers,
      Logical_Router_Port: routerPorts,
      HA_Chassis_Group: groups,
      HA_Chassis: chassis,
    });
    const switchPorts = Object.entries(content.Logical_Switch_Port ?? {}).flatMap(([uuid, row]) =>
      row.type === 'router'
        ? [
            [
              uuid,
              {
                type: row.type,
                addresses: row.addresses,
                port_security: row.port_security,
                options: row.options,
              },
            ],
          ]
        : [],
    );
    assert.deepEqual(Object.fromEntries(switchPorts), {
      [gateway]: switchPortOf(gateway, { 'nat-addresses': 'router', 'exclude-lb-vips-from-garp': 'true' }),
      [face]: switchPortOf(face, {}),
    });
    assert.deepEqual(await driver.drift(), []);

    await database.transaction(async ({ query }) => {
      for (const table of ['gateway_schedules', 'router_ports', 'routers', 'ports'] as const)
        await query.deleteFrom(table).execute();
    });
    assert.ok((await driver.drift()).some(({ table }) => table === 'Logical_Router'));
    await driver.resync();
    const left = contentOf(driver.northbound.replica);
    for (const table of ROUTING) assert.deepEqual(left[table], {});
  });
});

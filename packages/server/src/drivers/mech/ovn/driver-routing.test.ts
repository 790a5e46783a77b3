import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemClock } from '../../../core/clock.ts';
import { createLogger } from '../../../core/logger.ts';
import type { Database } from '../../../db/database.ts';
import { forEachDialect } from '../../../testing/databases.ts';
import { createOvnMechanismDriver } from './driver.ts';
import {
  bfdUuid,
  defaultRouteUuid,
  extraRouteUuid,
  forwardingUuid,
  gatewayChassisUuid,
  gatewayGroupUuid,
  routerPortUuid,
  snatUuid,
} from './ids.ts';
import { defaultOvnSettings } from './settings.ts';
import { type Content, contentOf } from './testing/content.ts';
import { type OvnServers, startOvnServers } from './testing/ovn-servers.ts';
import { withRows } from './testing/rows.ts';

const id = (last: number): string => `00000000-0000-4000-8000-${String(last).padStart(12, '0')}`;
const [outside, outer, inside, inner, router] = [id(1), id(2), id(3), id(4), id(5)];
const [gateway, face, machine] = [id(6), id(7), id(8)];
const [floating, forwarding] = [id(9), id(10)];

const ROUTE = { destination: '10.9.0.0/16', nexthop: '10.0.0.9' };

/** A router between a tunnelled network and a flat one outside. */
const fill = (database: Database): Promise<void> =>
  withRows(database, async (rows) => {
    const flat = { network_type: 'flat', physical_network: 'physnet1' };
    await rows.network({ id: outside, mtu: 1500, external: 1 }, [flat]);
    await rows.subnet(outside, { id: outer, cidr: '192.0.2.0/24', gateway_ip: '192.0.2.1', enable_dhcp: 0 });
    await rows.network({ id: inside });
    await rows.subnet(inside, { id: inner, enable_dhcp: 0 });
    const watched = { enable_default_route_bfd: 1, availability_zone_hints: '["az"]' } as const;
    await rows.router({ id: router, ...watched }, [ROUTE]);
    const mac = { id: gateway, mac_address: 'fa:16:3e:00:00:01' };
    const outerAddress = { addresses: [{ subnet: outer, ip: '192.0.2.5' }], position: 0 };
    await rows.routerPort(router, outside, mac, outerAddress);
    const innerAddress = { addresses: [{ subnet: inner, ip: '10.0.0.1' }] };
    await rows.routerPort(router, inside, { id: face, mac_address: 'fa:16:3e:00:00:02' }, innerAddress);
    await rows.gatewaySchedule(router, ['ch-1', 'ch-2']);
    const own = { addresses: [{ subnet: inner, ip: '10.0.0.5' }] };
    await rows.port(inside, { id: machine, status: 'ACTIVE' }, own);
    const told = { router_id: router, floating_network_id: outside };
    const fixed = { fixed_port_id: machine, fixed_ip_address: '10.0.0.5' };
    const mac_address = 'fa:16:3e:00:00:03';
    const first = { id: floating, floating_ip_address: '192.0.2.10', ...told, ...fixed };
    await rows.floatingIp(first, { mac_address });
    await rows.floatingIp({ id: forwarding, floating_ip_address: '192.0.2.11', ...told });
    const lead = { floatingip_id: forwarding, internal_port_id: machine, internal_ip_address: '10.0.0.5' };
    const range = { external_port_start: 2001, external_port_end: 2002 };
    await rows.portForwarding({ ...lead, ...range, internal_port_start: 31, internal_port_end: 32 });
    const web = { external_port_start: 80, external_port_end: 80 };
    await rows.portForwarding({ ...lead, ...web, internal_port_start: 8080, internal_port_end: 8080 });
    const names = { protocol: 'udp', external_port_start: 53, external_port_end: 53 };
    await rows.portForwarding({ ...lead, ...names, internal_port_start: 53, internal_port_end: 53 });
  });

const wayOut = defaultRouteUuid(router, '0.0.0.0/0', '192.0.2.1', `lrp-${gateway}`);
const detour = extraRouteUuid(router, ROUTE.destination, ROUTE.nexthop);
const watch = bfdUuid(`lrp-${gateway}`, '192.0.2.1');

const routes = {
  [wayOut]: {
    ip_prefix: '0.0.0.0/0',
    nexthop: '192.0.2.1',
    output_port: `lrp-${gateway}`,
    bfd: watch,
    external_ids: {
      'neutron:is_ext_gw': 'true',
      'neutron:is_static_route': 'true',
      'neutron:subnet_id': outer,
    },
  },
  [detour]: {
    ip_prefix: '10.9.0.0/16',
    nexthop: '10.0.0.9',
    output_port: null,
    bfd: null,
    external_ids: { 'neutron:is_static_route': 'true' },
  },
};

const watches = {
  [watch]: {
    logical_port: `lrp-${gateway}`,
    dst_ip: '192.0.2.1',
    external_ids: { 'neutron:router_id': router },
  },
};

const natRow = (given: object) => ({ external_mac: null, gateway_port: null, logical_port: null, ...given });
const translations = (distributed: boolean) => ({
  [snatUuid(router, '192.0.2.5', '10.0.0.0/24')]: natRow({
    type: 'snat',
    external_ip: '192.0.2.5',
    logical_ip: '10.0.0.0/24',
    options: {},
    external_ids: {},
  }),
  [floating]: natRow({
    type: 'dnat_and_snat',
    external_ip: '192.0.2.10',
    logical_ip: '10.0.0.5',
    logical_port: machine,
    ...(distributed
      ? { external_mac: 'fa:16:3e:00:00:03', gateway_port: routerPortUuid(gateway) }
      : undefined),
    options: { stateless: 'false' },
    external_ids: {
      'neutron:fip_id': floating,
      'neutron:revision_number': '1',
      'neutron:fip_port_id': machine,
      'neutron:router_name': `neutron-${router}`,
      'neutron:fip_external_mac': 'fa:16:3e:00:00:03',
      'neutron:fip_network_id': outside,
    },
  }),
});

const balancerRow = (protocol: string, vips: object) => ({
  name: `pf-floatingip-${forwarding}-${protocol}`,
  protocol,
  vips,
  external_ids: {
    'neutron:device_owner': 'port_forwarding_plugin',
    'neutron:fip_id': forwarding,
    'neutron:router_name': `neutron-${router}`,
    'neutron:revision_number': '1',
  },
});
const balancers = {
  [forwardingUuid(forwarding, 'tcp')]: balancerRow('tcp', {
    '192.0.2.11:80': '10.0.0.5:8080',
    '192.0.2.11:2001': '10.0.0.5:31',
    '192.0.2.11:2002': '10.0.0.5:32',
  }),
  [forwardingUuid(forwarding, 'udp')]: balancerRow('udp', { '192.0.2.11:53': '10.0.0.5:53' }),
};

const routers = {
  [router]: {
    name: `neutron-${router}`,
    enabled: true,
    ports: [routerPortUuid(gateway), routerPortUuid(face)].sort(),
    static_routes: [wayOut, detour].sort(),
    nat: [floating, snatUuid(router, '192.0.2.5', '10.0.0.0/24')].sort(),
    load_balancer: [forwardingUuid(forwarding, 'tcp'), forwardingUuid(forwarding, 'udp')].sort(),
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

const ROUTING = [
  'Logical_Router',
  'Logical_Router_Port',
  'Logical_Router_Static_Route',
  'BFD',
  'NAT',
  'Load_Balancer',
  'HA_Chassis_Group',
  'HA_Chassis',
] as const;

const settingsOf = (distributedFloatingIp: boolean) => ({ ...defaultOvnSettings, distributedFloatingIp });

const startDriver = async (servers: OvnServers, database: Database, distributed: boolean) => {
  const driver = createOvnMechanismDriver({
    northbound: { endpoints: [servers.northbound.endpoint] },
    southbound: { endpoints: [servers.southbound.endpoint] },
    settings: settingsOf(distributed),
    database,
    clock: systemClock,
    logger: createLogger({ level: 'silent' }),
    report: async () => {},
  });
  await driver.start?.(new AbortController().signal);
  await driver.resync();
  return driver;
};

const routingIn = (content: Content) => Object.fromEntries(ROUTING.map((table) => [table, content[table]]));

const switchPortsIn = (content: Content) =>
  Object.fromEntries(
    Object.entries(content.Logical_Switch_Port ?? {}).flatMap(([uuid, row]) => {
      const { type, addresses, port_security, options } = row;
      return type === 'router' ? [[uuid, { type, addresses, port_security, options }]] : [];
    }),
  );

const expected = {
  Logical_Router: routers,
  Logical_Router_Port: routerPorts,
  Logical_Router_Static_Route: routes,
  BFD: watches,
  NAT: translations(false),
  Load_Balancer: balancers,
  HA_Chassis_Group: groups,
  HA_Chassis: chassis,
};

forEachDialect('Routing in OVN', (databases) => {
  it('is written as the mapping says, and taken back', async () => {
    await using servers = await startOvnServers();
    const database = await databases.open();
    await fill(database);
    await using driver = await startDriver(servers, database, false);
    const content = contentOf(driver.northbound.replica);
    assert.deepEqual(routingIn(content), expected);
    assert.deepEqual(switchPortsIn(content), {
      [gateway]: switchPortOf(gateway, { 'nat-addresses': 'router', 'exclude-lb-vips-from-garp': 'true' }),
      [face]: switchPortOf(face, {}),
    });
    const { external_ids } = content.Logical_Switch_Port?.[machine] ?? {};
    assert.equal(Object(external_ids)['neutron:port_fip'], '192.0.2.10');
    assert.deepEqual(content.Logical_Switch?.[inside]?.load_balancer, Object.keys(balancers).sort());
    assert.deepEqual(content.Logical_Switch?.[outside]?.load_balancer, []);
    assert.deepEqual(await driver.drift(), []);

    await database.transaction(async ({ query }) => {
      for (const table of [
        'port_forwardings',
        'floating_ips',
        'gateway_schedules',
        'router_ports',
        'routers',
        'ports',
      ] as const)
        await query.deleteFrom(table).execute();
    });
    assert.ok((await driver.drift()).some(({ table }) => table === 'Logical_Router'));
    await driver.resync();
    const left = contentOf(driver.northbound.replica);
    for (const table of ROUTING) assert.deepEqual(left[table], {});
  });

  it('becomes distributed, and centralised again, when the configuration says so', async () => {
    await using servers = await startOvnServers();
    const database = await databases.open();
    await fill(database);
    for (const distributed of [true, false]) {
      await using driver = await startDriver(servers, database, distributed);
      const { NAT, Logical_Router_Port: ports } = contentOf(driver.northbound.replica);
      assert.deepEqual(NAT, translations(distributed));
      const options = { 'reside-on-redirect-chassis': 'true', gateway_mtu: '1442' };
      assert.deepEqual(ports?.[routerPortUuid(gateway)]?.options, options);
    }
  });

  it('leaves what others put into routers', async () => {
    await using servers = await startOvnServers();
    const database = await databases.open();
    await fill(database);
    await using driver = await startDriver(servers, database, false);
    const { operations: ops, replica } = driver.northbound;
    const [route, nat, own] = [id(101), id(102), [['_uuid', '==', router]] as const];
    await driver.northbound.transact([
      ops.insert('Logical_Router_Static_Route', route, { ip_prefix: '10.1.0.0/16', nexthop: '10.0.0.7' }),
      ops.insert('NAT', nat, { type: 'snat', external_ip: '192.0.2.5', logical_ip: '10.77.0.0/16' }),
      ops.mutate('Logical_Router', own, [
        ['static_routes', 'insert', new Set([route])],
        ['nat', 'insert', new Set([nat])],
        ['options', 'insert', new Map([['their-option', 'kept']])],
      ]),
    ]);
    await database.transaction(({ query }) =>
      query.updateTable('routers').set({ enable_snat: 0, name: 'renamed', revision_number: 2 }).execute(),
    );
    await driver.resync();
    assert.deepEqual(await driver.drift(), []);
    const row = replica.Logical_Router.get(router);
    assert.equal(row?.external_ids.get('neutron:router_name'), 'renamed');
    assert.deepEqual(row?.nat, new Set([floating, nat]));
    assert.ok(row?.static_routes.has(route));
    assert.equal(row?.options.get('their-option'), 'kept');
  });

  it('replaces rows that the reference made', async () => {
    await using servers = await startOvnServers();
    const database = await databases.open();
    await fill(database);
    await using driver = await startDriver(servers, database, false);
    const { operations: ops } = driver.northbound;
    const [nat, route, bfd] = [id(101), id(102), id(103)];
    await driver.northbound.transact([
      ops.delete('Logical_Router', [['_uuid', '==', router]]),
      ops.delete('BFD', [['_uuid', '==', watch]]),
      ops.insert('BFD', bfd, { logical_port: `lrp-${gateway}`, dst_ip: '192.0.2.1' }),
      ops.insert('Logical_Router_Static_Route', route, {
        ip_prefix: '0.0.0.0/0',
        nexthop: '192.0.2.1',
        bfd,
        external_ids: new Map([['neutron:is_ext_gw', 'true']]),
      }),
      ops.insert('NAT', nat, { type: 'snat', external_ip: '192.0.2.5', logical_ip: '0.0.0.0/0' }),
      ops.insert('Logical_Router_Port', id(104), {
        name: `lrp-${gateway}`,
        mac: 'fa:16:3e:00:00:01',
        networks: new Set(['192.0.2.5/24']),
        external_ids: new Map([
          ['neutron:router_name', `neutron-${router}`],
          ['neutron:is_ext_gw', 'True'],
        ]),
      }),
      ops.insert('Logical_Router', id(105), {
        name: `neutron-${router}`,
        ports: new Set([id(104)]),
        static_routes: new Set([route]),
        nat: new Set([nat]),
        external_ids: new Map([['neutron:router_name', 'router']]),
      }),
    ]);
    await driver.resync();
    assert.deepEqual(await driver.drift(), []);
    assert.deepEqual(routingIn(contentOf(driver.northbound.replica)), expected);
  });
});

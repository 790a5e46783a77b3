import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  bfdUuid,
  defaultRouteUuid,
  extraRouteUuid,
  gatewayChassisUuid,
  gatewayGroupUuid,
  snatUuid,
} from '../ids.ts';
import { defaultOvnSettings } from '../settings.ts';
import { routerPortState, routerState, routerSubnetState } from '../testing/states.ts';
import { gatewayGroup, gatewayGroupOf, isTunnelled } from './gateway-group.ts';
import { routerRoutes } from './router-routes.ts';
import { routerSnat } from './router-snat.ts';

const gateway = routerPortState({
  id: 'g',
  gateway: true,
  physical: true,
  addresses: [{ address: '192.0.2.5', subnet: routerSubnetState({ id: 'out', gatewayIp: '192.0.2.1' }) }],
});
const inside = routerPortState({
  id: 'i',
  addresses: [{ address: '10.0.0.9', subnet: routerSubnetState({ gatewayIp: '10.0.0.1' }) }],
});

describe('every column of what a router has', () => {
  it('its group of chassis', () => {
    const chassis = [
      { name: 'one', priority: 2 },
      { name: 'two', priority: 1 },
    ];
    const parent = gatewayGroupUuid('r');
    const router = routerState({ id: 'r', ports: [gateway], chassis, availabilityZoneHints: ['a', 'b'] });
    const rows = chassis.map(({ name, priority }) => ({
      table: 'HA_Chassis',
      uuid: gatewayChassisUuid('r', name),
      columns: { chassis_name: name, priority },
    }));
    assert.deepEqual(gatewayGroup(router), {
      rows: [
        {
          table: 'HA_Chassis_Group',
          uuid: parent,
          columns: {
            name: 'neutron-r',
            external_ids: new Map([
              ['neutron:availability_zone_hints', 'a,b'],
              ['neutron:router_id', 'r'],
            ]),
          },
        },
        ...rows,
      ],
      members: rows.map(({ uuid }) => ({ column: 'HA_Chassis_Group.ha_chassis', parent, element: uuid })),
    });
    assert.equal(gatewayGroupOf(router), parent);
    for (const none of [{ ports: [inside] }, { chassis: [] }, { ports: [] }])
      assert.deepEqual(gatewayGroup({ ...router, ...none }), { rows: [], members: [] });
  });

  it('being tunnelled: with gateways, none of which is on a physical network', () => {
    const of = (...physical: readonly boolean[]) =>
      isTunnelled(
        routerState({ ports: [inside, ...physical.map((each) => ({ ...gateway, physical: each }))] }),
      );
    assert.deepEqual(
      [of(), of(true), of(false), of(false, true), of(false, false)],
      [false, false, true, false, true],
    );
  });

  it('its routes', () => {
    const router = routerState({
      id: 'r',
      // The first port is no gateway: its subnet's gateway is no way out.
      ports: [inside, gateway],
      routes: [{ destination: '10.9.0.0/16', nexthop: '10.0.0.8' }],
    });
    const uuid = defaultRouteUuid('r', '0.0.0.0/0', '192.0.2.1');
    const extra = {
      table: 'Logical_Router_Static_Route',
      uuid: extraRouteUuid('r', '10.9.0.0/16', '10.0.0.8'),
      columns: {
        ip_prefix: '10.9.0.0/16',
        nexthop: '10.0.0.8',
        output_port: undefined,
        bfd: undefined,
        external_ids: new Map([['neutron:is_static_route', 'true']]),
      },
    };
    const way = {
      table: 'Logical_Router_Static_Route',
      uuid,
      columns: {
        ip_prefix: '0.0.0.0/0',
        nexthop: '192.0.2.1',
        output_port: undefined,
        bfd: undefined,
        external_ids: new Map([
          ['neutron:is_ext_gw', 'true'],
          ['neutron:subnet_id', 'out'],
          ['neutron:is_static_route', 'true'],
        ]),
      },
    };
    const member = (element: string) => ({ column: 'Logical_Router.static_routes', parent: 'r', element });
    assert.deepEqual(routerRoutes(router), {
      rows: [way, extra],
      members: [member(uuid), member(extra.uuid)],
    });
    const watched = defaultRouteUuid('r', '0.0.0.0/0', '192.0.2.1', 'lrp-g');
    const bfd = bfdUuid('lrp-g', '192.0.2.1');
    assert.deepEqual(routerRoutes({ ...router, defaultRouteBfd: true, routes: [] }), {
      rows: [
        {
          table: 'BFD',
          uuid: bfd,
          columns: {
            logical_port: 'lrp-g',
            dst_ip: '192.0.2.1',
            external_ids: new Map([['neutron:router_id', 'r']]),
          },
        },
        { ...way, uuid: watched, columns: { ...way.columns, output_port: 'lrp-g', bfd } },
      ],
      members: [member(watched)],
    });
  });

  it('its translation', () => {
    const uuid = snatUuid('r', '192.0.2.5', '10.0.0.0/24');
    const router = routerState({ id: 'r', ports: [inside, gateway] });
    assert.deepEqual(routerSnat(router, { ...defaultOvnSettings, routerIndirectSnat: false }), {
      rows: [
        {
          table: 'NAT',
          uuid,
          columns: {
            type: 'snat',
            external_ip: '192.0.2.5',
            logical_ip: '10.0.0.0/24',
            logical_port: undefined,
            external_mac: undefined,
            gateway_port: undefined,
            options: new Map(),
            external_ids: new Map(),
          },
        },
      ],
      members: [{ column: 'Logical_Router.nat', parent: 'r', element: uuid }],
    });
  });
});

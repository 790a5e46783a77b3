import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { QosState } from '../qos-state.ts';
import type { FloatingIpState } from '../routing-state.ts';
import { defaultOvnSettings } from '../settings.ts';
import { routerPortState, routerState } from '../testing/states.ts';
import { floatingIpQos, gatewayQos } from './routing-qos.ts';

const qos: QosState = {
  egress: { rate: 1000, burst: 100 },
  ingress: { rate: 2000, burst: 0 },
  dscp: 8,
  minimum: 500,
  physical: false,
};

const floatingIp: FloatingIpState = {
  id: 'f',
  address: '192.0.2.10',
  networkId: 'n',
  mac: 'fa:16:3e:00:00:09',
  revision: 3,
  routerId: 'r',
  fixed: { portId: 'p', address: '10.0.0.5', onChassis: true },
  gatewayPort: 'g',
  outerPort: 'g',
  qos,
  forwardings: [],
  innerNetworks: [],
};

const limits = (given: Partial<FloatingIpState> = {}, distributedFloatingIp = false) =>
  floatingIpQos({ ...floatingIp, ...given }, { ...defaultOvnSettings, distributedFloatingIp });
const residents = (...given: Parameters<typeof limits>) =>
  limits(...given).rows.map(({ columns }) =>
    'match' in columns ? /is_chassis_resident\("(.*)"\)$/.exec(String(columns.match))?.[1] : undefined,
  );

describe('quality of service of a floating IP', () => {
  it('is a row each way of the switch outside, a mark with what is sent', () => {
    const { rows, members } = limits();
    const resident = 'is_chassis_resident("cr-lrp-g")';
    assert.deepEqual(
      rows.map(({ columns }) => columns),
      [
        {
          direction: 'from-lport',
          priority: 2003,
          match: `inport == "g" && ip4.src == 192.0.2.10 && ${resident}`,
          bandwidth: new Map([
            ['rate', 1000],
            ['burst', 100],
          ]),
          action: new Map([['dscp', 8]]),
          external_ids: new Map([['neutron:fip_id', 'f']]),
        },
        {
          direction: 'to-lport',
          priority: 2003,
          match: `outport == "g" && ip4.dst == 192.0.2.10 && ${resident}`,
          bandwidth: new Map([['rate', 2000]]),
          action: new Map(),
          external_ids: new Map([['neutron:fip_id', 'f']]),
        },
      ],
    );
    const held = rows.map(({ uuid }) => ['Logical_Switch.qos_rules', 'n', uuid]);
    assert.deepEqual(
      members.map(({ column, parent, element }) => [column, parent, element]),
      held,
    );
  });

  it('is where the address is translated', () => {
    const down = { portId: 'p', address: '10.0.0.5', onChassis: false };
    assert.deepEqual(residents({}, true), ['p', 'p']);
    assert.deepEqual(residents({ fixed: down }, true), ['cr-lrp-g', 'cr-lrp-g']);
    assert.deepEqual(residents({ fixed: undefined }, true), ['cr-lrp-g', 'cr-lrp-g'], 'ports are forwarded');
    const whole = ['lrp-g', 'lrp-g'];
    assert.deepEqual(residents({ gatewayPort: undefined }), whole, 'one chassis carries the whole router');
    assert.deepEqual(residents({ gatewayPort: undefined }, true), whole);
  });

  it('is nothing without a policy, a router, or a gateway to its network', () => {
    for (const missing of ['qos', 'routerId', 'outerPort'])
      assert.deepEqual(limits({ [missing]: undefined }), { rows: [], members: [] });
  });
});

describe('quality of service of gateways', () => {
  const of = (given: Parameters<typeof routerPortState>[0]) =>
    gatewayQos(
      routerState({ id: 'r', ports: [routerPortState({ id: 'g', networkId: 'n', qos, ...given })] }),
    );

  it('is a row each way of the switch outside', () => {
    const { rows, members } = of({ gateway: true });
    assert.deepEqual(
      rows.map(({ columns: { external_ids: ids, ...columns } }) => [
        'match' in columns ? [columns.priority, columns.match] : [],
        ids,
      ]),
      [
        [[2002, 'inport == "g"'], new Map([['neutron:router_id', 'r']])],
        [[2002, 'outport == "g"'], new Map([['neutron:router_id', 'r']])],
      ],
    );
    assert.deepEqual(
      members.map(({ parent }) => parent),
      ['n', 'n'],
    );
  });

  it('is nothing for interfaces, and for gateways without a policy or an address', () => {
    for (const given of [
      { gateway: false },
      { gateway: true, qos: undefined },
      { gateway: true, addresses: [] },
    ])
      assert.deepEqual(of(given).rows, []);
  });
});

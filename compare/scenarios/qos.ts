import type { JsonObject } from '../json.ts';
import { change, drop, make, type Scenario, type Step } from '../step.ts';
import { port, twoFamilies } from './ports.ts';

const rule = (name: string, policy: string, kind: string, body: JsonObject): Step =>
  make(name, `qos/policies/{${policy}}/${kind}_rules`, body);

export const qos: readonly Scenario[] = [
  {
    name: 'QoS',
    steps: [
      make('policy', 'qos/policies', { name: 'policy' }),
      rule('egress', 'policy', 'bandwidth_limit', { max_kbps: 1000, max_burst_kbps: 800 }),
      rule('ingress', 'policy', 'bandwidth_limit', { max_kbps: 2000, direction: 'ingress' }),
      rule('mark', 'policy', 'dscp_marking', { dscp_mark: 26 }),
      make('marking', 'qos/policies', { name: 'marking', shared: true }),
      rule('only', 'marking', 'dscp_marking', { dscp_mark: 14 }),
      make('empty', 'qos/policies', { name: 'empty', description: 'no rules' }),
      ...twoFamilies(),
      port('limited', 20, { qos_policy_id: '{policy}' }),
      port('marked', 21, { qos_policy_id: '{marking}' }),
      port('free', 22),
      port('emptied', 23, { qos_policy_id: '{empty}' }),
      port('device', 24, { qos_policy_id: '{policy}', device_owner: 'network:dhcp', device_id: 'd' }),
      change('networks/{net}', { qos_policy_id: '{marking}' }),
      change('qos/policies/{policy}', { name: 'renamed' }),
      {
        as: 'admin',
        method: 'PUT',
        path: 'qos/policies/{policy}/bandwidth_limit_rules/{egress}',
        body: { bandwidth_limit_rule: { max_kbps: 1500, max_burst_kbps: 0 } },
      },
      drop('qos/policies/{policy}/bandwidth_limit_rules/{ingress}'),
    ],
  },
  {
    name: 'QoS on provider networks',
    steps: [
      make('policy', 'qos/policies', { name: 'policy' }),
      rule('egress', 'policy', 'bandwidth_limit', { max_kbps: 1000 }),
      rule('minimum', 'policy', 'minimum_bandwidth', { min_kbps: 500 }),
      make('net', 'networks', {
        'provider:network_type': 'vlan',
        'provider:physical_network': 'public',
        'provider:segmentation_id': 171,
        qos_policy_id: '{policy}',
      }),
      make('v4', 'subnets', { network_id: '{net}', ip_version: 4, cidr: '10.6.0.0/24' }),
      make('v6', 'subnets', { network_id: '{net}', ip_version: 6, cidr: 'fd00:6::/64' }),
      port('limited', 20),
    ],
  },
];

import { change, make, read, type Scenario } from '../step.ts';

export const pools: readonly Scenario[] = [
  {
    name: 'subnet pools and address scopes',
    steps: [
      make('scope', 'address-scopes', { name: 'scope', ip_version: 4 }),
      make('pool', 'subnetpools', {
        name: 'pool',
        prefixes: ['10.30.0.0/16'],
        default_prefixlen: 26,
        min_prefixlen: 24,
        address_scope_id: '{scope}',
      }),
      make('pool6', 'subnetpools', { name: 'pool6', prefixes: ['fd00:30::/48'], default_quota: 9 }),
      make('net', 'networks', { name: 'net' }),
      make('first', 'subnets', { network_id: '{net}', ip_version: 4, subnetpool_id: '{pool}' }),
      make('chosen', 'subnets', {
        network_id: '{net}',
        ip_version: 4,
        subnetpool_id: '{pool}',
        cidr: '10.30.77.0/24',
      }),
      make('port', 'ports', { network_id: '{net}', fixed_ips: [{ ip_address: '10.30.77.5' }] }),
      change('subnetpools/{pool}', { prefixes: ['10.30.0.0/15'], name: 'wider' }),
      read('subnetpools/{pool}'),
    ],
  },
  {
    name: 'sharing',
    steps: [
      make('net', 'networks', { name: 'net' }),
      make('share', 'rbac-policies', {
        object_type: 'network',
        object_id: '{net}',
        action: 'access_as_shared',
        target_tenant: '{demo}',
      }),
      read('networks/{net}', { as: 'demo' }),
      make('outer', 'networks', { name: 'outer' }),
      make('external', 'rbac-policies', {
        object_type: 'network',
        object_id: '{outer}',
        action: 'access_as_external',
        target_tenant: '{demo}',
      }),
      read('networks/{outer}', { as: 'demo' }),
    ],
  },
];

import type { JsonObject } from '../json.ts';
import { change, drop, make, read, type Scenario } from '../step.ts';
import { port, twoFamilies } from './ports.ts';

/** OVN answers for ports of devices only. */
const machine = (name: string, more: JsonObject = {}): JsonObject => ({
  device_id: name,
  device_owner: 'compute:nova',
  dns_name: name,
  ...more,
});

export const dns: readonly Scenario[] = [
  {
    name: 'names',
    steps: [
      ...twoFamilies(),
      port('first', 20, machine('first')),
      port('second', 21, machine('second')),
      port('nameless', 22, { device_id: 'machine', device_owner: 'compute:nova' }),
      port('nobodys', 23, { dns_name: 'nobodys' }),
      port('capital', 24, machine('Capital')),
      port('taken', 25),
      change('ports/{first}', { dns_name: 'renamed' }),
      change('ports/{taken}', machine('taken')),
      change('ports/{second}', { fixed_ips: [{ subnet_id: '{v4}', ip_address: '10.6.0.99' }] }),
      read('ports/{first}'),
    ],
  },
  {
    name: 'names that go',
    steps: [
      ...twoFamilies(),
      port('kept', 20, machine('kept')),
      port('gone', 21, machine('gone')),
      port('emptied', 22, machine('emptied')),
      drop('ports/{gone}'),
      change('ports/{emptied}', { dns_name: '' }),
    ],
  },
  {
    name: 'names in domains of their networks',
    steps: [
      make('net', 'networks', { name: 'net', dns_domain: 'green.example.org.' }),
      make('v4', 'subnets', { network_id: '{net}', ip_version: 4, cidr: '10.6.0.0/24' }),
      make('inside', 'ports', {
        network_id: '{net}',
        mac_address: 'fa:16:3e:00:02:20',
        fixed_ips: [{ ip_address: '10.6.0.20' }],
        ...machine('inside'),
      }),
      make('own', 'ports', {
        network_id: '{net}',
        mac_address: 'fa:16:3e:00:02:21',
        fixed_ips: [{ ip_address: '10.6.0.21' }],
        ...machine('own', { dns_domain: 'blue.example.org.' }),
      }),
    ],
  },
  {
    name: 'names that ports share',
    steps: [
      ...twoFamilies(),
      port('one', 20, machine('shared')),
      port('two', 21, machine('shared')),
      port('three', 22, machine('left')),
      port('four', 23, machine('left')),
      drop('ports/{four}'),
    ],
  },
  {
    name: 'names whose network moves to another domain',
    steps: [
      make('net', 'networks', { name: 'net', dns_domain: 'green.example.org.' }),
      make('v4', 'subnets', { network_id: '{net}', ip_version: 4, cidr: '10.6.0.0/24' }),
      make('moved', 'ports', {
        network_id: '{net}',
        mac_address: 'fa:16:3e:00:02:20',
        fixed_ips: [{ ip_address: '10.6.0.20' }],
        ...machine('moved'),
      }),
      change('networks/{net}', { dns_domain: 'red.example.org.' }),
    ],
  },
];

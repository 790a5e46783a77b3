import { resourceNamed } from '@ovenbird/api';
import { badBodies, spoiled } from '../../test/bad-input/values.ts';
import type { Json, JsonObject } from '../json.ts';
import { make, type Scenario, type Step } from '../step.ts';
import { outside } from './routing.ts';

/** A good body of each resource, and where it goes. */
const resources: readonly (readonly [name: string, path: string, good: JsonObject])[] = [
  ['network', 'networks', {}],
  ['subnet', 'subnets', { network_id: '{net}', ip_version: 4, cidr: '10.200.0.0/24' }],
  ['port', 'ports', { network_id: '{net}' }],
  ['router', 'routers', {}],
  ['floatingip', 'floatingips', { floating_network_id: '{public}' }],
  ['security_group', 'security-groups', {}],
  ['security_group_rule', 'security-group-rules', { security_group_id: '{group}', direction: 'ingress' }],
  ['address_group', 'address-groups', {}],
  ['address_scope', 'address-scopes', { ip_version: 4 }],
  ['subnetpool', 'subnetpools', { name: 'pool', prefixes: ['10.201.0.0/16'] }],
  ['trunk', 'trunks', { port_id: '{parent}' }],
  ['policy', 'qos/policies', { name: 'policy' }],
  [
    'rbac_policy',
    'rbac-policies',
    { object_type: 'network', object_id: '{net}', action: 'access_as_shared', target_tenant: '{demo}' },
  ],
  ['bandwidth_limit_rule', 'qos/policies/{policy}/bandwidth_limit_rules', { max_kbps: 1000 }],
  ['dscp_marking_rule', 'qos/policies/{policy}/dscp_marking_rules', { dscp_mark: 8 }],
  ['minimum_bandwidth_rule', 'qos/policies/{policy2}/minimum_bandwidth_rules', { min_kbps: 1000 }],
];

const around: readonly Step[] = [
  ...outside,
  make('net', 'networks', { name: 'net' }),
  make('other', 'networks', { name: 'other' }),
  make('group', 'security-groups', { name: 'group' }),
  make('parent', 'ports', { network_id: '{net}' }),
  make('second', 'ports', { network_id: '{net}' }),
  make('policy', 'qos/policies', { name: 'bad input' }),
  make('policy2', 'qos/policies', { name: 'bad input too' }),
];

const stepsOf = (name: string, path: string, good: JsonObject): readonly Step[] => {
  const definition = resourceNamed(name);
  if (definition === undefined) throw new Error(`no resource ${name}`);
  const member = `the-${name}`;
  // Some may exist once only; the member of these is a second one.
  const second: { readonly [name: string]: JsonObject } = {
    trunk: { port_id: '{second}' },
    rbac_policy: { object_id: '{other}' },
  };
  const tried = (['POST', 'PUT'] as const).flatMap((method): readonly Step[] => {
    const may = definition.operations.includes(method === 'POST' ? 'create' : 'update');
    const bodies = may ? badBodies(definition, method) : [];
    // The reference loses its connection to OVN for a text with NUL.
    return bodies
      .filter(({ what }) => !what.endsWith('NUL'))
      .map((bad) => ({
        label: bad.what,
        as: 'admin',
        method,
        path: method === 'POST' ? path : `${path}/{${member}}`,
        body: { [name]: spoiled(method === 'POST' ? good : {}, bad) as Json }, // values.ts makes nothing but JSON
      }));
  });
  return [make(member, path, { ...good, ...second[name] }), ...tried];
};

/** Every body that is wrong by the definition of its resource. */
export const badInput: readonly Scenario[] = [
  { name: 'bad input', steps: [...around, ...resources.flatMap((resource) => stepsOf(...resource))] },
];

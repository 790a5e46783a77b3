import type { JsonObject } from '../../compare/json.ts';
import { attach, make, type Step } from '../../compare/step.ts';

/** A request that must be refused, and how. */
export interface Refused {
  readonly step: Step;
  readonly status: number;
  /** `NeutronError.type` */
  readonly type: string;
}

const nobody = '5b8c1d5e-7f0a-4c55-9f2e-1a1f0a7c9e11';

/** What the requests are about: things of the administrator's project and some of the project `demo`. */
export const around: readonly Step[] = [
  make('public', 'networks', { name: 'public', 'router:external': true }),
  make('public4', 'subnets', {
    network_id: '{public}',
    ip_version: 4,
    cidr: '198.51.100.0/24',
    enable_dhcp: false,
  }),
  make('net', 'networks', { name: 'net' }),
  make('sub', 'subnets', { network_id: '{net}', ip_version: 4, cidr: '10.20.0.0/24' }),
  make('port', 'ports', {
    network_id: '{net}',
    fixed_ips: [{ subnet_id: '{sub}', ip_address: '10.20.0.20' }],
  }),
  make('child', 'ports', { network_id: '{net}' }),
  make('group', 'security-groups', { name: 'group' }),
  make('other', 'security-groups', { name: 'other' }),
  make('member', 'ports', { network_id: '{net}', security_groups: ['{group}'] }),
  make('addresses', 'address-groups', { name: 'addresses', addresses: ['10.0.0.0/8'] }),
  make('names-group', 'security-group-rules', {
    security_group_id: '{group}',
    direction: 'ingress',
    remote_group_id: '{other}',
  }),
  make('names-addresses', 'security-group-rules', {
    security_group_id: '{group}',
    direction: 'egress',
    remote_address_group_id: '{addresses}',
  }),
  make('scope', 'address-scopes', { name: 'scope', ip_version: 4 }),
  make('pool', 'subnetpools', {
    name: 'pool',
    prefixes: ['10.40.0.0/16'],
    default_prefixlen: 26,
    address_scope_id: '{scope}',
  }),
  make('pooled-net', 'networks', { name: 'pooled' }),
  make('pooled', 'subnets', { network_id: '{pooled-net}', ip_version: 4, subnetpool_id: '{pool}' }),
  make('policy', 'qos/policies', { name: 'policy' }),
  make('limited', 'ports', { network_id: '{net}', qos_policy_id: '{policy}' }),
  make('router', 'routers', { name: 'router', external_gateway_info: { network_id: '{public}' } }),
  attach('router', { subnet_id: '{sub}' }),
  make('floating', 'floatingips', {
    floating_network_id: '{public}',
    floating_ip_address: '198.51.100.50',
    port_id: '{port}',
  }),
  make('trunk', 'trunks', {
    port_id: '{limited}',
    sub_ports: [{ port_id: '{child}', segmentation_type: 'vlan', segmentation_id: 5 }],
  }),
  make('demo-net', 'networks', { name: 'of demo' }, { as: 'demo' }),
  make(
    'demo-sub',
    'subnets',
    { network_id: '{demo-net}', ip_version: 4, cidr: '10.21.0.0/24' },
    { as: 'demo' },
  ),
  make('demo-port', 'ports', { network_id: '{demo-net}' }, { as: 'demo' }),
  make('demo-group', 'security-groups', { name: 'of demo' }, { as: 'demo' }),
  make('demo-router', 'routers', { name: 'of demo' }, { as: 'demo' }),
];

type Answer = readonly [status: number, type: string];

const create = (
  label: string,
  path: string,
  body: JsonObject,
  answer: Answer,
  as: Step['as'] = 'admin',
): Refused => {
  const { undo: _undo, name: _name, ...step } = make('', path, body);
  return { step: { ...step, as, label }, status: answer[0], type: answer[1] };
};
const update = (path: string, body: JsonObject, answer: Answer, as: Step['as'] = 'admin'): Refused => ({
  step: { as, method: 'PUT', path, body },
  status: answer[0],
  type: answer[1],
});
const remove = (path: string, answer: Answer, as: Step['as'] = 'admin'): Refused => ({
  step: { as, method: 'DELETE', path },
  status: answer[0],
  type: answer[1],
});

const rule = { security_group_id: '{group}', direction: 'ingress' };

/** Names of things that are not there. */
const absent: readonly Refused[] = [
  create('network', 'subnets', { network_id: nobody, ip_version: 4, cidr: '10.0.0.0/24' }, [
    404,
    'NetworkNotFound',
  ]),
  create('network', 'ports', { network_id: nobody }, [404, 'NetworkNotFound']),
  create('subnet', 'ports', { network_id: '{net}', fixed_ips: [{ subnet_id: nobody }] }, [
    404,
    'SubnetNotFound',
  ]),
  create('group', 'ports', { network_id: '{net}', security_groups: [nobody] }, [
    404,
    'SecurityGroupNotFound',
  ]),
  create('policy', 'ports', { network_id: '{net}', qos_policy_id: nobody }, [404, 'QosPolicyNotFound']),
  create('policy', 'networks', { qos_policy_id: nobody }, [404, 'QosPolicyNotFound']),
  create('pool', 'subnets', { network_id: '{net}', ip_version: 4, subnetpool_id: nobody }, [
    404,
    'SubnetPoolNotFound',
  ]),
  create('scope', 'subnetpools', { name: 'p', prefixes: ['10.0.0.0/8'], address_scope_id: nobody }, [
    404,
    'AddressScopeNotFound',
  ]),
  create('group', 'security-group-rules', { ...rule, security_group_id: nobody }, [
    404,
    'SecurityGroupNotFound',
  ]),
  create('remote group', 'security-group-rules', { ...rule, remote_group_id: nobody }, [
    404,
    'SecurityGroupNotFound',
  ]),
  create('addresses', 'security-group-rules', { ...rule, remote_address_group_id: nobody }, [
    404,
    'AddressGroupNotFound',
  ]),
  create('network', 'floatingips', { floating_network_id: nobody }, [404, 'NetworkNotFound']),
  create('port', 'floatingips', { floating_network_id: '{public}', port_id: nobody }, [404, 'PortNotFound']),
  create('port', 'trunks', { port_id: nobody }, [404, 'PortNotFound']),
  create('gateway', 'routers', { external_gateway_info: { network_id: nobody } }, [404, 'NetworkNotFound']),
  create(
    'object',
    'rbac-policies',
    {
      object_type: 'network',
      object_id: nobody,
      action: 'access_as_shared',
      target_tenant: '{demo}',
    },
    [404, 'NetworkNotFound'],
  ),
  create('policy', `qos/policies/${nobody}/dscp_marking_rules`, { dscp_mark: 8 }, [404, 'QosPolicyNotFound']),
  update('routers/{router}/add_router_interface', { subnet_id: nobody }, [404, 'SubnetNotFound']),
  update('routers/{router}/add_router_interface', { port_id: nobody }, [404, 'PortNotFound']),
  update('routers/{router}/remove_router_interface', { subnet_id: nobody }, [404, 'SubnetNotFound']),
  update('ports/{port}', { port: { security_groups: [nobody] } }, [404, 'SecurityGroupNotFound']),
  update('floatingips/{floating}', { floatingip: { port_id: nobody } }, [404, 'PortNotFound']),
  update(
    'trunks/{trunk}/add_subports',
    { sub_ports: [{ port_id: nobody, segmentation_type: 'vlan', segmentation_id: 6 }] },
    [404, 'PortNotFound'],
  ),
];

/** Names of things of another project. */
const foreign: readonly Refused[] = [
  create('network', 'ports', { network_id: '{net}' }, [404, 'NetworkNotFound'], 'demo'),
  create(
    'network',
    'subnets',
    { network_id: '{net}', ip_version: 4, cidr: '10.0.0.0/24' },
    [404, 'NetworkNotFound'],
    'demo',
  ),
  create(
    'subnet',
    'ports',
    { network_id: '{demo-net}', fixed_ips: [{ subnet_id: '{sub}' }] },
    [404, 'SubnetNotFound'],
    'demo',
  ),
  create(
    'group',
    'ports',
    { network_id: '{demo-net}', security_groups: ['{group}'] },
    [404, 'SecurityGroupNotFound'],
    'demo',
  ),
  create('group', 'security-group-rules', rule, [404, 'SecurityGroupNotFound'], 'demo'),
  create(
    'remote group',
    'security-group-rules',
    { ...rule, security_group_id: '{demo-group}', remote_group_id: '{other}' },
    [404, 'SecurityGroupNotFound'],
    'demo',
  ),
  create(
    'addresses',
    'security-group-rules',
    { ...rule, security_group_id: '{demo-group}', remote_address_group_id: '{addresses}' },
    [404, 'AddressGroupNotFound'],
    'demo',
  ),
  create(
    'pool',
    'subnets',
    { network_id: '{demo-net}', ip_version: 4, subnetpool_id: '{pool}' },
    [404, 'SubnetPoolNotFound'],
    'demo',
  ),
  create(
    'policy',
    'ports',
    { network_id: '{demo-net}', qos_policy_id: '{policy}' },
    [404, 'QosPolicyNotFound'],
    'demo',
  ),
  create(
    'port',
    'floatingips',
    { floating_network_id: '{public}', port_id: '{port}' },
    [404, 'PortNotFound'],
    'demo',
  ),
  create('port', 'trunks', { port_id: '{member}' }, [404, 'PortNotFound'], 'demo'),
  update(
    'routers/{demo-router}/add_router_interface',
    { subnet_id: '{sub}' },
    [404, 'SubnetNotFound'],
    'demo',
  ),
  update(
    'routers/{demo-router}/add_router_interface',
    { port_id: '{member}' },
    [404, 'PortNotFound'],
    'demo',
  ),
  update(
    'routers/{router}/add_router_interface',
    { subnet_id: '{demo-sub}' },
    [404, 'RouterNotFound'],
    'demo',
  ),
  update('networks/{net}', { network: { name: 'taken' } }, [404, 'NetworkNotFound'], 'demo'),
  update(
    'ports/{demo-port}',
    { port: { security_groups: ['{group}'] } },
    [404, 'SecurityGroupNotFound'],
    'demo',
  ),
  remove('networks/{net}', [404, 'NetworkNotFound'], 'demo'),
  remove('ports/{port}', [404, 'PortNotFound'], 'demo'),
  remove('security-groups/{other}', [404, 'SecurityGroupNotFound'], 'demo'),
];

/** Things that others hang on. */
const inUse: readonly Refused[] = [
  remove('networks/{net}', [409, 'NetworkInUse']),
  remove('networks/{public}', [409, 'NetworkInUse']),
  remove('subnets/{sub}', [409, 'SubnetInUse']),
  remove('security-groups/{group}', [409, 'SecurityGroupInUse']),
  remove('address-groups/{addresses}', [409, 'AddressGroupInUse']),
  remove('address-scopes/{scope}', [409, 'AddressScopeInUse']),
  remove('subnetpools/{pool}', [400, 'SubnetPoolDeleteError']),
  remove('qos/policies/{policy}', [409, 'QosPolicyInUse']),
  remove('routers/{router}', [409, 'RouterInUse']),
  remove('ports/{limited}', [409, 'PortInUseAsTrunkParent']),
  remove('ports/{child}', [409, 'PortInUseAsSubPort']),
  update('networks/{public}', { network: { 'router:external': false } }, [409, 'ExternalNetworkInUse']),
  update('routers/{router}/remove_router_interface', { subnet_id: '{sub}' }, [
    409,
    'RouterInterfaceInUseByFloatingIP',
  ]),
  update('routers/{router}', { router: { external_gateway_info: null } }, [
    409,
    'RouterExternalGatewayInUseByFloatingIp',
  ]),
  create(
    'address',
    'ports',
    { network_id: '{net}', fixed_ips: [{ subnet_id: '{sub}', ip_address: '10.20.0.20' }] },
    [409, 'IpAddressAlreadyAllocated'],
  ),
  create('MAC address', 'ports', { network_id: '{net}', mac_address: '{port.mac_address}' }, [
    409,
    'MacAddressInUse',
  ]),
  create('range', 'subnets', { network_id: '{net}', ip_version: 4, cidr: '10.20.0.0/25' }, [
    400,
    'InvalidInput',
  ]),
  create('port', 'trunks', { port_id: '{child}' }, [409, 'TrunkPortInUse']),
  create('same rule', 'security-group-rules', { ...rule, remote_group_id: '{other}' }, [
    409,
    'SecurityGroupRuleExists',
  ]),
  create('default group', 'security-groups', { name: 'default' }, [409, 'SecurityGroupDefaultAlreadyExists']),
];

/** Every request that names what is not there, belongs to others, or is in use. */
export const refusals: readonly Refused[] = [...absent, ...foreign, ...inUse];

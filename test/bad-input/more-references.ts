import type { JsonObject } from '../../compare/json.ts';
import { make, type Step } from '../../compare/step.ts';
import type { Refused } from './references.ts';

const nobody = '5b8c1d5e-7f0a-4c55-9f2e-1a1f0a7c9e11';

type Answer = readonly [status: number, type: string];

const by =
  (as: Step['as']) =>
  (method: 'POST' | 'PUT', path: string, resource: string, body: JsonObject, answer: Answer): Refused => {
    const [status, type] = answer;
    const label = Object.keys(body).join(', ');
    if (method === 'PUT')
      return { step: { as, method, path, body: { [resource]: body }, label }, status, type };
    const { undo: _undo, name: _name, ...step } = make('', path, body);
    return { step: { ...step, as, label }, status, type };
  };
const admin = by('admin');
const demo = by('demo');

const onPort = (port: string) => ({
  internal_port_id: port,
  internal_port: 80,
  external_port: 80,
  protocol: 'tcp',
  internal_ip_address: '10.20.0.5',
});
const subPorts = (port: string) => [{ port_id: port, segmentation_type: 'vlan', segmentation_id: 7 }];

/** More names of things that are not there; together with the others, one for each attribute that names something. */
export const moreAbsent: readonly Refused[] = [
  admin(
    'POST',
    'subnets',
    '',
    { network_id: '{net}', ip_version: 4, cidr: '10.0.0.0/24', segment_id: nobody },
    [404, 'SegmentNotFound'],
  ),
  admin('PUT', 'ports/{port}', 'port', { fixed_ips: [{ subnet_id: nobody }] }, [404, 'SubnetNotFound']),
  admin('PUT', 'ports/{port}', 'port', { qos_policy_id: nobody }, [404, 'QosPolicyNotFound']),
  admin('PUT', 'networks/{net}', 'network', { qos_policy_id: nobody }, [404, 'QosPolicyNotFound']),
  admin('PUT', 'routers/{router}', 'router', { external_gateway_info: { network_id: nobody } }, [
    404,
    'NetworkNotFound',
  ]),
  admin(
    'PUT',
    'routers/{demo-router}',
    'router',
    { external_gateway_info: { network_id: '{public}', external_fixed_ips: [{ subnet_id: nobody }] } },
    [404, 'SubnetNotFound'],
  ),
  admin('POST', 'routers', '', { flavor_id: nobody }, [404, 'FlavorNotFound']),
  admin('POST', 'floatingips', '', { floating_network_id: '{public}', subnet_id: nobody }, [
    404,
    'SubnetNotFound',
  ]),
  admin('POST', 'floatingips', '', { floating_network_id: '{public}', qos_policy_id: nobody }, [
    404,
    'QosPolicyNotFound',
  ]),
  admin('PUT', 'floatingips/{floating}', 'floatingip', { qos_policy_id: nobody }, [404, 'QosPolicyNotFound']),
  admin('POST', 'floatingips/{free}/port_forwardings', '', onPort(nobody), [404, 'PortNotFound']),
  admin(
    'POST',
    'default-security-group-rules',
    '',
    { direction: 'ingress', used_in_default_sg: true, used_in_non_default_sg: true, remote_group_id: nobody },
    [404, 'SecurityGroupNotFound'],
  ),
  admin(
    'POST',
    'default-security-group-rules',
    '',
    {
      direction: 'ingress',
      used_in_default_sg: true,
      used_in_non_default_sg: true,
      remote_address_group_id: nobody,
    },
    [404, 'AddressGroupNotFound'],
  ),
  admin('POST', 'log/logs', '', { resource_type: 'security_group', resource_id: nobody }, [
    404,
    'ResourceNotFound',
  ]),
  admin('POST', 'log/logs', '', { resource_type: 'security_group', target_id: nobody }, [
    404,
    'TargetResourceNotFound',
  ]),
  admin('POST', 'segments', '', { network_id: nobody, network_type: 'geneve' }, [404, 'NetworkNotFound']),
  admin('POST', 'flavors', '', { name: 'f', service_type: 'L3_ROUTER_NAT', service_profiles: [nobody] }, [
    404,
    'ServiceProfileNotFound',
  ]),
  admin('PUT', 'subnetpools/{pool}', 'subnetpool', { address_scope_id: nobody }, [
    404,
    'AddressScopeNotFound',
  ]),
  admin('POST', 'trunks', '', { port_id: '{member}', sub_ports: subPorts(nobody) }, [404, 'PortNotFound']),
];

/** More names of things of another project. */
export const moreForeign: readonly Refused[] = [
  demo('PUT', 'ports/{demo-port}', 'port', { fixed_ips: [{ subnet_id: '{sub}' }] }, [404, 'SubnetNotFound']),
  demo('PUT', 'ports/{demo-port}', 'port', { qos_policy_id: '{policy}' }, [404, 'QosPolicyNotFound']),
  demo('POST', 'networks', '', { qos_policy_id: '{policy}' }, [404, 'QosPolicyNotFound']),
  demo('PUT', 'networks/{demo-net}', 'network', { qos_policy_id: '{policy}' }, [404, 'QosPolicyNotFound']),
  demo('POST', 'routers', '', { external_gateway_info: { network_id: '{net}' } }, [404, 'NetworkNotFound']),
  demo('PUT', 'routers/{demo-router}', 'router', { external_gateway_info: { network_id: '{net}' } }, [
    404,
    'NetworkNotFound',
  ]),
  demo('POST', 'floatingips', '', { floating_network_id: '{net}' }, [404, 'NetworkNotFound']),
  demo('POST', 'floatingips', '', { floating_network_id: '{public}', subnet_id: '{sub}' }, [
    404,
    'SubnetNotFound',
  ]),
  demo('POST', 'floatingips', '', { floating_network_id: '{public}', qos_policy_id: '{policy}' }, [
    404,
    'QosPolicyNotFound',
  ]),
  demo('PUT', 'floatingips/{demo-floating}', 'floatingip', { port_id: '{port}' }, [404, 'PortNotFound']),
  demo('PUT', 'floatingips/{demo-floating}', 'floatingip', { qos_policy_id: '{policy}' }, [
    404,
    'QosPolicyNotFound',
  ]),
  demo('POST', 'floatingips/{demo-floating}/port_forwardings', '', onPort('{member}'), [404, 'PortNotFound']),
  demo('POST', 'floatingips/{free}/port_forwardings', '', onPort('{demo-port}'), [404, 'FloatingIPNotFound']),
  demo(
    'POST',
    'floatingips/{demo-floating}/port_forwardings',
    '',
    { ...onPort('{demo-port}'), project_id: '{admin}' },
    [400, 'HTTPBadRequest'],
  ),
  demo('POST', 'networks', '', { tenant_id: '{admin}' }, [400, 'HTTPBadRequest']),
  {
    step: {
      as: 'demo',
      method: 'PUT',
      path: 'routers/{demo-router}/add_router_interface',
      body: { port_id: '{guest}' },
      label: "a port of another project in one's own network",
    },
    status: 409,
    type: 'DeviceIDNotOwnedByTenant',
  },
  demo('POST', 'floatingips', '', { floating_network_id: '{public}', port_id: '{guest}' }, [
    400,
    'BadRequest',
  ]),
  demo('PUT', 'ports/{guest}', 'port', { device_id: '{demo-router}' }, [403, 'PolicyNotAuthorized']),
  demo('POST', 'subnetpools', '', { name: 'p', prefixes: ['10.0.0.0/8'], address_scope_id: '{scope}' }, [
    404,
    'AddressScopeNotFound',
  ]),
  demo('PUT', 'subnetpools/{demo-pool}', 'subnetpool', { address_scope_id: '{scope}' }, [
    404,
    'AddressScopeNotFound',
  ]),
  demo(
    'POST',
    'rbac-policies',
    '',
    { object_type: 'network', object_id: '{net}', action: 'access_as_shared', target_tenant: '{demo}' },
    [404, 'NetworkNotFound'],
  ),
  demo(
    'POST',
    'rbac-policies',
    '',
    {
      object_type: 'security_group',
      object_id: '{group}',
      action: 'access_as_shared',
      target_tenant: '{demo}',
    },
    [404, 'SecurityGroupNotFound'],
  ),
  demo('POST', 'trunks', '', { port_id: '{demo-port}', sub_ports: subPorts('{member}') }, [
    404,
    'PortNotFound',
  ]),
  demo('PUT', 'ports/{demo-port}', 'port', { security_groups: ['{other}'] }, [404, 'SecurityGroupNotFound']),
  demo('POST', 'log/logs', '', { resource_type: 'security_group', resource_id: '{group}' }, [
    404,
    'ResourceNotFound',
  ]),
  demo('POST', 'log/logs', '', { resource_type: 'security_group', target_id: '{port}' }, [
    404,
    'TargetResourceNotFound',
  ]),
];

/** What these are about, beside what is around the others. */
export const aroundMore: readonly Step[] = [
  make('free', 'floatingips', { floating_network_id: '{public}' }),
  make('demo-floating', 'floatingips', { floating_network_id: '{public}' }, { as: 'demo' }),
  make('guest', 'ports', { network_id: '{demo-net}' }),
  make('demo-pool', 'subnetpools', { name: 'of demo', prefixes: ['10.60.0.0/16'] }, { as: 'demo' }),
];

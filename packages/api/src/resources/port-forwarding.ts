import { readOnly, required, unspecified } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { floatingIpPortForwardingDescription } from '../extensions/floating-ip-port-forwarding-description.ts';
import { floatingIpPortForwardingPortRanges } from '../extensions/floating-ip-port-forwarding-port-ranges.ts';
import { ADMIN } from '../policy-rules.ts';
import { identity, owner } from '../standard-attributes.ts';
import { ipAddress } from '../validators/ip-address.ts';
import { forwardedProtocol, transportPort } from '../validators/port-ranges.ts';
import { uuid } from '../validators/uuid.ts';

const MEMBER = `(${ADMIN}) or (role:member and rule:ext_parent_owner)`;
const READER = `(${ADMIN}) or (role:reader and rule:ext_parent_owner)`;

/** A port, or a range of ports, of a floating IP that leads to a port inside. OVN carries these protocols. */
export const portForwarding = defineResource({
  name: 'port_forwarding',
  collection: 'port_forwardings',
  path: 'port_forwardings',
  alias: 'floating-ip-port-forwarding',
  operations: ['list', 'show', 'create', 'update', 'delete'],
  memberOf: { resource: 'floatingip', parameter: 'floatingip_id' },
  policyName: 'floatingip_port_forwarding',
  attributes: {
    ...identity,
    project_id: { ...owner.project_id, visible: false, filter: false, sort: false },
    floatingip_id: readOnly(uuid, { visible: false }),
    protocol: required(forwardedProtocol, { put: true, filter: true, sort: true }),
    internal_port_id: required(uuid, { put: true, filter: true, sort: true }),
    internal_ip_address: required(ipAddress, { put: true }),
    internal_port: unspecified(transportPort, { put: true }),
    external_port: unspecified(transportPort, { put: true, filter: true, sort: true }),
    ...floatingIpPortForwardingPortRanges.attributes.port_forwarding,
    ...floatingIpPortForwardingDescription.attributes.port_forwarding,
  },
  rules: {
    create_floatingip_port_forwarding: MEMBER,
    get_floatingip_port_forwarding: READER,
    update_floatingip_port_forwarding: MEMBER,
    delete_floatingip_port_forwarding: MEMBER,
  },
});

export type PortForwarding = ResourceOf<typeof portForwarding>;

import { defineError } from '../errors.ts';

/** 404: no such floating IP, or none that the caller may see. */
export const FloatingIPNotFound = defineError<{ id: string }>(
  404,
  'FloatingIPNotFound',
  (p) => `Floating IP ${p.id} could not be found`,
);

/** 404: no router leads from the port's subnet to the floating IP's network. */
export const ExternalGatewayForFloatingIPNotFound = defineError<{
  subnetId: string;
  networkId: string;
  portId: string;
}>(
  404,
  'ExternalGatewayForFloatingIPNotFound',
  (p) =>
    `External network ${p.networkId} is not reachable from subnet ${p.subnetId}.  ` +
    `Therefore, cannot associate Port ${p.portId} with a Floating IP.`,
);

/** 409: the fixed address already has a floating IP on that network, or the floating IP is taken. */
export const FloatingIPPortAlreadyAssociated = defineError<{
  id: string;
  address: string;
  portId: string;
  fixedIp: string;
  networkId: string;
}>(
  409,
  'FloatingIPPortAlreadyAssociated',
  (p) =>
    `Cannot associate floating IP ${p.address} (${p.id}) with port ${p.portId} using fixed IP ${p.fixedIp}, ` +
    `as that fixed IP already has a floating IP on external network ${p.networkId}.`,
);

/** 409: a floating IP of another project is associated with the port. */
export const FipAssociated = defineError<{ portId: string }>(
  409,
  'FipAssociated',
  (p) =>
    `Unable to complete the operation on port ${p.portId} because the port still has an associated floating IP.`,
);

/** 400: no IPv4 address is left on the external network. */
export const ExternalIpAddressExhausted = defineError<{ networkId: string }>(
  400,
  'ExternalIpAddressExhausted',
  (p) => `Unable to find any IP address on external network ${p.networkId}.`,
);

/** 404: no such port forwarding of the floating IP. */
export const PortForwardingNotFound = defineError<{ id: string }>(
  404,
  'PortForwardingNotFound',
  (p) => `Port Forwarding ${p.id} could not be found.`,
);

/** 409: the floating IP forwards ports, so it can neither be associated nor deleted. */
export const FipInUseByPortForwarding = defineError<{ id: string }>(
  409,
  'FipInUseByPortForwarding',
  (p) => `Floating IP ${p.id} in use by Port Forwarding resources.`,
);

/** 400: ports are forwarded to the port, and its router is distributed. */
export const PortHasPortForwarding = defineError<{ portId: string }>(
  400,
  'PortHasPortForwarding',
  (p) => `Cannot associate floating IP to port ${p.portId} because it already has a Port Forwarding binding.`,
);

/** 409: the port has a floating IP of its own. */
export const PortHasBindingFloatingIP = defineError<{
  id: string;
  address: string;
  portId: string;
  fixedIp: string;
}>(
  409,
  'PortHasBindingFloatingIP',
  (p) =>
    `Cannot create port forwarding to floating IP ${p.address} (${p.id}) with port ${p.portId} ` +
    `using fixed IP ${p.fixedIp}, as that port already has a binding floating IP.`,
);

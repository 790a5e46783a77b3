import { display } from '../display.ts';
import { defineError } from '../errors.ts';

/** 404: no such router, or none that the caller may see. */
export const RouterNotFound = defineError<{ id: string }>(
  404,
  'RouterNotFound',
  (p) => `Router ${p.id} could not be found`,
);

/** 409: the router still has interfaces, or something needs it. */
export const RouterInUse = defineError<{ id: string; reason: string }>(
  409,
  'RouterInUse',
  (p) => `Router ${p.id} ${p.reason}`,
);

/** 404: the port is no interface of the router. */
export const RouterInterfaceNotFound = defineError<{ routerId: string; portId: string }>(
  404,
  'RouterInterfaceNotFound',
  (p) => `Router ${p.routerId} does not have an interface with id ${p.portId}`,
);

/** 404: the router has no interface in the subnet. */
export const RouterInterfaceNotFoundForSubnet = defineError<{ routerId: string; subnetId: string }>(
  404,
  'RouterInterfaceNotFoundForSubnet',
  (p) => `Router ${p.routerId} has no interface on subnet ${p.subnetId}`,
);

/** 409: floating IPs of the subnet need the interface. */
export const RouterInterfaceInUseByFloatingIP = defineError<{ routerId: string; subnetId: string }>(
  409,
  'RouterInterfaceInUseByFloatingIP',
  (p) =>
    `Router interface for subnet ${p.subnetId} on router ${p.routerId} cannot be deleted, ` +
    'as it is required by one or more floating IPs.',
);

/** 409: extra routes lead through the subnet. */
export const RouterInterfaceInUseByRoute = defineError<{ routerId: string; subnetId: string }>(
  409,
  'RouterInterfaceInUseByRoute',
  (p) =>
    `Router interface for subnet ${p.subnetId} on router ${p.routerId} cannot be deleted, ` +
    'as it is required by one or more routes.',
);

/** 409: floating IPs need the gateway. */
export const RouterExternalGatewayInUseByFloatingIp = defineError<{ routerId: string; networkId: string }>(
  409,
  'RouterExternalGatewayInUseByFloatingIp',
  (p) =>
    `Gateway cannot be updated for router ${p.routerId}, since a gateway to external network ${p.networkId} ` +
    'is required by one or more floating IPs.',
);

/** 400: the port has no address in the subnet that the request names with it. */
export const SubnetMismatchForPort = defineError<{ portId: string; subnetId: string }>(
  400,
  'SubnetMismatchForPort',
  (p) => `Subnet on port ${p.portId} does not match the requested subnet ${p.subnetId}.`,
);

/** 400: an extra route leads nowhere, or to the router itself. */
export const InvalidRoutes = defineError<{ routes: unknown; reason: string }>(
  400,
  'InvalidRoutes',
  (p) => `Invalid format for routes: ${display(p.routes)}, ${p.reason}`,
);

/** 400: gateways that a request describes are not, or not unambiguously, those of the router. */
export const UnableToMatchGateways = defineError<{ routerId: string; reason: string }>(
  400,
  'UnableToMatchGateways',
  (p) =>
    `Unable to match a requested gateway port to existing gateway ports for router ${p.routerId}: ${p.reason}`,
);

/** 400: the router has no gateway to remove. */
export const UnableToRemoveGateways = defineError<{ routerId: string; reason: string }>(
  400,
  'UnableToRemoveGateways',
  (p) => `Unable to remove extra gateways from a router ${p.routerId}: ${p.reason}`,
);

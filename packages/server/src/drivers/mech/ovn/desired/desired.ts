import type { OvnKey } from '../key.ts';
import type { OvnSettings } from '../settings.ts';
import type { Snapshot } from '../state.ts';
import { desiredAddressGroup } from './address-group.ts';
import { desiredDns } from './dns.ts';
import { desiredDropGroup } from './drop-group.ts';
import { desiredExternalPorts } from './external-ports.ts';
import { desiredFloatingIp } from './floating-ip.ts';
import { desiredLogMeters } from './log-meter.ts';
import { desiredGlobal } from './nb-global.ts';
import { desiredNetwork } from './network.ts';
import { desiredPort } from './port.ts';
import { desiredRouter } from './router.ts';
import { type Desired, nothing } from './row.ts';
import { desiredSecurityGroup } from './security-group.ts';
import { desiredSubnet } from './subnet-dhcp.ts';

const present = <T>(state: T | undefined, map: (state: T) => Desired): Desired =>
  state === undefined ? nothing : map(state);

/**
 * What the Northbound database should hold for `key`: a pure function of SQL state and configuration. An object that is
 * not in the snapshot does not exist, so nothing is desired for it.
 */
export function desired(key: OvnKey, snapshot: Snapshot, settings: OvnSettings): Desired {
  switch (key.kind) {
    case 'global':
      return desiredGlobal(settings);
    case 'drop_group':
      return desiredDropGroup(snapshot.logging.everywhere, settings);
    case 'log_meter':
      return snapshot.logging.any ? desiredLogMeters(settings) : nothing;
    case 'address_group':
      return present(snapshot.addressGroups.get(key.id), desiredAddressGroup);
    case 'network':
      return present(snapshot.networks.get(key.id), (network) => desiredNetwork(network, settings));
    case 'dns':
      return present(snapshot.names.get(key.id), (names) => desiredDns(names, settings));
    case 'external_ports':
      return present(snapshot.externalPorts.get(key.id), desiredExternalPorts);
    case 'subnet':
      return present(snapshot.subnets.get(key.id), (subnet) => desiredSubnet(subnet, settings));
    case 'security_group':
      return present(snapshot.securityGroups.get(key.id), (group) => desiredSecurityGroup(group, settings));
    case 'port':
      return present(snapshot.ports.get(key.id), (port) => desiredPort(port, snapshot.subnets, settings));
    case 'router':
      return present(snapshot.routers.get(key.id), (router) => desiredRouter(router, settings));
    case 'floatingip':
      return present(snapshot.floatingIps.get(key.id), (floatingIp) =>
        desiredFloatingIp(floatingIp, settings),
      );
  }
}

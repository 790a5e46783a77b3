import type { CreateOf, FixedIpRequest, port } from '@ovenbird/api';

/** What a port that the service makes for itself differs in from any other. */
export interface SystemPort {
  readonly projectId: string;
  readonly networkId: string;
  readonly deviceId: string;
  readonly deviceOwner: string;
  /** undefined: one address of each IP version that the network has. */
  readonly fixedIps: readonly FixedIpRequest[] | undefined;
}

/** The body of a port that the service makes for itself. */
export const systemPortBody = (made: SystemPort): CreateOf<typeof port> => ({
  name: '',
  description: '',
  project_id: made.projectId,
  network_id: made.networkId,
  admin_state_up: true,
  mac_address: undefined,
  fixed_ips: made.fixedIps,
  device_id: made.deviceId,
  device_owner: made.deviceOwner,
  security_groups: undefined,
  port_security_enabled: undefined,
  allowed_address_pairs: [],
  extra_dhcp_opts: [],
  'binding:host_id': '',
  'binding:vnic_type': 'normal',
  'binding:profile': {},
  tags: [],
});

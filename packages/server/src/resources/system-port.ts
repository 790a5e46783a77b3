import { type CreateOf, type FixedIpRequest, parseCreate, port } from '@ovenbird/api';

/** What a port that the service makes for itself differs in from any other. */
export interface SystemPort {
  readonly projectId: string;
  readonly networkId: string;
  readonly deviceId: string;
  readonly deviceOwner: string;
  /** undefined: one address of each IP version that the network has. */
  readonly fixedIps: readonly FixedIpRequest[] | undefined;
}

/** What every attribute is that a request leaves out; the network is always named. */
const { body: plain } = parseCreate(port, { port: { network_id: '00000000-0000-0000-0000-000000000000' } });

/** The body of a port that the service makes for itself. */
export const systemPortBody = (made: SystemPort): CreateOf<typeof port> => ({
  ...plain,
  project_id: made.projectId,
  network_id: made.networkId,
  fixed_ips: made.fixedIps,
  device_id: made.deviceId,
  device_owner: made.deviceOwner,
});

import type { Port } from '@ovenbird/api';
import type { WriteStep } from '../../engine/contract.ts';
import type { PortWants } from '../../ipam/allocate.ts';
import { isTrusted } from '../../ipam/device-owner.ts';
import type { IpamSubnet } from '../../ipam/ipam-subnet.ts';
import { foreignSubnets, planNewPort } from '../../ipam/plan.ts';
import { networkIn, type UsableNetwork, usableNetworks } from '../usable-networks.ts';
import type { PortBody } from './bodies.ts';
import type { PortDependencies } from './dependencies.ts';
import { NAMELESS, namesOf } from './dns.ts';
import { type PortDraft, storeDrafts } from './draft.ts';
import { assignMacs } from './mac-addresses.ts';
import { checkSubnetsExist, subnetsByNetwork } from './network-subnets.ts';
import { reachableSubnets } from './routed-subnets.ts';
import { checkRouterDevices } from './router-device.ts';
import { checkSecurityGroups } from './security-groups.ts';
import { withTraitsInProfile } from './traits.ts';

/** A request with what the extension drivers made of it. */
interface Processed {
  readonly id: string;
  readonly projectId: string;
  readonly body: PortBody;
  readonly portSecurityEnabled: boolean;
}

const withExtensions = async (
  deps: PortDependencies,
  step: WriteStep,
  body: PortBody,
  network: UsableNetwork,
): Promise<Processed> => {
  const values: { [attribute: string]: unknown } = {};
  const requested = { ...body };
  await deps.extensions.port(
    {
      action: 'create',
      original: undefined,
      requested,
      values,
      reader: step.tx,
      network: { id: network.id, port_security_enabled: network.portSecurityEnabled },
    },
    step.tx,
  );
  const secured = values.port_security_enabled;
  return {
    id: deps.ids.uuid(),
    projectId: body.project_id ?? step.context.projectId,
    body,
    portSecurityEnabled: typeof secured === 'boolean' ? secured : network.portSecurityEnabled,
  };
};

/** The groups of each port, in order: those asked for, else the project's default one where groups mean something. */
const groupsFor = async (
  deps: PortDependencies,
  step: WriteStep,
  ports: readonly Processed[],
): Promise<readonly (readonly string[])[]> => {
  const defaults = new Map<string, string>();
  const named: { projectId: string; groups: readonly string[] }[] = [];
  const groups: (readonly string[])[] = [];
  for (const { body, projectId, portSecurityEnabled } of ports) {
    if (isTrusted(body.device_owner)) {
      groups.push([]);
    } else if (body.security_groups !== undefined) {
      named.push({ projectId, groups: body.security_groups });
      groups.push(body.security_groups);
    } else if (portSecurityEnabled) {
      const id = defaults.get(projectId) ?? (await deps.defaultSecurityGroup(step, projectId));
      defaults.set(projectId, id);
      groups.push([id]);
    } else {
      groups.push([]);
    }
  }
  await checkSecurityGroups(step, named);
  return groups;
};

const wantsOf = ({ id, body }: Processed, macAddress: string, subnets: readonly IpamSubnet[]): PortWants => ({
  portId: id,
  networkId: body.network_id,
  wants: planNewPort(
    { networkId: body.network_id, deviceOwner: body.device_owner, macAddress },
    body.fixed_ips,
    subnets,
  ),
  firstPosition: 0,
});

/**
 * Create any number of ports: networks, subnets, MAC addresses, addresses and groups are looked up once for all, and
 * every table gets one insert.
 *
 * @throws ApiError as the rules of ports say; nothing is stored then
 */
export const createPorts = async (
  deps: PortDependencies,
  step: WriteStep,
  asked: readonly PortBody[],
): Promise<readonly Port[]> => {
  const bodies = asked.map(withTraitsInProfile);
  const networkIds = bodies.map((body) => body.network_id);
  const networks = await usableNetworks(step, networkIds);
  await checkRouterDevices(
    step,
    bodies.map((body) => ({
      deviceId: body.device_id,
      deviceOwner: body.device_owner,
      projectId: body.project_id ?? step.context.projectId,
    })),
  );
  const ports: Processed[] = [];
  for (const body of bodies)
    ports.push(await withExtensions(deps, step, body, networkIn(networks, body.network_id)));
  const groups = await groupsFor(deps, step, ports);
  const macs = await assignMacs(
    step.tx,
    bodies.map((body) => ({ networkId: body.network_id, macAddress: body.mac_address ?? undefined })),
    deps.config.baseMac,
    deps.random,
  );
  const subnets = await subnetsByNetwork(step.tx, [...networks.keys()]);
  const foreign = bodies.flatMap((body) =>
    foreignSubnets(body.fixed_ips, subnets.get(body.network_id) ?? []),
  );
  await checkSubnetsExist(step, foreign);
  const reach = await reachableSubnets(
    step.tx,
    subnets,
    bodies.map((body) => ({
      networkId: body.network_id,
      host: body['binding:host_id'] ?? '',
      deviceOwner: body.device_owner,
      fixedIps: body.fixed_ips,
    })),
  );
  const drafts = ports.map((port, index): PortDraft => {
    const macAddress = macs[index] ?? '';
    return {
      ...port,
      macAddress,
      names: namesOf(port.body, NAMELESS, deps.config.dnsDomain),
      securityGroups: groups[index] ?? [],
      networkPolicy: networkIn(networks, port.body.network_id).qosPolicy,
      deferred: reach[index]?.deferred ?? false,
      wants: wantsOf(port, macAddress, reach[index]?.subnets ?? []),
    };
  });
  return storeDrafts(step, drafts, deps.random);
};

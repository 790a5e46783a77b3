import {
  BadRequest,
  type CreateOf,
  ExternalIpAddressExhausted,
  type FixedIpRequest,
  type FloatingIp,
  type floatingIp,
  type Port,
  parseIp,
} from '@ovenbird/api';
import { eachOf } from '../../db/query/each-of.ts';
import type { FloatingIpsTable } from '../../db/tables.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { FLOATING_IP } from '../../ipam/device-owner.ts';
import { insertRows } from '../insert.ts';
import { createPorts } from '../port/create.ts';
import { lostRace } from '../port/lost-race.ts';
import { checkSubnetsExist } from '../port/network-subnets.ts';
import { requireSeen } from '../qos/assignment.ts';
import { systemPortBody } from '../system-port.ts';
import { networkIn, usableNetworks } from '../usable-networks.ts';
import { associate, NOT_ASSOCIATED } from './association.ts';
import type { FloatingIpDependencies } from './dependencies.ts';
import { assembleFloatingIps } from './store.ts';

type Body = CreateOf<typeof floatingIp>;

const bad = (msg: string) => BadRequest({ resource: 'floatingip', msg });

const checkNetworks = async (step: WriteStep, bodies: readonly Body[]): Promise<void> => {
  const ids = [...new Set(bodies.map((body) => body.floating_network_id))];
  const networks = await usableNetworks(step, ids);
  for (const id of ids) {
    if (!networkIn(networks, id).external) throw bad(`Network ${id} is not a valid external network`);
  }
  const rows = await step.tx.query
    .selectFrom('subnets')
    .select('network_id')
    .distinct()
    .where('network_id', 'in', eachOf(ids))
    .where('ip_version', '=', 4)
    .execute();
  const dry = ids.find((id) => !rows.some((row) => row.network_id === id));
  if (dry !== undefined) throw bad(`Network ${dry} does not contain any IPv4 subnet`);
};

const addressWanted = (body: Body): readonly FixedIpRequest[] | undefined => {
  const { subnet_id: subnet, floating_ip_address: address } = body;
  if (subnet === null && address === null) return undefined;
  return [
    {
      ...(subnet === null ? {} : { subnet_id: subnet }),
      ...(address === null ? {} : { ip_address: address }),
    },
  ];
};

/** A name stands in a domain, and a domain alone names nothing. */
const checkName = (body: Body): void => {
  if (body.dns_domain !== '' && body.dns_name === '')
    throw bad('dns_domain cannot be specified without a dns_name');
  if (body.dns_name !== '' && body.dns_domain === '')
    throw bad('dns_name cannot be specified without a dns_domain');
};

/** The ports that hold the addresses, in the order of the bodies. They belong to nobody. */
const createHolders = async (
  { ports }: FloatingIpDependencies,
  step: WriteStep,
  bodies: readonly Body[],
  ids: readonly string[],
): Promise<readonly Port[]> =>
  createPorts(
    ports,
    { ...step, isAdmin: true },
    bodies.map((body, index) =>
      systemPortBody({
        projectId: '',
        networkId: body.floating_network_id,
        deviceId: ids[index] ?? '',
        deviceOwner: FLOATING_IP,
        fixedIps: addressWanted(body),
      }),
    ),
  );

const rowOf = async (
  deps: FloatingIpDependencies,
  step: WriteStep,
  id: string,
  body: Body,
  holder: Port,
): Promise<FloatingIpsTable> => {
  const networkId = body.floating_network_id;
  const address = holder.fixed_ips.find((ip) => parseIp(ip.ip_address)?.version === 4)?.ip_address;
  if (address === undefined) throw ExternalIpAddressExhausted({ networkId });
  const projectId = body.project_id ?? step.context.projectId;
  const fixedIp = body.fixed_ip_address ?? undefined;
  const portId = body.port_id ?? undefined;
  if (fixedIp !== undefined && portId === undefined)
    throw bad('fixed_ip_address cannot be specified without a port_id');
  const association =
    portId === undefined
      ? NOT_ASSOCIATED
      : await associate(step, { id, projectId, address, networkId }, portId, fixedIp, deps.distributed);
  return {
    id,
    project_id: projectId,
    description: body.description,
    floating_network_id: networkId,
    floating_ip_address: address,
    floating_port_id: holder.id,
    ...association,
    last_known_router_id: null,
    dns_name: body.dns_name,
    dns_domain: body.dns_domain,
    qos_policy_id: body.qos_policy_id,
    created_at: step.tx.now,
    updated_at: step.tx.now,
    revision_number: 1,
  };
};

/**
 * Make floating IPs: the ports that hold their addresses all at once, then each with its association.
 *
 * @throws ApiError NetworkNotFound, SubnetNotFound, QosPolicyNotFound, BadRequest, ExternalIpAddressExhausted, and as ports and {@link associate} do
 */
export const createFloatingIps = async (
  deps: FloatingIpDependencies,
  step: WriteStep,
  bodies: readonly Body[],
): Promise<readonly FloatingIp[]> => {
  await checkNetworks(step, bodies);
  for (const body of bodies) checkName(body);
  // As the caller, which the service that makes the ports is not.
  await checkSubnetsExist(
    step,
    bodies.flatMap(({ subnet_id }) => subnet_id ?? []),
  );
  await requireSeen(
    step,
    bodies.map((body) => body.qos_policy_id),
  );
  const ids = bodies.map(() => deps.ports.ids.uuid());
  const holders = await createHolders(deps, step, bodies, ids);
  const rows: FloatingIpsTable[] = [];
  for (const [index, body] of bodies.entries()) {
    const holder = holders[index];
    if (holder === undefined) throw new Error('no port was made for the floating IP');
    const row = await rowOf(deps, step, ids[index] ?? '', body, holder);
    // One after the other, so that two bodies for one port meet.
    await insertRows(step.tx, 'floating_ips', [row]).catch((error: unknown) => {
      throw lostRace(error);
    });
    rows.push(row);
  }
  const made = await assembleFloatingIps(step.tx, rows);
  for (const current of made)
    step.changes.record({ kind: 'floatingip', action: 'create', id: current.id, current });
  return made;
};

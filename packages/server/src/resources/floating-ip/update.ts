import {
  BadRequest,
  FipInUseByPortForwarding,
  type FloatingIp,
  type floatingIp,
  type UpdateOf,
} from '@ovenbird/api';
import type { WriteStep } from '../../engine/contract.ts';
import { lostRace } from '../port/lost-race.ts';
import { requireSeen } from '../qos/assignment.ts';
import { type Association, associate, NOT_ASSOCIATED } from './association.ts';
import type { FloatingIpDependencies } from './dependencies.ts';
import { loadFloatingIps } from './store.ts';

type Body = UpdateOf<typeof floatingIp>;

/** The port that an update names. Once there was nothing else to update, so that an empty one still means none. */
const portNamed = (body: Body): string | null | undefined =>
  Object.keys(body).length === 0 ? null : body.port_id;

/** What the floating IP leads to afterwards; undefined: what it leads to now. */
const newAssociation = async (
  deps: FloatingIpDependencies,
  step: WriteStep,
  current: FloatingIp,
  body: Body,
): Promise<Association | undefined> => {
  const portId = portNamed(body);
  const fixedIp = body.fixed_ip_address ?? undefined;
  if (fixedIp !== undefined && (portId === undefined || portId === null)) {
    const msg = 'fixed_ip_address cannot be specified without a port_id';
    throw BadRequest({ resource: 'floatingip', msg });
  }
  if (portId === undefined) return undefined;
  const forwards = current.port_forwardings.length > 0;
  if (portId === null) return forwards ? undefined : NOT_ASSOCIATED;
  if (forwards) throw FipInUseByPortForwarding({ id: current.id });
  const fip = {
    id: current.id,
    projectId: current.project_id,
    address: current.floating_ip_address ?? '',
    networkId: current.floating_network_id,
  };
  return associate(step, fip, portId, fixedIp, deps.distributed);
};

/** The policy afterwards; undefined: the one that it has. Who does not see a policy neither gives nor takes it. */
const newPolicy = async (
  step: WriteStep,
  { qos_policy_id: before }: FloatingIp,
  { qos_policy_id: after }: Body,
): Promise<string | null | undefined> => {
  if (after === undefined || after === before) return undefined;
  await requireSeen(step, [before, after]);
  return after;
};

/**
 * Update one floating IP. An update that changes nothing leaves revision and time stamp alone.
 *
 * @throws ApiError FipInUseByPortForwarding, QosPolicyNotFound, and as {@link associate} does; nothing is stored then
 */
export const updateFloatingIp = async (
  deps: FloatingIpDependencies,
  step: WriteStep,
  current: FloatingIp,
  body: Body,
): Promise<FloatingIp> => {
  const { tx, changes } = step;
  const association = await newAssociation(deps, step, current, body);
  const moved =
    association !== undefined &&
    (association.fixed_port_id !== current.port_id ||
      association.fixed_ip_address !== current.fixed_ip_address ||
      association.router_id !== current.router_id);
  const described = body.description !== undefined && body.description !== current.description;
  const policy = await newPolicy(step, current, body);
  if (!moved && !described && policy === undefined) return current;
  await tx.query
    .updateTable('floating_ips')
    .set({
      ...(moved ? { ...association, last_known_router_id: current.router_id } : {}),
      ...(described ? { description: body.description } : {}),
      ...(policy === undefined ? {} : { qos_policy_id: policy }),
      updated_at: tx.now,
      revision_number: current.revision_number + 1,
    })
    .where('id', '=', current.id)
    .execute()
    .catch((error: unknown) => {
      throw lostRace(error);
    });
  const [updated = current] = await loadFloatingIps(tx, [current.id]);
  changes.record({
    kind: 'floatingip',
    action: 'update',
    id: current.id,
    original: current,
    current: updated,
  });
  return updated;
};

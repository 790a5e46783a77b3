import {
  type CreateOf,
  InvalidLogResourceType,
  InvalidResourceConstraint,
  LOGGABLE_TYPES,
  LoggingTypeNotSupported,
  type log,
  ResourceNotFound,
  TargetResourceNotFound,
} from '@ovenbird/api';
import type { WriteStep } from '../../engine/contract.ts';
import { isPlugged } from '../../ml2/binding-state.ts';
import { sharedAmong } from '../sharing.ts';

type Body = CreateOf<typeof log>;

/** How ports may be plugged whose packets OVN sees. */
const LOGGED_VIF_TYPES: ReadonlySet<string> = new Set(['ovs', 'vhostuser']);

const requireGroup = async ({ tx, isAdmin }: WriteStep, id: string, projectId: string): Promise<void> => {
  const row = await tx.query
    .selectFrom('security_groups')
    .select('project_id')
    .where('id', '=', id)
    .executeTakeFirst();
  const own = row !== undefined && (isAdmin || row.project_id === projectId);
  if (own) return;
  const shared = row === undefined ? undefined : await sharedAmong(tx, 'security_group', [id], projectId);
  if (shared?.has(id) !== true) throw ResourceNotFound({ id });
};

const requirePort = async ({ tx, isAdmin }: WriteStep, id: string, projectId: string): Promise<void> => {
  const row = await tx.query
    .selectFrom('ports')
    .innerJoin('port_bindings', 'port_bindings.port_id', 'ports.id')
    .select(['ports.project_id', 'port_bindings.vnic_type', 'port_bindings.vif_type'])
    .where('ports.id', '=', id)
    .where('port_bindings.status', '=', 'ACTIVE')
    .executeTakeFirst();
  if (row === undefined || !(isAdmin || row.project_id === projectId)) throw TargetResourceNotFound({ id });
  const { vif_type: vifType, vnic_type: vnicType } = row;
  const seen = isPlugged(vifType) ? LOGGED_VIF_TYPES.has(vifType) : vnicType === 'normal';
  if (!seen) throw LoggingTypeNotSupported({ logType: 'security_group', portId: id });
};

const requireMembership = async ({ tx }: WriteStep, groupId: string, portId: string): Promise<void> => {
  const row = await tx.query
    .selectFrom('port_security_groups')
    .select('port_id')
    .where('port_id', '=', portId)
    .where('security_group_id', '=', groupId)
    .executeTakeFirst();
  if (row === undefined) throw InvalidResourceConstraint({ resourceId: groupId, targetId: portId });
};

/**
 * What a log is to be about exists, can be seen by its project, and can be logged.
 *
 * @throws ApiError InvalidLogResourceType, ResourceNotFound, TargetResourceNotFound, LoggingTypeNotSupported,
 *   InvalidResourceConstraint
 */
export const requireLoggable = async (step: WriteStep, body: Body, projectId: string): Promise<void> => {
  const { resource_type: resourceType, resource_id: groupId, target_id: portId } = body;
  if (!LOGGABLE_TYPES.some((type) => type === resourceType)) throw InvalidLogResourceType({ resourceType });
  if (groupId !== null) await requireGroup(step, groupId, projectId);
  if (portId !== null) await requirePort(step, portId, projectId);
  if (groupId !== null && portId !== null) await requireMembership(step, groupId, portId);
};

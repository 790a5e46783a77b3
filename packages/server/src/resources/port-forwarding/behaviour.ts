import {
  type CreateOf,
  FloatingIPNotFound,
  FloatingIPPortAlreadyAssociated,
  type FloatingIp,
  type PortForwarding,
  PortForwardingNotFound,
  parsePortRange,
  portForwarding as portForwardingDefinition,
  type UpdateOf,
} from '@ovenbird/api';
import type { Ids } from '../../core/ids.ts';
import type { PortForwardingsTable } from '../../db/tables.ts';
import type { MemberBehaviour, ParentMember, WriteStep } from '../../engine/contract.ts';
import { reviseFloatingIps } from '../floating-ip/revise.ts';
import { loadFloatingIps } from '../floating-ip/store.ts';
import { insertRows } from '../insert.ts';
import { lostRace } from '../port/lost-race.ts';
import { checkForwarding, type ForwardingDraft } from './draft.ts';
import { type Ranges, rangesOf } from './ranges.ts';
import { removeForwardings } from './remove.ts';
import { forwardingsOfFloatingIps, portForwardingOf } from './store.ts';

type Definition = typeof portForwardingDefinition;

const floatingIpOf = async ({ tx }: WriteStep, { id }: ParentMember): Promise<FloatingIp> => {
  const [fip] = await loadFloatingIps(tx, [id]);
  if (fip === undefined) throw FloatingIPNotFound({ id });
  return fip;
};

const rangeColumns = ({ external, internal }: Ranges) => ({
  external_port_start: external.first,
  external_port_end: external.last,
  internal_port_start: internal.first,
  internal_port_end: internal.last,
});

const create = async (
  ids: Ids,
  step: WriteStep,
  parent: ParentMember,
  body: CreateOf<Definition>,
): Promise<PortForwarding> => {
  const fip = await floatingIpOf(step, parent);
  const { protocol, internal_port_id: internalPortId } = body;
  const ranges = rangesOf(body);
  const draft = { ...ranges, id: ids.uuid(), protocol, internalPortId, internalIp: body.internal_ip_address };
  if (fip.port_id !== null) {
    throw FloatingIPPortAlreadyAssociated({
      id: fip.id,
      address: fip.floating_ip_address ?? '',
      portId: internalPortId,
      fixedIp: body.internal_ip_address,
      networkId: fip.floating_network_id,
    });
  }
  const { internalIp, routerId } = await checkForwarding(step, fip, draft);
  const row: PortForwardingsTable = {
    id: draft.id,
    project_id: fip.project_id,
    description: body.description,
    floatingip_id: fip.id,
    protocol,
    internal_port_id: internalPortId,
    internal_ip_address: internalIp,
    ...rangeColumns(ranges),
    created_at: step.tx.now,
    updated_at: step.tx.now,
    revision_number: 1,
  };
  await insertRows(step.tx, 'port_forwardings', [row]).catch((error: unknown) => {
    throw lostRace(error);
  });
  await reviseFloatingIps(step, [fip], { router_id: routerId, status: 'ACTIVE' });
  const current = portForwardingOf(row);
  step.changes.record({ kind: 'port_forwarding', action: 'create', id: row.id, current });
  return current;
};

const storedRange = (text: string) => {
  const range = parsePortRange(text);
  if (!range.ok) throw new Error(`the stored port range ${text} is none`);
  return range.value;
};

const draftOf = (current: PortForwarding, body: UpdateOf<Definition>): ForwardingDraft => {
  const internalPortId = body.internal_port_id ?? current.internal_port_id;
  const staysInside = internalPortId === current.internal_port_id;
  return {
    ...rangesOf(body, {
      external: storedRange(current.external_port_range),
      internal: storedRange(current.internal_port_range),
    }),
    id: current.id,
    protocol: body.protocol ?? current.protocol,
    internalPortId,
    internalIp: body.internal_ip_address ?? (staysInside ? current.internal_ip_address : undefined),
  };
};

const update = async (
  step: WriteStep,
  parent: ParentMember,
  current: PortForwarding,
  body: UpdateOf<Definition>,
): Promise<PortForwarding> => {
  const fip = await floatingIpOf(step, parent);
  const draft = draftOf(current, body);
  const { internalIp } = await checkForwarding(step, fip, draft);
  const row = await step.tx.query
    .updateTable('port_forwardings')
    .set((eb) => ({
      protocol: draft.protocol,
      internal_port_id: draft.internalPortId,
      internal_ip_address: internalIp,
      ...rangeColumns(draft),
      description: body.description ?? current.description,
      updated_at: step.tx.now,
      revision_number: eb('revision_number', '+', 1),
    }))
    .where('id', '=', current.id)
    .returningAll()
    .executeTakeFirstOrThrow()
    .catch((error: unknown) => {
      throw lostRace(error);
    });
  const next = portForwardingOf(row);
  await reviseFloatingIps(step, [fip], {});
  step.changes.record({
    kind: 'port_forwarding',
    action: 'update',
    id: current.id,
    original: current,
    current: next,
  });
  return next;
};

/** Port forwardings of floating IPs. The floating IP changes with each of them; without any it leads nowhere. */
export const createPortForwardingBehaviour = (ids: Ids): MemberBehaviour<Definition> => ({
  kind: 'member',
  definition: portForwardingDefinition,
  list: (reader, parent) => forwardingsOfFloatingIps(reader, [parent.id]),
  notFound: (_parent, id) => PortForwardingNotFound({ id: id.slice(0, 255) }),
  create: (step, parent, body) => create(ids, step, parent, body),
  update: (step, parent, current, body) => update(step, parent, current, body),
  delete: (step, _parent, current) => removeForwardings(step, [current]),
});

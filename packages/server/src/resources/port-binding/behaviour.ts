import { isDeepStrictEqual } from 'node:util';
import {
  BadRequest,
  type CreateOf,
  type Port,
  type PortBinding,
  PortBindingAlreadyExists,
  PortBindingError,
  PortBindingNotFound,
  PortNotFound,
  portBinding,
  type UpdateOf,
} from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import type { MemberBehaviour, ParentMember, WriteStep, WriteWithin } from '../../engine/contract.ts';
import type { Binding } from '../../ml2/binding.ts';
import {
  changeBinding,
  dropBinding,
  dropLevels,
  initialBinding,
  isPlugged,
  VIF_UNBOUND,
} from '../../ml2/binding-state.ts';
import type { PortLoader } from '../../ml2/port-loader.ts';
import { checkHostReaches } from '../port/routed-subnets.ts';
import { activateBinding, recordRebound } from './activate.ts';
import { settleInactive } from './inactive.ts';
import { bindingOf, bindingsOf, portBindingOf } from './rows.ts';

export interface PortBindingOptions {
  readonly binding: Binding;
  readonly loadPorts: PortLoader;
}

type Body = UpdateOf<typeof portBinding>;

/** Owners whose ports move between hosts while in use. */
const OWNERS = ['compute:', 'manila:'];

const checkOwner = (port: Port): void => {
  if (OWNERS.some((prefix) => port.device_owner.startsWith(prefix))) return;
  throw BadRequest({
    resource: 'port',
    msg: `Invalid port ${port.id}. Operation only valid on compute and shared filesystem ports`,
  });
};

const checkFree = async ({ tx }: WriteStep, port: Port, host: string): Promise<void> => {
  if ((await bindingOf(tx, port, host)) !== undefined) {
    throw PortBindingAlreadyExists({ portId: port.id, host });
  }
};

const reread = async ({ tx }: WriteStep, port: Port, host: string): Promise<PortBinding> => {
  const current = await bindingOf(tx, port, host);
  if (current === undefined) throw PortBindingNotFound({ portId: port.id, host });
  return current;
};

const updateActive = async (
  step: WriteStep,
  port: Port,
  current: PortBinding,
  body: Body,
  loadPorts: PortLoader,
): Promise<PortBinding> => {
  const changed = await changeBinding(step.tx, port, {
    'binding:host_id': body.host,
    'binding:vnic_type': body.vnic_type,
    'binding:profile': body.profile,
  });
  if (changed) await recordRebound(step, port, loadPorts);
  return reread(step, port, body.host ?? current.host);
};

const updateInactive = async (
  step: WriteStep,
  port: Port,
  current: PortBinding,
  body: Body,
): Promise<PortBinding> => {
  const host = body.host ?? current.host;
  const vnicType = body.vnic_type ?? current.vnic_type;
  const profile = body.profile ?? current.profile;
  if (
    host === current.host &&
    vnicType === current.vnic_type &&
    isDeepStrictEqual(profile, current.profile)
  ) {
    return current;
  }
  if (host !== current.host) await checkFree(step, port, host);
  await dropLevels(step.tx, port.id, current.host);
  await step.tx.query
    .updateTable('port_bindings')
    .set({
      host,
      vnic_type: vnicType,
      profile: JSON.stringify(profile),
      vif_type: VIF_UNBOUND,
      vif_details: '{}',
    })
    .where('port_id', '=', port.id)
    .where('host', '=', current.host)
    .execute();
  return reread(step, port, host);
};

const settleActive = async (
  binding: Binding,
  write: WriteWithin,
  port: Port,
  member: PortBinding,
): Promise<PortBinding> => {
  if (member.host === '') return member;
  await binding.bind(write, [port]);
  const settled = await write((step) => reread(step, port, member.host));
  if (!isPlugged(settled.vif_type)) throw PortBindingError({ portId: port.id, host: member.host });
  return settled;
};

const createInactive = async (
  step: WriteStep,
  port: Port,
  body: CreateOf<typeof portBinding>,
): Promise<PortBinding> => {
  await checkFree(step, port, body.host);
  await checkHostReaches(step.tx, port, body.host);
  const row = {
    ...initialBinding(port.id, {
      'binding:host_id': body.host,
      'binding:vnic_type': body.vnic_type,
      'binding:profile': body.profile,
    }),
    status: 'INACTIVE',
  };
  await step.tx.query.insertInto('port_bindings').values(row).execute();
  return portBindingOf(row, port);
};

/** `/ports/{port_id}/bindings`: the active binding, and those prepared for a live migration. */
export const createPortBindingBehaviour = (
  options: PortBindingOptions,
): MemberBehaviour<typeof portBinding> => {
  const { binding, loadPorts } = options;
  const portOf = async (reader: Reader, parent: ParentMember): Promise<Port> => {
    const [port] = await loadPorts(reader, [parent.id]);
    if (port === undefined) throw PortNotFound({ id: parent.id });
    checkOwner(port);
    return port;
  };
  return {
    kind: 'member',
    definition: portBinding,
    list: async (reader, parent) => bindingsOf(reader, await portOf(reader, parent)),
    notFound: (parent, host) => PortBindingNotFound({ portId: parent.id, host }),
    create: async (step, parent, body) => createInactive(step, await portOf(step.tx, parent), body),
    async update(step, parent, current, body) {
      const port = await portOf(step.tx, parent);
      if (body.host !== undefined && body.host !== current.host)
        await checkHostReaches(step.tx, port, body.host);
      return current.status === 'ACTIVE'
        ? updateActive(step, port, current, body, loadPorts)
        : updateInactive(step, port, current, body);
    },
    async delete(step, parent, current) {
      const port = await portOf(step.tx, parent);
      if (current.status !== 'ACTIVE') return dropBinding(step.tx, port.id, current.host);
      // A port always has an active binding; without a host it is the one to nowhere.
      const changed = await changeBinding(step.tx, port, { 'binding:host_id': '' });
      if (changed) await recordRebound(step, port, loadPorts);
    },
    async settle(write, parent, member) {
      if (isPlugged(member.vif_type)) return member;
      const port = await write(({ tx }) => portOf(tx, parent));
      return member.status === 'ACTIVE'
        ? settleActive(binding, write, port, member)
        : settleInactive(binding, write, port, member);
    },
    actions: {
      activate: async (step, parent, member) =>
        activateBinding(step, await portOf(step.tx, parent), member, loadPorts),
    },
  };
};

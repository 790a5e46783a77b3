import {
  BadRequest,
  type Port,
  type PortBinding,
  PortBindingAlreadyExists,
  PortBindingError,
  PortBindingNotFound,
  portBinding,
  type UpdateOf,
} from '@ovenbird/api';
import type { SubresourceBehaviour, WriteStep, WriteWithin } from '../../engine/contract.ts';
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
  const profile = JSON.stringify(body.profile ?? current.profile);
  if (
    host === current.host &&
    vnicType === current.vnic_type &&
    profile === JSON.stringify(current.profile)
  ) {
    return current;
  }
  if (host !== current.host) await checkFree(step, port, host);
  await dropLevels(step.tx, port.id, current.host);
  await step.tx.query
    .updateTable('port_bindings')
    .set({ host, vnic_type: vnicType, profile, vif_type: VIF_UNBOUND, vif_details: '{}' })
    .where('port_id', '=', port.id)
    .where('host', '=', current.host)
    .execute();
  return reread(step, port, host);
};

const settleActive = async (
  { binding, loadPorts }: PortBindingOptions,
  write: WriteWithin,
  port: Port,
  member: PortBinding,
): Promise<PortBinding> => {
  const [latest] = await write(({ tx }) => loadPorts(tx, [port.id]));
  if (latest === undefined) throw PortBindingNotFound({ portId: port.id, host: member.host });
  await binding.bind(write, [latest]);
  const settled = await write((step) => reread(step, port, member.host));
  if (!isPlugged(settled.vif_type)) throw PortBindingError({ portId: port.id, host: member.host });
  return settled;
};

/** `/ports/{port_id}/bindings`: the active binding, and those prepared for a live migration. */
export const createPortBindingBehaviour = (
  options: PortBindingOptions,
): SubresourceBehaviour<typeof portBinding, Port> => ({
  kind: 'subresource',
  definition: portBinding,
  list(reader, port) {
    checkOwner(port);
    return bindingsOf(reader, port);
  },
  notFound: (port, host) => PortBindingNotFound({ portId: port.id, host }),
  async create(step, port, body) {
    checkOwner(port);
    await checkFree(step, port, body.host);
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
  },
  update(step, port, current, body) {
    checkOwner(port);
    return current.status === 'ACTIVE'
      ? updateActive(step, port, current, body, options.loadPorts)
      : updateInactive(step, port, current, body);
  },
  async delete(step, port, current) {
    checkOwner(port);
    if (current.status !== 'ACTIVE') return dropBinding(step.tx, port.id, current.host);
    // A port always has an active binding; without a host it is the one to nowhere.
    const changed = await changeBinding(step.tx, port, { 'binding:host_id': '' });
    if (changed) await recordRebound(step, port, options.loadPorts);
  },
  settle(write, port, member) {
    if (isPlugged(member.vif_type)) return Promise.resolve(member);
    return member.status === 'ACTIVE'
      ? settleActive(options, write, port, member)
      : settleInactive(options.binding, write, port, member);
  },
  actions: {
    activate: (step, port, member) => activateBinding(step, port, member, options.loadPorts),
  },
});

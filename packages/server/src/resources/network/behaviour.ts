import { type Network, network, type UpdateOf } from '@ovenbird/api';
import type { StoredBehaviour, WriteStep } from '../../engine/contract.ts';
import type { MetadataPorts } from '../../ml2/metadata-port.ts';
import type { Ml2Plugin } from '../../ml2/plugin.ts';
import { flagOf } from '../columns.ts';
import { policiesForNetworks, reassign } from '../qos/assignment.ts';
import { createNetworks, type NetworkCreateOptions } from './create.ts';
import { type NetworkRemoveOptions, removeNetwork } from './remove.ts';
import { createNetworkStore, loadNetworks } from './store.ts';
import { applyNetworkUpdate, type NetworkUpdateOptions } from './update.ts';

export interface NetworkBehaviourOptions
  extends Pick<NetworkCreateOptions, 'ids' | 'availabilityZones'>,
    Pick<NetworkRemoveOptions, 'loadSubnets' | 'leaving'> {
  readonly plugin: Pick<Ml2Plugin, 'segments' | 'mtu' | 'extensions' | 'loadPorts' | 'movableVifTypes'>;
  /** undefined: networks get no metadata port. */
  readonly metadataPorts: Pick<MetadataPorts, 'create'> | undefined;
}

const extend = async (
  plugin: NetworkBehaviourOptions['plugin'],
  { tx }: WriteStep,
  original: Network,
  requested: UpdateOf<typeof network>,
) => {
  const values: { [attribute: string]: unknown } = {};
  await plugin.extensions.network({ action: 'update', original, requested, values, reader: tx }, tx);
  const security = values.port_security_enabled;
  return typeof security === 'boolean' && security !== original.port_security_enabled
    ? { port_security_enabled: flagOf(security) }
    : {};
};

/** Networks: create, update and delete beyond what every resource does. */
export const createNetworkBehaviour = (options: NetworkBehaviourOptions): StoredBehaviour<typeof network> => {
  const { plugin, metadataPorts } = options;
  const updateOptions: NetworkUpdateOptions = options;
  return {
    kind: 'stored',
    definition: network,
    store: createNetworkStore(plugin.segments),
    async create(step, bodies) {
      const created = await createNetworks(options, step.tx, bodies, await policiesForNetworks(step, bodies));
      for (const current of created) {
        step.changes.record({ kind: 'network', action: 'create', id: current.id, current });
      }
      await metadataPorts?.create(step, created);
      return created;
    },
    async update(step, original, body) {
      const extended = await extend(plugin, step, original, body);
      const policy = await reassign(step, 'network', original, body.qos_policy_id);
      const reassigned = policy !== original.qos_policy_id;
      const changed = await applyNetworkUpdate(updateOptions, step.tx, original, body, extended, reassigned);
      if (!changed) return original;
      const [current] = await loadNetworks(plugin.segments, step.tx, [original.id]);
      if (current === undefined)
        throw new Error(`network ${original.id} vanished within its own transaction`);
      step.changes.record({ kind: 'network', action: 'update', id: current.id, original, current });
      return current;
    },
    delete: (step, current) => removeNetwork(options, step, current),
  };
};

import { ApiError, AutoAllocationFailure } from '@ovenbird/api';
import type { AutoAllocatedTopologiesTable } from '../db/segment-tables.ts';
import type { Caller } from '../policy/policy.ts';
import { interfacePorts } from '../resources/topology.ts';
import type { WriteStep } from './contract.ts';
import { createWithin } from './create.ts';
import { findMember } from './find.ts';
import { type Kernel, storedOf } from './kernel.ts';
import { permitRules } from './permit.ts';
import type { AnyResource } from './plan.ts';
import { reachAction, reachDelete } from './reach.ts';

/** What the parts of a topology are made from. */
export interface TopologyGround {
  /** Network outside. */
  readonly external: string;
  /** IP versions that there is a default pool for. */
  readonly versions: readonly (4 | 6)[];
}

const NAME = 'auto_allocated';

/** The parts of topologies, each through policy, quota and behaviour of its own resource. */
const partsOf = (kernel: Kernel, caller: Caller, step: WriteStep) => {
  const served = (name: string) => {
    const found = kernel.served.get(name);
    if (found === undefined) throw new Error(`${name} is not served`);
    return storedOf(found);
  };
  const find = (name: string, id: string) => findMember(kernel, step.tx, served(name), caller, id);
  return {
    async make(name: string, body: AnyResource): Promise<string> {
      const made = await createWithin(kernel, served(name), caller, step, { [name]: body });
      return String(made.id);
    },
    async act(action: string, routerId: string, body: AnyResource): Promise<void> {
      const router = await find('router', routerId);
      const permit = permitRules('action', caller, [action], { attributes: router });
      await reachAction(permit, served('router').behaviour, action, step, router, { params: {}, body });
    },
    async remove(name: string, id: string): Promise<void> {
      const member = await find(name, id);
      const { plan, behaviour } = served(name);
      const permit = permitRules('delete', caller, [plan.rule('delete')], { attributes: member });
      await reachDelete(permit, behaviour, step, member);
    },
  };
};

/** What the reference calls a fault of the deployment: what should be there is not, or does not fit. */
const orFailure = async <T>(reason: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const unmet =
      error instanceof ApiError &&
      (error.status === 400 || error.status === 404 || error.type === 'SubnetAllocationError');
    if (!unmet) throw error;
    throw AutoAllocationFailure({ reason }, { cause: error });
  }
};

/**
 * Make network, subnets and router.
 *
 * @returns what to remember of it
 * @throws ApiError AutoAllocationFailure, OverQuota, PolicyNotAuthorized
 */
export const buildTopology = async (
  kernel: Kernel,
  caller: Caller,
  step: WriteStep,
  projectId: string,
  { external, versions }: TopologyGround,
): Promise<Omit<AutoAllocatedTopologiesTable, 'project_id'>> => {
  const { make, act } = partsOf(kernel, caller, step);
  const owner = { project_id: projectId };
  const inside = await orFailure('Unable to provide project private network', async () => {
    const network = await make('network', { ...owner, name: `${NAME}_network` });
    const subnets: string[] = [];
    for (const version of versions) {
      const name = `${NAME}_subnet_v${version}`;
      const pooled = { ip_version: version, use_default_subnetpool: true };
      subnets.push(await make('subnet', { ...owner, ...pooled, name, network_id: network }));
    }
    return { network, subnets };
  });
  const router = await orFailure('Unable to provide external connectivity', async () => {
    const gateway = { external_gateway_info: { network_id: external } };
    const made = await make('router', { ...owner, ...gateway, name: `${NAME}_router` });
    for (const subnet of inside.subnets) await act('add_router_interface', made, { subnet_id: subnet });
    return made;
  });
  return { network_id: inside.network, router_id: router };
};

/**
 * Remove what was made, as far as it is still there.
 *
 * @throws ApiError 409 when something else came to use it; then all of it stays
 */
export const removeTopology = async (
  kernel: Kernel,
  caller: Caller,
  step: WriteStep,
  { network_id: network, router_id: router }: AutoAllocatedTopologiesTable,
): Promise<void> => {
  const { act, remove } = partsOf(kernel, caller, step);
  if (router !== null) {
    for (const port of await interfacePorts(step.tx, router, network))
      await act('remove_router_interface', router, { port_id: port });
    await remove('router', router);
  }
  await remove('network', network);
};

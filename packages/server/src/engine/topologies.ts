import {
  AutoAllocationFailure,
  autoAllocatedTopology,
  BadRequest,
  presenter,
  type ResourceDefinition,
} from '@ovenbird/api';
import { RetryTransaction, UniqueViolation } from '../db/database.ts';
import type { RequestContext } from '../identity/context.ts';
import type { Caller } from '../policy/policy.ts';
import {
  defaultExternalNetwork,
  defaultPoolVersions,
  findTopology,
  storeTopology,
} from '../resources/topology.ts';
import type { WriteStep } from './contract.ts';
import { type Kernel, writeThrough } from './kernel.ts';
import { permitRules } from './permit.ts';
import { type AnyResource, planOf } from './plan.ts';
import { buildTopology, removeTopology } from './topology-parts.ts';

/** Topologies that projects get for the asking. Errors are ApiErrors. */
export interface Topologies {
  /**
   * The project's topology, which is made when there is none: network, subnets, router, interfaces and gateway in one
   * transaction, each as a request of the caller would make it.
   *
   * @param projectId `None` for the caller's own
   * @param fields `dry-run`: tell whether it could be made; nothing else may be asked
   */
  get(context: RequestContext, projectId: string, fields: readonly string[]): Promise<AnyResource>;
  /** Remove it with all that was made; nothing happens when there is none. */
  remove(context: RequestContext, projectId: string): Promise<void>;
}

const REHEARSAL = 'dry-run';
const shown = presenter(autoAllocatedTopology);

/** Throws AutoAllocationFailure when there is nothing to make a topology from. */
const requirements = async (step: WriteStep) => {
  const external = await defaultExternalNetwork(step.tx);
  if (external === undefined) throw AutoAllocationFailure({ reason: 'No default router:external network' });
  const versions = await defaultPoolVersions(step);
  if (versions.length === 0) throw AutoAllocationFailure({ reason: 'No default subnetpools defined' });
  return { external, versions };
};

const obtain = async (kernel: Kernel, caller: Caller, step: WriteStep, projectId: string) => {
  const known = await findTopology(step.tx, projectId);
  if (known !== undefined) return known.network_id;
  const made = await buildTopology(kernel, caller, step, projectId, await requirements(step));
  try {
    await storeTopology(step.tx, { project_id: projectId, ...made });
  } catch (error) {
    // Another request was faster: its topology is found next time.
    if (error instanceof UniqueViolation) throw new RetryTransaction('topology', { cause: error });
    throw error;
  }
  return made.network_id;
};

export const createTopologies = (kernel: Kernel): Topologies => {
  const definition: ResourceDefinition = autoAllocatedTopology;
  const plan = planOf(definition, kernel.options.policy);
  const asked = (context: RequestContext, named: string, verb: 'get' | 'delete') => {
    const caller = kernel.caller(context);
    const projectId = named === 'None' ? context.projectId : named;
    permitRules(verb, caller, [plan.rule(verb)], { attributes: { project_id: projectId } });
    return { caller, projectId };
  };
  return {
    async get(context, named, fields) {
      const { caller, projectId } = asked(context, named, 'get');
      const rehearsal = fields.includes(REHEARSAL);
      if (!rehearsal && fields.length > 0)
        throw BadRequest({ resource: 'auto_allocate', msg: 'Unrecognized field' });
      const id = await writeThrough(kernel, caller, async (step) => {
        if (!rehearsal) return obtain(kernel, caller, step, projectId);
        await requirements(step);
        return `${REHEARSAL}=pass`;
      });
      return shown({ id, project_id: projectId });
    },
    async remove(context, named) {
      const { caller, projectId } = asked(context, named, 'delete');
      await writeThrough(kernel, caller, async (step) => {
        const known = await findTopology(step.tx, projectId);
        if (known !== undefined) await removeTopology(kernel, caller, step, known);
      });
    },
  };
};

import { port as portDefinition } from '@ovenbird/api';
import type { StoredBehaviour } from '../../engine/contract.ts';
import { shownStages } from '../../ml2/port-timeline.ts';
import { createPorts } from './create.ts';
import { deletePort } from './delete.ts';
import type { PortDependencies } from './dependencies.ts';
import { assignmentsIn } from './dns.ts';
import { portStore } from './store.ts';
import { updatePort } from './update.ts';

export type PortBehaviour = Required<
  Pick<StoredBehaviour<typeof portDefinition>, 'create' | 'update' | 'delete' | 'settle'>
> &
  StoredBehaviour<typeof portDefinition>;

/** What ports do beyond the generic operations: addresses, MAC addresses, groups, address pairs and binding. */
export const createPortBehaviour = (deps: PortDependencies): PortBehaviour => ({
  kind: 'stored',
  definition: portDefinition,
  store: portStore,
  derived: { dns_assignment: assignmentsIn(deps.config.dnsDomain) },
  create: (step, bodies) => createPorts(deps, step, bodies),
  update: (step, current, body) => updatePort(deps, step, current, body),
  delete: (step, current) => deletePort(deps, step, current),
  views: {
    timeline: async ({ id }) => ({
      timeline: { port_id: id, stages: shownStages((await deps.timeline?.(id)) ?? {}) },
    }),
  },
  settle: (write, ports) => deps.binding.bind(write, ports),
});

import type { Caller } from '../policy/policy.ts';
import { afterCommit, type Kernel, type Served } from './kernel.ts';
import { plainTargets } from './parents.ts';
import type { AnyResource } from './plan.ts';
import { presenterFor } from './present.ts';
import { readRules } from './show.ts';

/** Present what a write made. Parents are looked up only where the caller's right to read depends on them. */
export const answerWith = async (
  kernel: Kernel,
  served: Served,
  caller: Caller,
  resources: readonly AnyResource[],
): Promise<readonly AnyResource[]> => {
  const { plan } = served;
  const presenter = presenterFor(plan, caller, []);
  const rules = readRules(plan).slice(1);
  const open = rules.filter((rule) => typeof caller.bound(rule) === 'function');
  const targets = plan.asksParent(open)
    ? await afterCommit(() =>
        kernel.options.database.readLatest((reader) =>
          kernel.targets(reader, served, caller, open, resources),
        ),
      )
    : plainTargets;
  return resources.map((resource) => presenter.present(resource, () => targets(resource)));
};

import { canonicalName, presenter } from '@ovenbird/api';
import type { Test } from '../policy/compile.ts';
import type { Caller } from '../policy/policy.ts';
import type { Target } from '../policy/target.ts';
import type { Targets } from './parents.ts';
import type { AnyResource, ResourcePlan } from './plan.ts';

/** Makes answers: the attributes that the caller may read, cut to `fields`. */
export interface Presenter {
  /** `target` is what read rules look at; it is asked for only when one depends on the object. */
  present(resource: AnyResource, target: () => Target): AnyResource;
  /** Attributes that it, and the rules it evaluates, read; undefined: all. */
  readonly wanted: ReadonlySet<string> | undefined;
}

/** Resources as the caller reads them. */
export const presentAll = (
  found: readonly AnyResource[],
  targets: Targets,
  presenter: Presenter,
): readonly AnyResource[] => found.map((resource) => presenter.present(resource, () => targets(resource)));

/** A presenter for one caller and one set of `fields` (empty: all). */
export const presenterFor = (plan: ResourcePlan, caller: Caller, fields: readonly string[]): Presenter => {
  const wanted =
    fields.length === 0
      ? undefined
      : new Set([
          ...plan.readKeys,
          ...fields.map(canonicalName).flatMap((name) => [name, ...(plan.derived[name]?.reads ?? [])]),
        ]);
  const hidden = new Set<string>();
  const open: { readonly name: string; readonly test: Test }[] = [];
  for (const { name, rule } of plan.shown) {
    const readable = rule === undefined || caller.bound(rule);
    if (readable === false) hidden.add(name);
    else if (readable !== true) open.push({ name, test: readable });
  }
  const presenterWithout = (names: ReadonlySet<string>) =>
    fields.length === 0
      ? plan.presenter(names)
      : presenter(plan.definition, { fields, hidden: names, derived: plan.derived });
  const whole = presenterWithout(hidden);
  if (open.length === 0) return { wanted, present: whole };

  // Objects differ in what is hidden only by the outcomes of a few rules: one presenter for each combination met.
  const byHidden = new Map([['', whole]]);
  return {
    wanted,
    present(resource, target) {
      const known = target();
      const more = open.filter(({ test }) => !test(known)).map(({ name }) => name);
      const key = more.join(' ');
      let present = byHidden.get(key);
      if (present === undefined) {
        present = presenterWithout(new Set([...hidden, ...more]));
        byHidden.set(key, present);
      }
      return present(resource);
    },
  };
};

import { type Check, checkText } from './check.ts';
import { type Bound, compileCheck, type Subject } from './compile.ts';
import type { Target } from './target.ts';

/** Why a check holds or not: the check as rule text, its outcome, and the same of its parts. */
export interface Explanation {
  readonly check: string;
  readonly holds: boolean;
  /** Why it cannot hold, when that is not in the text: an unknown rule. */
  readonly reason?: string;
  readonly parts: readonly Explanation[];
}

const settle = (bound: Bound, target: Target): boolean =>
  typeof bound === 'boolean' ? bound : bound(target);

/** Evaluate every part of a check, also those that a decision would skip. */
export const explainCheck = (
  check: Check,
  subject: Subject,
  target: Target,
  rules: ReadonlyMap<string, Check>,
): Explanation => {
  const explain = (part: Check): Explanation => explainCheck(part, subject, target, rules);
  const holds = settle(compileCheck(check)(subject), target);
  const base = { check: checkText(check), holds };
  switch (check.kind) {
    case 'and':
    case 'or':
      return { ...base, parts: check.parts.map(explain) };
    case 'not':
      return { ...base, parts: [explain(check.part)] };
    case 'rule': {
      const referred = rules.get(check.name);
      if (referred === undefined) return { ...base, reason: `there is no rule '${check.name}'`, parts: [] };
      return { ...base, parts: [explain(referred)] };
    }
    default:
      return { ...base, parts: [] };
  }
};

/** The leaves that made a check false: what would have to change for it to hold. Empty when it holds. */
export const falseParts = (explanation: Explanation): readonly string[] => {
  if (explanation.holds) return [];
  const inner = explanation.parts.flatMap(falseParts);
  return inner.length > 0 ? inner : [explanation.reason ?? explanation.check];
};

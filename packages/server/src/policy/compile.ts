import { type Check, type FieldCheck, type Operand, PolicySyntaxError, type Template } from './check.ts';
import { type Credentials, credentialValues } from './credentials.ts';
import { fieldValue, type Target, targetValue, valueText } from './target.ts';

/** A check that still depends on the target. */
export type Test = (target: Target) => boolean;

/** A check with the caller filled in: decided, or a test of the target. */
export type Bound = boolean | Test;

/** The caller as compiled checks see it. */
export interface Subject {
  readonly credentials: Credentials;
  /** Lower-case names. */
  readonly roles: ReadonlySet<string>;
  /** Outcome of a named rule for this caller, computed once. */
  rule(name: string): Bound;
}

/** A compiled check: give it a caller, get a {@link Bound}. Everything that needs no target is decided there and then. */
export type Compiled = (subject: Subject) => Bound;

/** Name of the rule that says who is an administrator. */
export const adminRule = 'context_is_admin';

/** Fill a template from a target; undefined when the target lacks one of its values. */
const fill = (template: Template): ((target: Target) => string | undefined) => {
  const { start, holes } = template;
  return (target) => {
    let filled = start;
    for (const { key, text } of holes) {
      const value = targetValue(target, key);
      if (value === undefined) return undefined;
      filled += valueText(value) + text;
    }
    return filled;
  };
};

const constant = (template: Template): string | undefined =>
  template.holes.length === 0 ? template.start : undefined;

const keysOf = ({ holes }: Template): readonly string[] => holes.map(({ key }) => key);

const decided =
  (value: boolean): Compiled =>
  () =>
    value;

const all = (parts: readonly Bound[]): Bound => {
  const tests: Test[] = [];
  for (const part of parts) {
    if (part === false) return false;
    if (part !== true) tests.push(part);
  }
  if (tests.length < 2) return tests[0] ?? true;
  return (target) => tests.every((test) => test(target));
};

const any = (parts: readonly Bound[]): Bound => {
  const tests: Test[] = [];
  for (const part of parts) {
    if (part === true) return true;
    if (part !== false) tests.push(part);
  }
  if (tests.length < 2) return tests[0] ?? false;
  return (target) => tests.some((test) => test(target));
};

const negate = (part: Bound): Bound => (typeof part === 'boolean' ? !part : (target) => !part(target));

const compileRole = (match: Template): Compiled => {
  const name = constant(match)?.toLowerCase();
  if (name !== undefined) return (subject) => subject.roles.has(name);
  const filled = fill(match);
  return (subject) => (target) => {
    const role = filled(target)?.toLowerCase();
    return role !== undefined && subject.roles.has(role);
  };
};

const compileCompare = (left: Operand, right: Template): Compiled => {
  const wanted = constant(right);
  const filled = fill(right);
  if (left.from === 'target') {
    const given = fill(left.template);
    return () => (target) => {
      const text = filled(target);
      return text !== undefined && given(target) === text;
    };
  }
  return (subject) => {
    const texts =
      left.from === 'literal' ? [left.text] : credentialValues(subject.credentials, left.path).map(valueText);
    if (wanted !== undefined) return texts.includes(wanted);
    if (texts.length === 0) return false;
    return (target) => {
      const text = filled(target);
      return text !== undefined && texts.includes(text);
    };
  };
};

const compileField = ({ collection, field, expected }: FieldCheck): Compiled => {
  if (typeof expected === 'string') {
    return () => (target) => {
      const value = fieldValue(target, collection, field);
      return value !== undefined && value !== null && valueText(value) === expected;
    };
  }
  return () => (target) => {
    const value = fieldValue(target, collection, field);
    return typeof value === 'string' && expected.test(value);
  };
};

/** Check → closure. Costs nothing that depends on the number of requests. */
export const compileCheck = (check: Check): Compiled => {
  switch (check.kind) {
    case 'always':
      return decided(true);
    case 'never':
      return decided(false);
    case 'and': {
      const parts = check.parts.map(compileCheck);
      return (subject) => all(parts.map((part) => part(subject)));
    }
    case 'or': {
      const parts = check.parts.map(compileCheck);
      return (subject) => any(parts.map((part) => part(subject)));
    }
    case 'not': {
      const part = compileCheck(check.part);
      return (subject) => negate(part(subject));
    }
    case 'rule':
      return (subject) => subject.rule(check.name);
    case 'role':
      return compileRole(check.match);
    case 'is_admin':
      return (subject) => {
        const admin = subject.rule(adminRule);
        return check.expected ? admin : negate(admin);
      };
    case 'field':
      return compileField(check);
    case 'compare':
      return compileCompare(check.left, check.right);
  }
};

/** Names of the rules that a check refers to. */
export const referredRules = (check: Check): readonly string[] => {
  switch (check.kind) {
    case 'and':
    case 'or':
      return check.parts.flatMap(referredRules);
    case 'not':
      return referredRules(check.part);
    case 'rule':
      return [check.name];
    case 'is_admin':
      return [adminRule];
    default:
      return [];
  }
};

/** Keys of the target that a check itself looks at. */
export const targetKeys = (check: Check): readonly string[] => {
  switch (check.kind) {
    case 'and':
    case 'or':
      return check.parts.flatMap(targetKeys);
    case 'not':
      return targetKeys(check.part);
    case 'role':
      return keysOf(check.match);
    case 'field':
      return [check.field];
    case 'compare':
      return [...(check.left.from === 'target' ? keysOf(check.left.template) : []), ...keysOf(check.right)];
    default:
      return [];
  }
};

/** Throws PolicySyntaxError naming the circle when rules refer to each other in one. */
export const refuseCircles = (checks: ReadonlyMap<string, Check>): void => {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (done.has(name)) return;
    if (path.includes(name)) {
      const circle = [...path.slice(path.indexOf(name)), name];
      throw new PolicySyntaxError(`rules refer to each other in a circle: ${circle.join(' → ')}`);
    }
    const check = checks.get(name);
    if (check !== undefined) for (const next of referredRules(check)) visit(next, [...path, name]);
    done.add(name);
  };
  for (const name of checks.keys()) visit(name, []);
};

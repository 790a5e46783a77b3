import type { RequestContext } from '../identity/context.ts';
import { type Check, checkText, PolicySyntaxError } from './check.ts';
import {
  adminRule,
  type Bound,
  type Compiled,
  compileCheck,
  referredRules,
  refuseCircles,
  type Subject,
  targetKeys,
} from './compile.ts';
import { credentialsOf } from './credentials.ts';
import { type Explanation, explainCheck } from './explain.ts';
import { parseRule } from './parser.ts';
import type { Target } from './target.ts';

/** Rule texts by name. */
export type Rules = { readonly [name: string]: string };

/**
 * One caller's view of the policy. Tokens for the system or a domain are granted nothing, as the reference's rules are all
 * for tokens of projects. Decisions that need no target are made once for it.
 */
export interface Caller {
  readonly context: RequestContext;
  /** Whether `context_is_admin` holds. */
  readonly isAdmin: boolean;
  /** Objects of all projects are in reach, as far as rules let it see them: of administrators, services and auditors. */
  readonly seesAllProjects: boolean;
  /** What it makes may be for another project. */
  readonly namesProjects: boolean;
  /** Whether the token is not for a project but for the system or a domain: no rule holds. */
  readonly isForeign: boolean;
  /** The rule with the caller filled in. A rule that does not exist is false. */
  bound(rule: string): Bound;
  /** Whether the rule holds. A rule that does not exist does not. */
  allows(rule: string, target: Target): boolean;
  /** Every part of the rule with its outcome. */
  explain(rule: string, target: Target): Explanation;
}

/** The compiled rules of a service. */
export interface Policy {
  readonly rules: Rules;
  has(rule: string): boolean;
  caller(context: RequestContext): Caller;
  /**
   * Keys of the target that the rule, or a rule it refers to, looks at: attributes (`project_id`, `shared`) and facts of
   * parents (`network:project_id`).
   */
  keysIn(rule: string): ReadonlySet<string>;
}

const parse = (rules: Rules): ReadonlyMap<string, Check> => {
  const checks = new Map<string, Check>();
  for (const [name, text] of Object.entries(rules)) {
    try {
      checks.set(name, parseRule(text));
    } catch (error) {
      if (!(error instanceof PolicySyntaxError)) throw error;
      throw new PolicySyntaxError(`policy rule '${name}': ${error.message}`, { cause: error });
    }
  }
  return checks;
};

/** Rules that say who is another service of the cloud; the second is the reference's older one. */
const serviceRules = ['service_api', 'context_is_advsvc'] as const;

/** What a token other than a project's is for; undefined: a project, or nothing at all. */
const foreignScope = ({ systemScope, projectId, domainId }: RequestContext): string | undefined => {
  if (systemScope) return 'the system';
  return projectId === '' && domainId !== '' ? 'a domain' : undefined;
};

const settled = (bound: Bound, target: Target): boolean =>
  typeof bound === 'boolean' ? bound : bound(target);

class CompiledCaller implements Caller, Subject {
  readonly context: RequestContext;
  readonly credentials: Subject['credentials'];
  readonly roles: ReadonlySet<string>;
  readonly #scope: string | undefined;
  readonly #checks: ReadonlyMap<string, Check>;
  readonly #compiled: ReadonlyMap<string, Compiled>;
  readonly #outcomes = new Map<string, Bound>();

  constructor(
    context: RequestContext,
    checks: ReadonlyMap<string, Check>,
    compiled: ReadonlyMap<string, Compiled>,
  ) {
    this.context = context;
    this.credentials = credentialsOf(context);
    this.#scope = foreignScope(context);
    this.roles = new Set(context.roles.map((role) => role.toLowerCase()));
    this.#checks = checks;
    this.#compiled = compiled;
  }

  get isAdmin(): boolean {
    return this.#isOneOf([adminRule]);
  }

  get seesAllProjects(): boolean {
    return this.#isOneOf([adminRule, ...serviceRules, 'context_with_global_access']);
  }

  get namesProjects(): boolean {
    return this.#isOneOf([adminRule, ...serviceRules, 'context_can_set_project_id']);
  }

  #isOneOf(rules: readonly string[]): boolean {
    return rules.some((rule) => settled(this.bound(rule), { attributes: {} }));
  }

  get isForeign(): boolean {
    return this.#scope !== undefined;
  }

  rule(name: string): Bound {
    const known = this.#outcomes.get(name);
    if (known !== undefined) return known;
    const outcome = (this.#scope === undefined && this.#compiled.get(name)?.(this)) || false;
    this.#outcomes.set(name, outcome);
    return outcome;
  }

  bound(rule: string): Bound {
    return this.rule(rule);
  }

  allows(rule: string, target: Target): boolean {
    return settled(this.rule(rule), target);
  }

  explain(rule: string, target: Target): Explanation {
    const asked: Check = { kind: 'rule', name: rule };
    if (this.#scope === undefined) return explainCheck(asked, this, target, this.#checks);
    const reason = `the token is for ${this.#scope}, and every rule is about tokens for a project`;
    return { check: checkText(asked), holds: false, reason, parts: [] };
  }
}

const keysByRule = (checks: ReadonlyMap<string, Check>): ((rule: string) => ReadonlySet<string>) => {
  const known = new Map<string, ReadonlySet<string>>();
  const of = (rule: string): ReadonlySet<string> => {
    const before = known.get(rule);
    if (before !== undefined) return before;
    const check = checks.get(rule);
    const keys = new Set(check === undefined ? [] : targetKeys(check));
    for (const name of check === undefined ? [] : referredRules(check))
      for (const key of of(name)) keys.add(key);
    known.set(rule, keys);
    return keys;
  };
  return of;
};

/**
 * Compile rules, overrides winning over defaults by name.
 *
 * Throws PolicySyntaxError when a rule cannot be understood, asks another server (`http:`), or refers to itself through
 * others. A reference to a rule that does not exist is no error: it denies.
 */
export const compilePolicy = (defaults: Rules, overrides: Rules = {}): Policy => {
  const rules: Rules = Object.freeze({ ...defaults, ...overrides });
  const checks = parse(rules);
  refuseCircles(checks);
  const compiled = new Map([...checks].map(([name, check]) => [name, compileCheck(check)]));
  return {
    rules,
    has: (rule) => compiled.has(rule),
    caller: (context) => new CompiledCaller(context, checks, compiled),
    keysIn: keysByRule(checks),
  };
};

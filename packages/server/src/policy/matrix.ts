import type { RequestContext } from '../identity/context.ts';
import type { Policy } from './policy.ts';
import type { ParentFacts, Target } from './target.ts';

/** Somebody with a role, and the object that they ask for. */
export interface MatrixPersona {
  readonly name: string;
  readonly context: RequestContext;
  readonly target: Target;
}

/** Outcome of one rule for every persona, in their order. */
export interface MatrixRow {
  readonly rule: string;
  readonly allowed: readonly boolean[];
}

const OWN = 'own-project';
const OTHER = 'other-project';

/** A caller with nothing but what is given. */
export const plainContext = (given: Partial<RequestContext>): RequestContext => ({
  requestId: '',
  userId: '',
  userName: '',
  projectId: '',
  projectName: '',
  domainId: '',
  roles: [],
  systemScope: false,
  serviceRoles: [],
  ...given,
});

const targetOf = (shared: boolean): Target => {
  const facts: ParentFacts = { projectId: OWN, shared };
  return {
    attributes: { project_id: OWN, shared },
    parents: { network: facts, security_group: facts, ext_parent: facts },
  };
};

/** A role stands for the lesser ones too, as identity services imply them. */
const IMPLIED = {
  admin: ['admin', 'manager', 'member', 'reader'],
  manager: ['manager', 'member', 'reader'],
  member: ['member', 'reader'],
  reader: ['reader'],
  service: ['service'],
} as const;

const persona = (
  name: string,
  role: keyof typeof IMPLIED,
  projectId: string,
  shared = false,
): MatrixPersona => ({
  name,
  context: plainContext({ userId: name, userName: name, projectId, roles: IMPLIED[role] }),
  target: targetOf(shared),
});

/** The callers of a matrix: every role of the owner's project and of another, and one whom the object is shared with. */
export const matrixPersonas: readonly MatrixPersona[] = [
  persona('admin', 'admin', OTHER),
  persona('manager', 'manager', OWN),
  persona('member', 'member', OWN),
  persona('reader', 'reader', OWN),
  persona('service', 'service', OTHER),
  persona('other-manager', 'manager', OTHER),
  persona('other-member', 'member', OTHER),
  persona('other-reader', 'reader', OTHER),
  persona('shared-to', 'member', OTHER, true),
];

/** Every rule for every persona, about an object of the owner's project on parents of that project. */
export const policyMatrix = (
  policy: Policy,
  personas: readonly MatrixPersona[] = matrixPersonas,
): readonly MatrixRow[] => {
  const callers = personas.map(({ context, target }) => ({ caller: policy.caller(context), target }));
  return Object.keys(policy.rules).map((rule) => ({
    rule,
    allowed: callers.map(({ caller, target }) => caller.allows(rule, target)),
  }));
};

// Stands in for `node:test` in the process that tries mutants: it keeps what test files declare, so that single tests can
// be run again and again. It knows what those files use: suites, tests and the hooks of suites.

type Body = () => unknown;
type Declaration = [name: string, body: Body] | [name: string, options: object, body: Body];

export interface Suite {
  readonly name: string;
  readonly before: Body[];
  readonly after: Body[];
  readonly beforeEach: Body[];
  readonly afterEach: Body[];
  readonly members: (Suite | Test)[];
}

export interface Test {
  readonly name: string;
  readonly run: Body;
}

const newSuite = (name: string): Suite => ({
  name,
  before: [],
  after: [],
  beforeEach: [],
  afterEach: [],
  members: [],
});

/** Everything that was declared, by test file. */
export const root = newSuite('');
let current = root;

const bodyOf = (declaration: Declaration): Body => declaration[declaration.length - 1] as Body;

export const describe = (...declaration: Declaration): void => {
  const outer = current;
  current = newSuite(`${outer.name} › ${declaration[0]}`);
  outer.members.push(current);
  bodyOf(declaration)();
  current = outer;
};
export const suite = describe;

export const it = (...declaration: Declaration): void => {
  current.members.push({ name: `${current.name} › ${declaration[0]}`, run: bodyOf(declaration) });
};
export const test = it;

export const before = (body: Body): void => void current.before.push(body);
export const after = (body: Body): void => void current.after.push(body);
export const beforeEach = (body: Body): void => void current.beforeEach.push(body);
export const afterEach = (body: Body): void => void current.afterEach.push(body);

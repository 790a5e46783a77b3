import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { type ApiService, type Persona, startApiService } from '../testing/api-service.ts';
import { forEachDialect } from '../testing/databases.ts';

// What projects may make and have made, against a model that only adds and subtracts.

const counted = [
  'network',
  'port',
  'router',
  'address_group',
  'security_group',
  'security_group_rule',
] as const;
type Quota = (typeof counted)[number];
type Amounts = { [quota in Quota]?: number };

/** What is made: its collection, and how much of which quota one takes, in the order in which quotas are asked. */
const kinds = {
  network: { path: 'networks', takes: { network: 1 } },
  port: { path: 'ports', takes: { port: 1 } },
  router: { path: 'routers', takes: { router: 1 } },
  address_group: { path: 'address-groups', takes: { address_group: 1 } },
  security_group: { path: 'security-groups', takes: { security_group: 1, security_group_rule: 2 } },
} as const satisfies { readonly [kind: string]: { readonly path: string; readonly takes: Amounts } };
type Kind = keyof typeof kinds;

/** Limits of projects that have none of their own. */
const general: Required<Amounts> = {
  network: 4,
  port: 5,
  router: 3,
  address_group: -1,
  security_group: 3,
  security_group_rule: 9,
};
/** The default group of a project with its rules. */
const atFirst: Amounts = { security_group: 1, security_group_rule: 4 };

const project = fc.constantFrom('red', 'blue');
const kind = fc.constantFrom(...(Object.keys(kinds) as Kind[]));
const limit = fc.integer({ min: -1, max: 12 });
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('create' as const),
      project,
      kind,
      count: fc.integer({ min: 1, max: 3 }),
      /** How many by an administrator for the other project in the same request; undefined: the project asks itself. */
      others: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined }),
      /** How many such requests at once. */
      rivals: fc.integer({ min: 1, max: 3 }),
    }),
  },
  fc.record({ do: fc.constant('delete' as const), project, kind, count: fc.integer({ min: 1, max: 3 }) }),
  fc.record({
    do: fc.constant('limit' as const),
    project,
    /** Where it matters: close to what is used. */
    quota: fc.constantFrom(...counted),
    margin: fc.integer({ min: -1, max: 2 }),
    more: fc.dictionary(fc.constantFrom(...counted), limit, { maxKeys: 2, noNullPrototype: true }),
    check: fc.boolean(),
  }),
  fc.record({ do: fc.constant('reset' as const), project }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Create = Extract<Step, { do: 'create' }>;
type Project = Step['project'];

/** A project as it should be. */
interface Model {
  own: Amounts | undefined;
  readonly used: Required<Amounts>;
  readonly ids: { readonly [kind in Kind]: string[] };
}

const newModel = (): Model => ({
  own: undefined,
  used: { ...(Object.fromEntries(counted.map((quota) => [quota, 0])) as Required<Amounts>), ...atFirst },
  ids: { network: [], port: [], router: [], address_group: [], security_group: [] },
});

const limitsOf = ({ own }: Model): Required<Amounts> => ({ ...general, ...own });

const detailsOf = (model: Model) =>
  Object.fromEntries(
    counted.map((quota) => [quota, { limit: limitsOf(model)[quota], used: model.used[quota], reserved: 0 }]),
  );

forEachDialect('arithmetic of quotas', (databases) => {
  let service: ApiService;
  let admin: Persona;
  let personas: { readonly [name in Project]: Persona };
  let shared = '';
  let granted = 0;
  before(async () => {
    service = await startApiService({
      databaseUrl: await databases.freshUrl(),
      settings: { quotas: { limits: general } },
    });
    admin = await service.persona('root', 'operations', ['admin']);
    personas = {
      red: await service.persona('red', 'red', ['member']),
      blue: await service.persona('blue', 'blue', ['member']),
    };
    for (const persona of Object.values(personas)) await persona.ask('GET', 'security-groups');
    shared = (await admin.ask('POST', 'networks', { network: { shared: true } })).body.network.id;
  });
  after(() => service[Symbol.asyncDispose]());

  const quotaPath = (name: Project): string => `quotas/${personas[name].projectId}`;

  /** Which quota would be exceeded; undefined: none. */
  const exceeded = (
    models: { readonly [name in Project]: Model },
    what: Kind,
    counts: readonly (readonly [Project, number])[],
  ): string | undefined =>
    Object.entries(kinds[what].takes).flatMap(([quota, each]) =>
      counts.flatMap(([name, count]) => {
        const model = models[name];
        const most = limitsOf(model)[quota as Quota];
        return count > 0 && most !== -1 && model.used[quota as Quota] + each * count > most ? [quota] : [];
      }),
    )[0];

  const create = async (models: { readonly [name in Project]: Model }, wish: Create): Promise<void> => {
    const { path, takes } = kinds[wish.kind];
    const other: Project = wish.project === 'red' ? 'blue' : 'red';
    const counts = [
      [wish.project, wish.count],
      [other, wish.others ?? 0],
    ] as const;
    const collection = path.replaceAll('-', '_');
    const body = {
      [collection]: counts.flatMap(([name, count]) =>
        Array.from({ length: count }, () => ({
          ...(wish.others === undefined ? {} : { project_id: personas[name].projectId }),
          ...(wish.kind === 'port' ? { network_id: shared } : {}),
          name: 'made',
        })),
      ),
    };
    const asks = wish.others === undefined ? personas[wish.project] : admin;
    const answers = await Promise.all(
      Array.from({ length: wish.rivals }, () => asks.ask('POST', path, body)),
    );
    const expected: (string | undefined)[] = answers.map(() => {
      const over = exceeded(models, wish.kind, counts);
      if (over !== undefined) return `409 OverQuota: Quota exceeded for resources: ['${over}'].`;
      for (const [name, count] of counts)
        for (const [quota, each] of Object.entries(takes)) models[name].used[quota as Quota] += each * count;
      return undefined;
    });
    const got = answers.map((answer) => {
      if (answer.status !== 201)
        return `${answer.status} ${answer.body.NeutronError.type}: ${answer.body.NeutronError.message}`;
      granted += 1;
      for (const one of answer.body[collection])
        for (const [name] of counts)
          if (one.project_id === personas[name].projectId) models[name].ids[wish.kind].push(one.id);
      return undefined;
    });
    assert.deepEqual(got.toSorted(), expected.toSorted());
  };

  const remove = async (name: Project, model: Model, what: Kind, count: number): Promise<void> => {
    const gone = model.ids[what].splice(0, count);
    const { path, takes } = kinds[what];
    const answers = await Promise.all(gone.map((id) => personas[name].ask('DELETE', `${path}/${id}`)));
    assert.deepEqual(
      answers.map(({ status }) => status),
      gone.map(() => 204),
    );
    for (const [quota, each] of Object.entries(takes)) model.used[quota as Quota] -= each * gone.length;
  };

  const run = async (models: { readonly [name in Project]: Model }, asked: Step): Promise<void> => {
    const model = models[asked.project];
    const path = quotaPath(asked.project);
    switch (asked.do) {
      case 'create':
        return create(models, asked);
      case 'delete':
        return remove(asked.project, model, asked.kind, asked.count);
      case 'limit': {
        const close = Math.max(-1, model.used[asked.quota] + asked.margin);
        const limits: Amounts = { ...asked.more, [asked.quota]: close };
        const low = Object.entries(limits).some(
          ([quota, most]) => most !== -1 && model.used[quota as Quota] > most,
        );
        const answer = await admin.ask('PUT', path, { quota: { ...limits, check_limit: asked.check } });
        assert.equal(answer.status, asked.check && low ? 400 : 200);
        if (answer.status === 200) model.own = { ...model.own, ...limits };
        return;
      }
      case 'reset': {
        const { status } = await admin.ask('DELETE', path);
        assert.equal(status, model.own === undefined ? 404 : 204);
        model.own = undefined;
      }
    }
  };

  const agree = async (models: { readonly [name in Project]: Model }): Promise<void> => {
    for (const [name, model] of Object.entries(models)) {
      const { body } = await personas[name as Project].ask('GET', `${quotaPath(name as Project)}/details`);
      const shown = Object.fromEntries(counted.map((quota) => [quota, body.quota[quota]]));
      assert.deepEqual(shown, detailsOf(model));
    }
  };

  test('what is granted, refused and shown is what a plain account says', async () => {
    const accounts = fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 12 }), async (steps) => {
      const models = { red: newModel(), blue: newModel() };
      try {
        for (const one of steps) {
          await run(models, one);
          await agree(models);
        }
      } finally {
        for (const [name, model] of Object.entries(models)) {
          for (const [what, { length }] of Object.entries(model.ids))
            await remove(name as Project, model, what as Kind, length);
          await admin.ask('DELETE', quotaPath(name as Project));
        }
      }
    });
    await fc.assert(accounts, { numRuns: 8 });
    assert.ok(granted > 20);
  });
});

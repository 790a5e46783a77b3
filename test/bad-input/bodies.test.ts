import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { quota, type ResourceDefinition, resourceNamed, resources } from '@ovenbird/api';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import * as known from '../access/kinds.ts';
import { createWorld, type World } from '../access/world.ts';
import { contentOf } from './content.ts';
import { type BadBody, badBodies, spoiled } from './values.ts';

type Kind = known.Kind;

const log: Kind = {
  name: 'log',
  collection: 'log/logs',
  parent: known.securityGroup,
  body: async (_world, project_id, parent) => ({
    project_id,
    resource_type: 'security_group',
    resource_id: parent?.id,
  }),
  change: () => ({ name: 'changed' }),
};
/** There is one a project. */
const statefulness: Kind = {
  name: 'security_groups_default_statefulness',
  collection: 'security-groups-default-statefulness',
  body: async () => ({ project_id: randomUUID() }),
  change: () => ({ stateful: false }),
};
const here = [log, statefulness].filter(({ name }) => !known.kinds.some((kind) => kind.name === name));
const kinds = [...known.kinds, ...here];

/** What the reference calls values that it cannot convert at all; where a range or a form is wrong, `HTTPBadRequest`. */
const CONVERTED = ['InvalidInput', 'HTTPBadRequest'];

/** Attributes whose values the reference refuses with an error of their own (`npm run compare` holds it to that). */
const OWN_ERRORS: { readonly [attribute: string]: readonly string[] } = {
  cidr: CONVERTED,
  dns_domain: CONVERTED,
  dns_name: CONVERTED,
  extra_dhcp_opts: CONVERTED,
  object_type: CONVERTED,
  target_tenant: CONVERTED,
  allowed_address_pairs: ['AllowedAddressPairsMissingIP', 'HTTPBadRequest'],
  ethertype: ['SecurityGroupRuleInvalidEtherType', 'HTTPBadRequest'],
  service_types: ['InvalidInputSubnetServiceType', 'InvalidSubnetServiceType', 'HTTPBadRequest'],
  ...Object.fromEntries(
    ['security_group_rule', 'default_security_group_rule'].flatMap((rule) => [
      [`${rule}.protocol`, ['SecurityGroupRuleInvalidProtocol']],
      [`${rule}.port_range_min`, ['SecurityGroupInvalidPortValue']],
      [`${rule}.port_range_max`, ['SecurityGroupInvalidPortValue']],
      [`${rule}.remote_ip_prefix`, ['InvalidCIDR']],
    ]),
  ),
};

/** Error types with which a wrong value may be answered. */
const typesFor = (definition: ResourceDefinition, { attribute, what }: BadBody): readonly string[] => {
  if (/: (not allowed|missing)$|^unknown/.test(what)) return ['HTTPBadRequest'];
  const own = OWN_ERRORS[`${definition.name}.${attribute}`] ?? OWN_ERRORS[attribute];
  const kind = JSON.stringify(definition.attributes[attribute]?.type.schema.type ?? '');
  return own ?? (/boolean|integer/.test(kind) ? CONVERTED : ['HTTPBadRequest']);
};

/** Written only where there is OVN, or by no body at all. */
const ELSEWHERE = ['agent', 'auto_allocated_topology', 'segment'];

const definitionOf = (name: string): ResourceDefinition => {
  const definition = resourceNamed(name);
  assert.ok(definition, name);
  return definition;
};

test('every resource that can be written is tried', () => {
  const tried = new Set([...kinds.map(({ name }) => name), quota.name]);
  const written = resources.filter(({ operations }) =>
    operations.some((operation) => operation === 'create' || operation === 'update'),
  );
  const left = written.map(({ name }) => name).filter((name) => !tried.has(name));
  assert.deepEqual(
    left.filter((name) => !ELSEWHERE.includes(name)),
    [],
  );
});

forEachDialect('bodies that are wrong by themselves', (databases) => {
  let world: World;
  before(async () => {
    world = await createWorld(await databases.freshUrl());
  });
  after(() => world[Symbol.asyncDispose]());

  const refusedAll = async (
    definition: ResourceDefinition,
    method: 'POST' | 'PUT',
    path: string,
    good: object,
  ): Promise<number> => {
    const [admin] = world.actors;
    const wrong: string[] = [];
    const earlier = await contentOf(world.database);
    const bodies = badBodies(definition, method);
    for (const bad of bodies) {
      const answer = await admin?.ask(method, path, { [definition.name]: spoiled(good, bad) });
      const type = answer?.body?.NeutronError?.type;
      if (answer?.status !== 400 || !typesFor(definition, bad).includes(type))
        wrong.push(`${method} ${bad.what}: ${answer?.status} ${JSON.stringify(answer?.body)}`);
    }
    assert.deepEqual(wrong, []);
    assert.equal(await contentOf(world.database), earlier, 'something changed');
    return bodies.length;
  };

  const tried = async (kind: Kind): Promise<number> => {
    const definition = definitionOf(kind.name);
    const thing = await known.makeThing(world, kind, world.owner, undefined);
    const collection = thing.path.split('/').slice(0, -1).join('/');
    const good = await kind.body(world, world.owner, thing.parent);
    const may = (operation: 'create' | 'update'): boolean => definition.operations.includes(operation);
    const created = may('create') ? await refusedAll(definition, 'POST', collection, good) : 0;
    return created + (may('update') ? await refusedAll(definition, 'PUT', thing.path, {}) : 0);
  };

  describe('are refused and change nothing', () => {
    for (const kind of kinds)
      test(kind.name, async (context) => context.diagnostic(`${await tried(kind)} requests`));
    test('quota', async () => {
      await refusedAll(quota, 'PUT', `quotas/${world.owner}`, {});
    });
  });
});

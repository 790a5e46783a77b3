import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { RequestContext } from '../identity/context.ts';
import { PolicySyntaxError } from './check.ts';
import { falseParts } from './explain.ts';
import { parseOverrides } from './overrides.ts';
import { parseRule } from './parser.ts';
import { compilePolicy } from './policy.ts';
import type { Target } from './target.ts';

const context = (given: Partial<RequestContext> = {}): RequestContext => ({
  requestId: 'req-1',
  userId: 'u1',
  userName: 'ann',
  projectId: 'p1',
  projectName: 'demo',
  domainId: 'default',
  roles: ['member', 'reader'],
  systemScope: false,
  serviceRoles: [],
  ...given,
});

const holds = (
  rule: string,
  given: Partial<RequestContext> = {},
  target: Target = { attributes: {} },
): boolean =>
  compilePolicy({ context_is_admin: 'role:admin', subject: rule })
    .caller(context(given))
    .allows('subject', target);

const of = (attributes: Target['attributes'], parents?: Target['parents']): Target =>
  parents === undefined ? { attributes } : { attributes, parents };

describe('checks', () => {
  test('an empty rule and @ hold, ! does not, an unknown rule does not', () => {
    assert.equal(holds(''), true);
    assert.equal(holds('@'), true);
    assert.equal(holds('!'), false);
    assert.equal(holds('rule:nowhere'), false);
    assert.equal(compilePolicy({}).caller(context()).allows('anything', of({})), false);
  });

  test('roles compare without case and may come from the target', () => {
    assert.equal(holds('role:Member'), true);
    assert.equal(holds('role:admin'), false);
    assert.equal(holds('role:%(needed)s', {}, of({ needed: 'READER' })), true);
    assert.equal(holds('role:%(needed)s', {}, of({})), false);
  });

  test('credentials compare with the target, tenant_id and project_id being one', () => {
    for (const rule of ['project_id:%(project_id)s', 'tenant_id:%(tenant_id)s', 'tenant_id:%(project_id)s']) {
      assert.equal(holds(rule, {}, of({ project_id: 'p1' })), true, rule);
      assert.equal(holds(rule, {}, of({ tenant_id: 'p1' })), true, rule);
      assert.equal(holds(rule, {}, of({ project_id: 'p2' })), false, rule);
      assert.equal(holds(rule, {}, of({})), false, rule);
    }
  });

  test('a parent is reached by its prefix, and only for its owner', () => {
    const target = of({ project_id: 'p2' }, { network: { projectId: 'p1', shared: false } });
    assert.equal(holds('tenant_id:%(network:tenant_id)s', {}, target), true);
    assert.equal(holds('tenant_id:%(network:project_id)s', {}, target), true);
    assert.equal(holds('tenant_id:%(ext_parent:tenant_id)s', {}, target), false);
    assert.equal(holds('tenant_id:%(network:name)s', { projectId: 'p1' }, target), false);
  });

  test('literals, templates and credentials stand on the left', () => {
    assert.equal(holds("'a b':%(x)s", {}, of({ x: 'a b' })), true);
    assert.equal(holds('True:%(x)s', {}, of({ x: true })), true);
    assert.equal(holds('True:%(x)s', {}, of({ x: false })), false);
    assert.equal(holds('None:%(x)s', {}, of({ x: null })), true);
    assert.equal(holds('7:%(x)s', {}, of({ x: 7 })), true);
    assert.equal(holds('%(x)s:%(y)s', {}, of({ x: 'q', y: 'q' })), true);
    assert.equal(holds('%(x)s:%(y)s', {}, of({ x: 'q', y: 'r' })), false);
    assert.equal(holds('user_id:u1'), true);
    assert.equal(holds('user_id:%(device)s-%(n)s', { userId: 'a-1' }, of({ device: 'a', n: 1 })), true);
    assert.equal(holds('roles:member'), true);
    assert.equal(holds('nothing.here:member'), false);
    assert.equal(holds('system_scope:all'), false);
  });

  test('a token for the system or a domain is granted nothing, whatever its roles', () => {
    const everything = { projectId: '', projectName: '', roles: ['admin', 'manager', 'member', 'reader'] };
    const scopes = [
      { ...everything, systemScope: true, domainId: '' },
      { ...everything, systemScope: true, projectId: 'p1' },
      { ...everything, domainId: 'default' },
    ];
    for (const scope of scopes)
      for (const rule of ['@', 'role:admin', 'system_scope:all', 'domain_id:default', 'not role:none'])
        assert.equal(holds(rule, scope, of({ project_id: '' })), false, rule);
    const told = scopes.map((scope) => {
      const caller = compilePolicy({ subject: '@' }).caller(context(scope));
      return [caller.isForeign, ...falseParts(caller.explain('subject', of({})))];
    });
    const reason = (whose: string) =>
      `the token is for ${whose}, and every rule is about tokens for a project`;
    assert.deepEqual(told, [
      [true, reason('the system')],
      [true, reason('the system')],
      [true, reason('a domain')],
    ]);
    assert.equal(compilePolicy({}).caller(context()).isForeign, false);
  });

  test('without a project nothing is owned, not even what belongs to no project', () => {
    const unscoped = { projectId: '', projectName: '', domainId: '', roles: [] };
    for (const owner of ['', 'p1', null])
      for (const rule of ['project_id:%(project_id)s', 'tenant_id:%(tenant_id)s'])
        assert.equal(holds(rule, unscoped, of({ project_id: owner, tenant_id: owner })), false);
    assert.equal(holds('@', unscoped), true);
  });

  test('field compares an attribute with a value or a pattern', () => {
    assert.equal(holds('field:networks:shared=True', {}, of({ shared: true })), true);
    assert.equal(holds('field:networks:shared=True', {}, of({ shared: false })), false);
    assert.equal(holds('field:networks:shared=True', {}, of({})), false);
    const onNetwork = (shared: boolean) => of({}, { network: { projectId: 'p2', shared } });
    assert.equal(holds('field:networks:shared=True', {}, onNetwork(true)), true);
    assert.equal(holds('field:networks:shared=True', {}, onNetwork(false)), false);
    assert.equal(holds('field:subnets:shared=True', {}, onNetwork(true)), false);
    const owner = 'field:port:device_owner=~^network:';
    assert.equal(holds(owner, {}, of({ device_owner: 'network:dhcp' })), true);
    assert.equal(holds(owner, {}, of({ device_owner: 'x-network:dhcp' })), false);
    assert.equal(holds('field:port:device_owner=~network:', {}, of({ device_owner: 'x-network:' })), false);
    assert.equal(holds(owner, {}, of({})), false);
  });

  test('is_admin asks the administrator rule', () => {
    assert.equal(holds('is_admin:True', { roles: ['admin'] }), true);
    assert.equal(holds('is_admin:True'), false);
    assert.equal(holds('is_admin:False'), true);
    assert.equal(
      compilePolicy({ context_is_admin: 'role:boss' }).caller(context({ roles: ['boss'] })).isAdmin,
      true,
    );
    assert.equal(compilePolicy({}).caller(context({ roles: ['admin'] })).isAdmin, false);
  });

  test('inherited properties of objects are not values', () => {
    assert.equal(holds('None:%(constructor)s'), false);
    assert.equal(holds('field:port:toString=x'), false);
    assert.equal(holds('__proto__.x:y'), false);
  });
});

describe('combination', () => {
  test('and binds closer than or, not closest, parentheses win, words have no case', () => {
    assert.equal(holds('@ or @ and !'), true);
    assert.equal(holds('(@ or @) and !'), false);
    assert.equal(holds('! and ! or @'), true);
    assert.equal(holds('not ! and @'), true);
    assert.equal(holds('not (@ or !)'), false);
    assert.equal(holds('NOT ! AND (role:member OR !)'), true);
    assert.equal(holds('not not @'), true);
    assert.equal(holds('((@))'), true);
  });

  test('agrees with an independent evaluation of random expressions', () => {
    type Node = { readonly text: string; readonly value: (bits: readonly boolean[]) => boolean };
    const { tree } = fc.letrec<{ tree: Node; leaf: Node }>((tie) => ({
      leaf: fc.integer({ min: 0, max: 3 }).map((n) => ({
        text: `True:%(b${n})s`,
        value: (bits: readonly boolean[]) => bits[n] === true,
      })),
      tree: fc.oneof(
        { maxDepth: 4 },
        tie('leaf'),
        tie('tree').map((part) => ({
          text: `not (${part.text})`,
          value: (bits: readonly boolean[]) => !part.value(bits),
        })),
        fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => ({
          text: `(${a.text}) and (${b.text})`,
          value: (bits: readonly boolean[]) => a.value(bits) && b.value(bits),
        })),
        fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => ({
          text: `(${a.text}) or (${b.text})`,
          value: (bits: readonly boolean[]) => a.value(bits) || b.value(bits),
        })),
      ),
    }));
    fc.assert(
      fc.property(tree, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), (node, bits) => {
        const attributes = Object.fromEntries(bits.map((bit, index) => [`b${index}`, bit]));
        assert.equal(holds(node.text, {}, of(attributes)), node.value(bits));
      }),
      { numRuns: 300 },
    );
  });

  test('a caller decides what needs no target once', () => {
    const policy = compilePolicy({
      context_is_admin: 'role:admin',
      get_port: 'rule:context_is_admin or project_id:%(project_id)s',
    });
    assert.equal(policy.caller(context({ roles: ['admin'] })).bound('get_port'), true);
    assert.equal(typeof policy.caller(context()).bound('get_port'), 'function');
    assert.equal(policy.caller(context()).bound('context_is_admin'), false);
    const bound = (rule: string) => compilePolicy({ rule }).caller(context()).bound('rule');
    const decided = ['user_id:u1', '@ and @', 'user_id:u2', '! or !', 'nothing:%(x)s'];
    assert.deepEqual(decided.map(bound), [true, true, false, false, false]);
  });

  test('names the keys that a rule looks at, also through others', () => {
    const policy = compilePolicy({
      network_owner: 'tenant_id:%(network:tenant_id)s',
      a: 'rule:b or role:x',
      b: 'not rule:network_owner and project_id:%(project_id)s or field:networks:shared=True',
    });
    assert.deepEqual([...policy.keysIn('a')].sort(), ['network:tenant_id', 'project_id', 'shared']);
    assert.deepEqual([...policy.keysIn('nowhere')], []);
  });
});

describe('refusals', () => {
  const bad = [
    'role',
    '(role:a',
    'role:a)',
    'role:a role:b',
    'and',
    'role:a or',
    'not',
    'x:%(y',
    'x:%y',
    ':x',
    '()',
    'field:networks',
    'field:ports:x=~(',
    'http://decide.example/%(x)s',
    'https://decide.example',
    `${'('.repeat(200)}@${')'.repeat(200)}`,
  ];
  for (const text of bad) {
    test(`'${text.slice(0, 40)}'`, () => {
      assert.throws(() => parseRule(text), PolicySyntaxError);
    });
  }

  test('any text either parses or is refused as syntax', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'()!@:%s \'"=~aandornot') }), (text) => {
        try {
          parseRule(text);
        } catch (error) {
          assert.ok(error instanceof PolicySyntaxError);
        }
      }),
    );
  });

  test('rules in a circle are refused by name', () => {
    assert.throws(
      () => compilePolicy({ a: 'rule:b', b: 'not rule:c', c: 'role:x or rule:a' }),
      /a → b → c → a/,
    );
    assert.throws(() => compilePolicy({ context_is_admin: 'is_admin:True' }), /circle/);
  });
});

describe('overrides', () => {
  test('texts, old lists of lists, and defaults left alone', () => {
    const overrides = parseOverrides(
      '# comment\n"get_port": "role:auditor"\n"old": [["role:a", "role:b"], "role:c"]\n',
    );
    const policy = compilePolicy({ get_port: '!', get_network: '@' }, overrides);
    assert.equal(policy.caller(context({ roles: ['auditor'] })).allows('get_port', of({})), true);
    assert.equal(policy.caller(context()).allows('get_network', of({})), true);
    assert.equal(policy.caller(context({ roles: ['c'] })).allows('old', of({})), true);
    assert.equal(policy.caller(context({ roles: ['a'] })).allows('old', of({})), false);
    assert.deepEqual(parseOverrides(''), {});
  });

  test('anything else is refused', () => {
    for (const text of ['- a', 'a: {b: c}', 'a: 1', 'a:', 'a: "x\nb', 'a: x\na: y', 'a: [[1]]']) {
      assert.throws(() => parseOverrides(text), PolicySyntaxError, text);
    }
  });
});

describe('explanation', () => {
  test('shows every part with its outcome, and the leaves that were false', () => {
    const caller = compilePolicy({
      owner: 'project_id:%(project_id)s',
      delete_port: '(role:admin or rule:owner) and rule:nowhere',
    }).caller(context());
    const explanation = caller.explain('delete_port', of({ project_id: 'p2' }));
    assert.equal(explanation.holds, false);
    assert.equal(explanation.check, 'rule:delete_port');
    assert.deepEqual(falseParts(explanation), [
      'role:admin',
      'project_id:%(project_id)s',
      "there is no rule 'nowhere'",
    ]);
    assert.deepEqual(falseParts(caller.explain('owner', of({ project_id: 'p1' }))), []);
  });
});

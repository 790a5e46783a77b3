import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Check, checkText, type Operand, PolicySyntaxError, type Template } from './check.ts';
import { referredRules, targetKeys } from './compile.ts';
import { credentialValues } from './credentials.ts';
import { plainContext } from './matrix.ts';
import { parseOverrides, readOverrides } from './overrides.ts';
import { parseRule } from './parser.ts';
import { compilePolicy } from './policy.ts';
import { extParent, type Target, targetValue, valueText } from './target.ts';

const plain = (text: string): Template => ({ start: text, holes: [] });
const key = (name: string): Template => ({ start: '', holes: [{ key: name, text: '' }] });
const role = (name: string): Check => ({ kind: 'role', match: plain(name) });
const compare = (left: Operand, right: Template): Check => ({ kind: 'compare', left, right });
const literal = (text: string): Operand => ({ from: 'literal', text });
const credential = (...path: readonly string[]): Operand => ({ from: 'credentials', path });
const field = (expected: string | RegExp): Check => ({
  kind: 'field',
  collection: 'networks',
  field: 'shared',
  expected,
});

/** Rule text, what it means, and the text that explanations show; without that, the same text. */
const meanings: readonly (readonly [string, Check, string?])[] = [
  ['', { kind: 'always' }, '@'],
  [' \t\n', { kind: 'always' }, '@'],
  ['@', { kind: 'always' }],
  ['!', { kind: 'never' }],
  ['rule:a', { kind: 'rule', name: 'a' }],
  ['rule:a:b', { kind: 'rule', name: 'a:b' }],
  ['role:a', role('a')],
  ['role:%(needed)s', { kind: 'role', match: key('needed') }],
  ['role:100%%', role('100%'), 'role:100%'],
  ['is_admin:True', { kind: 'is_admin', expected: true }],
  ['is_admin:true', { kind: 'is_admin', expected: true }, 'is_admin:True'],
  ['is_admin:1', { kind: 'is_admin', expected: true }, 'is_admin:True'],
  ['is_admin:False', { kind: 'is_admin', expected: false }],
  ['is_admin:0', { kind: 'is_admin', expected: false }, 'is_admin:False'],
  ['field:networks:shared=True', field('True')],
  ['field:networks:shared=', field('')],
  ['field:p:x=y:z', { kind: 'field', collection: 'p', field: 'x', expected: 'y:z' }],
  ['field:networks:shared=a=b', field('a=b')],
  ['field:networks:shared=~^a|b', field(/^(?:^a|b)/u)],
  ['user_id:u', compare(credential('user_id'), plain('u'))],
  ['a.b.c:u', compare(credential('a', 'b', 'c'), plain('u'))],
  ['project_id:%(project_id)s', compare(credential('project_id'), key('project_id'))],
  [
    'a:x%(p)sy%(q)sz',
    compare(credential('a'), {
      start: 'x',
      holes: [
        { key: 'p', text: 'y' },
        { key: 'q', text: 'z' },
      ],
    }),
  ],
  [
    'a:%%%(p)s%%y%%',
    compare(credential('a'), { start: '%', holes: [{ key: 'p', text: '%y%' }] }),
    'a:%%(p)s%y%',
  ],
  ['%(network:tenant_id)s:x', compare({ from: 'target', template: key('network:tenant_id') }, plain('x'))],
  ["'a b':%(x)s", compare(literal('a b'), key('x'))],
  [
    "'a b ':%(x)s and role:c",
    { kind: 'and', parts: [compare(literal('a b '), key('x')), role('c')] },
    "('a b ':%(x)s and role:c)",
  ],
  ['"a b":%(x)s', compare(literal('a b'), key('x')), "'a b':%(x)s"],
  ["'a:b':x", compare(literal('a:b'), plain('x'))],
  ['"a:b":x', compare(literal('a:b'), plain('x')), "'a:b':x"],
  ["'a'b':x", compare(literal("a'b"), plain('x'))],
  ["'a:b", compare(credential("'a"), plain('b'))],
  ["'a'b:x", compare(credential("'a'b"), plain('x'))],
  ["':x", compare(credential("'"), plain('x'))],
  ["'':x", compare(literal(''), plain('x'))],
  ["x'a':x", compare(credential("x'a'"), plain('x'))],
  ['True:%(x)s', compare(literal('True'), key('x')), "'True':%(x)s"],
  ['None:x', compare(literal('None'), plain('x')), "'None':x"],
  ['+12:x', compare(literal('12'), plain('x')), "'12':x"],
  ['-12:x', compare(literal('-12'), plain('x')), "'-12':x"],
  ['xTrue:x', compare(credential('xTrue'), plain('x'))],
  ['Truex:x', compare(credential('Truex'), plain('x'))],
  ['x1:x', compare(credential('x1'), plain('x'))],
  ['a(b:c):x', compare(credential('a(b:c)'), plain('x'))],
  ['a):b', compare(credential('a)'), plain('b'))],
  ['(@ )', { kind: 'always' }, '@'],
  ['(role:a)', role('a'), 'role:a'],
  ['((role:a))', role('a'), 'role:a'],
  ['(a:%(x)s)', compare(credential('a'), key('x')), 'a:%(x)s'],
  ['not role:a', { kind: 'not', part: role('a') }],
  ['NOT not role:a', { kind: 'not', part: { kind: 'not', part: role('a') } }, 'not not role:a'],
  ['role:a and role:b', { kind: 'and', parts: [role('a'), role('b')] }, '(role:a and role:b)'],
  ['(role:a Or role:b)', { kind: 'or', parts: [role('a'), role('b')] }, '(role:a or role:b)'],
  [
    'role:a or role:b and not role:c',
    { kind: 'or', parts: [role('a'), { kind: 'and', parts: [role('b'), { kind: 'not', part: role('c') }] }] },
    '(role:a or (role:b and not role:c))',
  ],
  [
    '(role:a or role:b) and role:c',
    { kind: 'and', parts: [{ kind: 'or', parts: [role('a'), role('b')] }, role('c')] },
    '((role:a or role:b) and role:c)',
  ],
];

describe('the language of rules', () => {
  for (const [text, check, shown = text] of meanings)
    test(JSON.stringify(text), () => {
      assert.deepEqual(parseRule(text), check);
      assert.equal(checkText(check), shown);
    });

  test('nests a hundred deep, and then no deeper', () => {
    const nested = (depth: number) => `${'('.repeat(depth)}@${')'.repeat(depth)}`;
    assert.deepEqual(parseRule(nested(100)), { kind: 'always' });
    // Depth is of what is open, not of what was.
    assert.equal(parseRule(Array(200).fill('(@)').join(' and ')).kind, 'and');
    assert.throws(() => parseRule(nested(101)), { message: 'the rule is nested too deeply' });
    assert.throws(() => parseRule(`${'not '.repeat(101)}@`), { message: 'the rule is nested too deeply' });
  });

  const refusals: { readonly [text: string]: string } = {
    'a:%x': "'%x' has a % that is not of the form %(attribute)s",
    'a:y%(x)': "'y%(x)' has a % that is not of the form %(attribute)s",
    'a:%y%(x)s': "'%y%(x)s' has a % that is not of the form %(attribute)s",
    'field:networks:x': "'field:networks:x' is not of the form field:resource:attribute=value",
    'field::x=1': "'field::x=1' is not of the form field:resource:attribute=value",
    'field:p:=1': "'field:p:=1' is not of the form field:resource:attribute=value",
    'field:x=1': "'field:x=1' is not of the form field:resource:attribute=value",
    'field:a=b:c=d': "'field:a=b:c=d' is not of the form field:resource:attribute=value",
    'field:p:x=~(': "'field:p:x=~(' holds a bad regular expression",
    'field:p:x=~\\-': "'field:p:x=~\\-' holds a bad regular expression",
    admin: "'admin' is not a check: it has no colon",
    ':x': "':x' is not a check: nothing before the colon",
    'http://x':
      "'http://x' asks another server: http: checks are refused, a decision must not depend on the network",
    'https://x':
      "'https://x' asks another server: https: checks are refused, a decision must not depend on the network",
    'role:a role:b': "unexpected 'role:b'",
    'role:a)': "unexpected ')'",
    'role:a not': "unexpected 'not'",
    and: "a check is missing before 'and'",
    'role:a or': 'a check is missing before the end of the rule',
    '()': "a check is missing before ')'",
    '(role:a': "')' is missing before the end of the rule",
    '(role:a role:b)': "')' is missing before 'role:b'",
  };
  for (const [text, message] of Object.entries(refusals))
    test(`refuses ${text}`, () =>
      assert.throws(() => parseRule(text), { name: 'PolicySyntaxError', message }));

  test('refuses a bad pattern with what is bad about it', () => {
    assert.throws(
      () => parseRule('field:p:x=~('),
      (error: unknown) => error instanceof PolicySyntaxError && error.cause instanceof SyntaxError,
    );
  });

  test('says in which rule the fault is', () => {
    assert.throws(
      () => compilePolicy({ get_port: 'and' }),
      (error: unknown) =>
        error instanceof PolicySyntaxError &&
        error.message === "policy rule 'get_port': a check is missing before 'and'" &&
        error.cause instanceof PolicySyntaxError,
    );
    const circle = { start: 'rule:a', a: 'rule:b', b: 'rule:a' };
    assert.throws(() => compilePolicy(circle), {
      message: 'rules refer to each other in a circle: a → b → a',
    });
  });

  test('knows what a check refers to and looks at', () => {
    const check = parseRule(
      'rule:a and not (is_admin:True or user_id:%(w)s) or %(x)s:%(y)s or role:%(z)s or @ or user_id:u',
    );
    assert.deepEqual(referredRules(check), ['a', 'context_is_admin']);
    assert.deepEqual(targetKeys(check), ['w', 'x', 'y', 'z']);
  });
});

describe('decisions', () => {
  const allows = (
    rule: string,
    attributes: Target['attributes'] = {},
    parents?: Target['parents'],
  ): boolean => {
    const caller = compilePolicy({ subject: rule }).caller(
      plainContext({ userId: 'u', roles: ['undefined', 'Member', 'reader'] }),
    );
    return caller.allows('subject', parents === undefined ? { attributes } : { attributes, parents });
  };

  test('templates are filled whole or not at all', () => {
    assert.equal(allows('user_id:%(x)s', { x: 'u' }), true);
    assert.equal(allows('user_id:%(x)s'), false);
    assert.equal(allows("'ab':%(x)s%(y)s", { x: 'a', y: 'b' }), true);
    assert.equal(allows("'a-b-':%(x)s-%(y)s-", { x: 'a', y: 'b' }), true);
    assert.equal(allows("'-a':-%(x)s", { x: 'a' }), true);
    assert.equal(allows("'a':-%(x)s", { x: 'a' }), false);
    assert.equal(allows("'aundefined':%(x)s%(y)s", { x: 'a' }), false);
    assert.equal(allows("'undefined':%(x)s"), false);
    assert.equal(allows('%(x)s:%(y)s'), false);
    assert.equal(allows('%(x)s:a', { x: 'a' }), true);
    assert.equal(allows('%(x)s:undefined'), false);
    assert.equal(allows('role:%(x)s'), false);
    assert.equal(allows('role:%(x)s', { x: 'MEMBER' }), true);
    assert.equal(allows('role:%(x)s', { x: 'admin' }), false);
    assert.equal(allows('! or role:admin'), false);
    assert.equal(allows('@ and role:member'), true);
  });

  test('any of several values of a credential counts, and none never does', () => {
    assert.equal(allows('roles:%(x)s', { x: 'reader' }), true);
    assert.equal(allows('roles:%(x)s', { x: 'Member' }), true);
    assert.equal(allows('roles:%(x)s', { x: 'admin' }), false);
    assert.equal(allows('roles:%(x)s'), false);
    assert.equal(allows('nothing:%(x)s'), false);
    assert.equal(allows('nothing:%(x)s', { x: 'Stryker was here' }), false);
    assert.equal(allows('user_id.length:1'), false);
    const nested = { a: [{ b: 1 }, null, { b: [2, 3] }, 'b'] };
    assert.deepEqual(credentialValues(nested, ['a', 'b']), [1, 2, 3]);
    assert.equal(allows('system_scope.x:%(x)s', { x: 'None' }), false);
  });

  test('fields of other types than text match no pattern, and absent ones no text', () => {
    assert.equal(allows('field:ports:n=~1', { n: 1 }), false);
    assert.equal(allows('field:ports:n=1', { n: 1 }), true);
    assert.equal(allows('field:ports:n=None', { n: null }), false);
    assert.equal(allows('field:ports:n=None'), false);
    const parents = { network: { projectId: 'p', shared: true } };
    assert.equal(allows('field:networks:shared=True', {}, parents), true);
    assert.equal(allows('field:networks:mtu=True', {}, parents), false);
    assert.equal(allows('field:nestwork:shared=True', {}, parents), false);
  });

  test('values print as the reference prints them', () => {
    const values = [true, false, 7, 8n, 'x', null, undefined, ['a'], { a: 1 }];
    assert.deepEqual(values.map(valueText), [
      'True',
      'False',
      '7',
      '8',
      'x',
      'None',
      'None',
      '["a"]',
      '{"a":1}',
    ]);
  });

  test('only the owner of a parent is known', () => {
    const target = { attributes: {}, parents: { [extParent]: { projectId: 'p', shared: false } } };
    assert.equal(targetValue(target, 'ext_parent:tenant_id'), 'p');
    assert.equal(targetValue(target, 'ext_parent:project_id'), 'p');
    assert.equal(targetValue(target, 'ext_parent:shared'), undefined);
    assert.equal(targetValue({ attributes: {} }, 'ext_parent:tenant_id'), undefined);
    assert.equal(
      targetValue({ attributes: {}, parents: { tenant_i: target.parents[extParent] } }, 'x'),
      undefined,
    );
  });

  test('a policy knows its rules', () => {
    const policy = compilePolicy({ a: '@' });
    assert.deepEqual([policy.has('a'), policy.has('b')], [true, false]);
    const shared = compilePolicy({ context_is_admin: 'project_id:%(x)s', a: '@' }).caller(
      plainContext({ projectId: 'p' }),
    );
    assert.equal(shared.isAdmin, false);
    // What is no text is no rule with a fault in it.
    assert.throws(() => compilePolicy(JSON.parse('{"a":null}')), TypeError);
  });
});

describe('policy files', () => {
  test('lists are alternatives of conjunctions', () => {
    assert.deepEqual(parseOverrides('a: [["role:a", "role:b"], "role:c"]\nb: []\nc: [[]]\nd: "@"'), {
      a: '(role:a and role:b) or (role:c)',
      b: '@',
      c: '@',
      d: '@',
    });
    for (const nothing of ['', '# only a comment', '~']) assert.deepEqual(parseOverrides(nothing), {});
  });

  const refusals: { readonly [text: string]: RegExp } = {
    'a: ["x", 1]': /^policy rule 'a': a list may hold only checks and lists of checks$/,
    'a: [["x", 1]]': /^policy rule 'a': a list may hold only checks and lists of checks$/,
    'a: 1': /^policy rule 'a': a rule is a text; write '@' for everybody and '!' for nobody$/,
    '- a': /^the policy file must map rule names to rules$/,
    '7': /^the policy file must map rule names to rules$/,
    'a: "x\nb': /^the policy file is not YAML: \S/,
    'a: x\na: y': /^the policy file is not YAML: .*unique/s,
  };
  for (const [text, message] of Object.entries(refusals))
    test(`refused: ${JSON.stringify(text)}`, () =>
      assert.throws(() => parseOverrides(text), { name: 'PolicySyntaxError', message }));

  test('an alias is no way to make much of little', () => {
    assert.throws(() => parseOverrides('a: &x ["role:a"]\nb: *x'), {
      name: 'PolicySyntaxError',
      message: /^the policy file may hold no aliases$/,
    });
  });

  test('what is wrong with a file is told by the reader too', () => {
    assert.throws(
      () => parseOverrides('a: &x ["role:a"]\nb: *x'),
      (error: unknown) => error instanceof PolicySyntaxError && error.cause instanceof ReferenceError,
    );
  });

  test('are read as UTF-8', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ovenbird-policy-'));
    try {
      const file = join(folder, 'policy.yaml');
      await writeFile(file, '"get_port": "role:prüfer"\n');
      assert.deepEqual(await readOverrides(file), { get_port: 'role:prüfer' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('explanations', () => {
  test('show the parts of every kind of check', () => {
    const caller = compilePolicy({ a: 'not role:x and (! or rule:b)', b: '@' }).caller(plainContext({}));
    assert.deepEqual(caller.explain('a', { attributes: {} }).parts, [
      {
        check: '(not role:x and (! or rule:b))',
        holds: true,
        parts: [
          { check: 'not role:x', holds: true, parts: [{ check: 'role:x', holds: false, parts: [] }] },
          {
            check: '(! or rule:b)',
            holds: true,
            parts: [
              { check: '!', holds: false, parts: [] },
              { check: 'rule:b', holds: true, parts: [{ check: '@', holds: true, parts: [] }] },
            ],
          },
        ],
      },
    ]);
  });
});

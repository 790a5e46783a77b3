import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { matrixPersonas, plainContext, policyMatrix } from './matrix.ts';
import { compilePolicy } from './policy.ts';

describe('the matrix', () => {
  test('has every rule for every kind of caller', () => {
    const rules = {
      admin: 'role:admin',
      manager: 'role:manager and project_id:%(project_id)s',
      member: 'role:member and project_id:%(project_id)s',
      reader: 'role:reader and tenant_id:%(network:tenant_id)s',
      service: 'role:service',
      shared: 'role:reader and field:networks:shared=True',
      parent: 'role:member and tenant_id:%(ext_parent:tenant_id)s',
      group: 'role:member and tenant_id:%(security_group:tenant_id)s',
      name: 'user_id:reader or user_name:member',
      everybody: '@',
    };
    assert.deepEqual(
      matrixPersonas.map(({ name }) => name),
      [
        'admin',
        'manager',
        'member',
        'reader',
        'service',
        'other-manager',
        'other-member',
        'other-reader',
        'shared-to',
      ],
    );
    const shown = policyMatrix(compilePolicy(rules)).map(
      ({ rule, allowed }) => `${rule} ${allowed.map((each) => (each ? '+' : '-')).join('')}`,
    );
    assert.deepEqual(shown, [
      'admin +--------',
      'manager -+-------',
      'member -++------',
      'reader -+++-----',
      'service ----+----',
      'shared --------+',
      'parent -++------',
      'group -++------',
      'name --++-----',
      'everybody +++++++++',
    ]);
    const [own, other] = ['own-project', 'other-project'];
    assert.deepEqual(
      matrixPersonas.map(({ context }) => context.projectId),
      [other, own, own, own, other, other, other, other, other],
    );
    const roles = matrixPersonas.map(({ context }) => context.roles.join(' '));
    assert.deepEqual(roles, [
      'admin manager member reader',
      'manager member reader',
      'member reader',
      'reader',
      'service',
      'manager member reader',
      'member reader',
      'reader',
      'member reader',
    ]);
  });

  test('callers have nothing but what is given', () => {
    assert.deepEqual(plainContext({}), {
      requestId: '',
      userId: '',
      userName: '',
      projectId: '',
      projectName: '',
      domainId: '',
      roles: [],
      systemScope: false,
      serviceRoles: [],
    });
  });
});

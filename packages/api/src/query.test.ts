import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ApiError } from './errors.ts';
import { type ListQuery, parseListQuery } from './query.ts';
import { resources } from './registry.ts';
import { agent } from './resources/agent.ts';
import { availabilityZone } from './resources/availability-zone.ts';
import { network } from './resources/network.ts';
import { port } from './resources/port.ts';
import { portBinding } from './resources/port-binding.ts';
import { securityGroupRule } from './resources/security-group-rule.ts';
import { subnet } from './resources/subnet.ts';

const query = (
  definition: Parameters<typeof parseListQuery>[0],
  text: string,
  maxLimit?: number,
): ListQuery =>
  parseListQuery(definition, new URLSearchParams(text), maxLimit === undefined ? {} : { maxLimit });

const refusal = (definition: Parameters<typeof parseListQuery>[0], text: string): string => {
  try {
    query(definition, text);
  } catch (error) {
    assert.ok(error instanceof ApiError, String(error));
    return `${error.status} ${error.type}: ${error.message}`;
  }
  return 'accepted';
};

test('an empty query lists everything by key', () => {
  assert.deepEqual(query(port, ''), {
    filters: [],
    tagFilters: { all: [], any: [], notAll: [], notAny: [] },
    changedSince: undefined,
    fields: [],
    sorts: [{ attribute: 'id', descending: false }],
    limit: undefined,
    marker: undefined,
    pageReverse: false,
  });
  assert.deepEqual(query(availabilityZone, '').sorts, [{ attribute: 'name', descending: false }]);
  assert.deepEqual(query(portBinding, '').sorts, [{ attribute: 'host', descending: false }]);
});

test('repeated filters are alternatives, converted to the stored form', () => {
  const rows: readonly [Parameters<typeof parseListQuery>[0], string, unknown][] = [
    [network, 'name=a&name=b&name=a', { kind: 'equal', attribute: 'name', values: ['a', 'b'] }],
    [network, 'name=', { kind: 'equal', attribute: 'name', values: [''] }],
    [network, 'router:external=True', { kind: 'equal', attribute: 'router:external', values: [true] }],
    [
      network,
      'provider:segmentation_id=7',
      { kind: 'equal', attribute: 'provider:segmentation_id', values: [7] },
    ],
    [
      network,
      'provider:physical_network=',
      { kind: 'equal', attribute: 'provider:physical_network', values: [null] },
    ],
    [network, 'tenant_id=p', { kind: 'equal', attribute: 'project_id', values: ['p'] }],
    [network, 'tenant_id=p&project_id=p', { kind: 'equal', attribute: 'project_id', values: ['p'] }],
    [subnet, 'cidr=10.0.0.1/24', { kind: 'equal', attribute: 'cidr', values: ['10.0.0.0/24'] }],
    [subnet, 'gateway_ip=', { kind: 'equal', attribute: 'gateway_ip', values: [null] }],
    [subnet, 'ip_version=4', { kind: 'equal', attribute: 'ip_version', values: [4] }],
    [
      port,
      'mac_address=FA-16-3E-00-00-01',
      { kind: 'equal', attribute: 'mac_address', values: ['fa:16:3e:00:00:01'] },
    ],
    [port, 'network_id=not-an-id', { kind: 'equal', attribute: 'network_id', values: ['not-an-id'] }],
    [
      port,
      'security_groups=a&security_groups=b',
      { kind: 'member', attribute: 'security_groups', values: ['a', 'b'] },
    ],
    [securityGroupRule, 'protocol=', { kind: 'equal', attribute: 'protocol', values: [null] }],
    [agent, 'alive=true', { kind: 'equal', attribute: 'alive', values: [true] }],
    [
      port,
      'fixed_ips=ip_address=FE80::1&fixed_ips=subnet_id=s&fixed_ips=ip_address_substr=10.&fixed_ips=subnet_id=t',
      {
        kind: 'nested',
        attribute: 'fixed_ips',
        match: { ip_address: ['fe80::1'], subnet_id: ['s', 't'], ip_address_substr: ['10.'] },
      },
    ],
  ];
  for (const [definition, text, filter] of rows)
    assert.deepEqual(query(definition, text).filters, [filter], text);
});

test('tags, changed_since, fields, order, pages', () => {
  const parsed = query(
    network,
    'tags=a,b&tags=c&tags-any=d&not-tags=e,f&not-tags-any=g&changed_since=2026-01-02T03:04:05%2B02:00' +
      '&fields=id&fields=tenant_id&fields=id&sort_key=name&sort_dir=desc&sort_key=tenant_id&sort_dir=asc' +
      '&limit=10&marker=m&page_reverse=True',
  );
  assert.deepEqual(parsed, {
    filters: [],
    tagFilters: { all: ['a', 'b', 'c'], any: ['d'], notAll: ['e', 'f'], notAny: ['g'] },
    changedSince: '2026-01-02T01:04:05Z',
    fields: ['id', 'tenant_id'],
    sorts: [
      { attribute: 'name', descending: true },
      { attribute: 'project_id', descending: false },
      { attribute: 'id', descending: false },
    ],
    limit: 10,
    marker: 'm',
    pageReverse: true,
  });
  assert.deepEqual(query(network, 'sort_key=id&sort_dir=desc').sorts, [
    { attribute: 'id', descending: true },
  ]);
});

test('page sizes', () => {
  const rows: readonly [string, number | undefined, number | undefined][] = [
    ['limit=0', undefined, undefined],
    ['limit=0', 5, 5],
    ['', 5, 5],
    ['limit=3', 5, 3],
    ['limit=9', 5, 5],
    [`limit=${'9'.repeat(40)}`, undefined, 2 ** 31 - 1],
  ];
  for (const [text, maxLimit, limit] of rows) assert.equal(query(port, text, maxLimit).limit, limit, text);
  assert.equal(query(port, 'marker=m').marker, undefined);
  assert.equal(query(port, 'marker=m', 5).marker, 'm');
});

test('wrong queries are refused in the words of the reference', () => {
  const rows: readonly [Parameters<typeof parseListQuery>[0], string, string][] = [
    [port, 'foo=1&bar=2', "400 HTTPBadRequest: ['foo', 'bar'] is invalid attribute for filtering"],
    [port, 'created_at=2026', "400 HTTPBadRequest: ['created_at'] is invalid attribute for filtering"],
    [port, '__proto__=1', "400 HTTPBadRequest: ['__proto__'] is invalid attribute for filtering"],
    [port, 'constructor=1', "400 HTTPBadRequest: ['constructor'] is invalid attribute for filtering"],
    [securityGroupRule, 'tags=a', "400 HTTPBadRequest: ['tags'] is invalid attribute for filtering"],
    [
      agent,
      'changed_since=2026-01-01',
      "400 HTTPBadRequest: ['changed_since'] is invalid attribute for filtering",
    ],
    [agent, 'tenant_id=a', "400 HTTPBadRequest: ['tenant_id'] is invalid attribute for filtering"],
    [port, 'sort_key=nope&sort_dir=asc', "400 HTTPBadRequest: ['nope'] is invalid attribute for sort_keys"],
    [
      port,
      'sort_key=fixed_ips&sort_dir=asc',
      "400 HTTPBadRequest: ['fixed_ips'] is invalid attribute for sort_keys",
    ],
    [port, 'sort_key=name', '400 HTTPBadRequest: The number of sort_keys and sort_dirs must be same'],
    [
      port,
      'sort_key=name&sort_dir=up',
      "400 HTTPBadRequest: ['up'] is invalid value for sort_dirs, valid value is 'asc' and 'desc'",
    ],
    [
      port,
      'limit=-1',
      "400 BadRequest: Bad limit request: Limit must be an integer 0 or greater and not '-1'.",
    ],
    [
      port,
      'limit=x',
      "400 BadRequest: Bad limit request: Limit must be an integer 0 or greater and not 'x'.",
    ],
    [
      port,
      'fixed_ips=x',
      "400 InvalidInput: Invalid input for operation: 'x' is not of the form <key>=[value].",
    ],
    [port, 'fixed_ips=x=y', "400 HTTPBadRequest: ['x'] is invalid attribute for filtering"],
    [
      port,
      'admin_state_up=x',
      "400 InvalidInput: Invalid input for operation: 'x' cannot be converted to boolean.",
    ],
    [subnet, 'cidr=x', '400 InvalidInput: Invalid input for operation: x is not in a CIDR format.'],
    [
      network,
      'tenant_id=a&project_id=b',
      '400 TenantIdProjectIdFilterConflict: Both tenant_id and project_id passed as filters.',
    ],
    [
      network,
      'changed_since=yesterday',
      '400 InvalidInput: Invalid input for operation: ' +
        'The input changed_since must be in the following format: YYYY-MM-DDTHH:MM:SSZ.',
    ],
    [
      network,
      'name=%00',
      "400 InvalidInput: Invalid input for operation: the value of 'name' has a character that cannot be stored.",
    ],
  ];
  for (const [definition, text, message] of rows) assert.equal(refusal(definition, text), message, text);
});

test('no query makes parsing throw anything but a 400', () => {
  const names = resources.flatMap(({ attributes }) => Object.keys(attributes));
  const name = fc.oneof(
    fc.constantFrom(
      ...names,
      'limit',
      'marker',
      'fields',
      'sort_key',
      'sort_dir',
      'tags',
      'changed_since',
      '__proto__',
    ),
    fc.string(),
  );
  const pair = fc.tuple(
    name,
    fc.oneof(fc.string(), fc.constantFrom('', 'ip_address=1', '__proto__=1', '1', 'true')),
  );
  fc.assert(
    fc.property(fc.constantFrom(...resources), fc.array(pair, { maxLength: 4 }), (definition, pairs) => {
      try {
        assert.ok(parseListQuery(definition, pairs).sorts.length > 0);
      } catch (error) {
        assert.ok(error instanceof ApiError && error.status === 400, String(error));
      }
    }),
    { numRuns: 3000 },
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ApiError } from './errors.ts';
import { isBulk, parseBulk, parseCreate, parseUpdate } from './parse.ts';
import { resources } from './registry.ts';
import { agent } from './resources/agent.ts';
import { defaultSecurityGroupRule } from './resources/default-security-group-rule.ts';
import { network } from './resources/network.ts';
import { port } from './resources/port.ts';
import { securityGroupRule } from './resources/security-group-rule.ts';
import { subnet } from './resources/subnet.ts';
import { trunk } from './resources/trunk.ts';

const ID = '6fa1c5a1-8c3a-4f0e-9d1b-0d8a5c1e2f30';

const refusal = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof ApiError, String(error));
    return `${error.status} ${error.type}: ${error.message}`;
  }
  return 'accepted';
};

const bad = (message: string): string => `400 HTTPBadRequest: ${message}`;

test('a create gets its defaults and says what was given', () => {
  const { body, given, guarded, raw } = parseCreate(network, {
    network: { name: 'n', shared: 'False', mtu: '1400' },
  });
  assert.equal(body.name, 'n');
  assert.equal(body.mtu, 1400);
  assert.equal(body.admin_state_up, true);
  assert.equal(body.project_id, undefined);
  assert.deepEqual(body.availability_zone_hints, []);
  assert.deepEqual([...given], ['name', 'shared', 'mtu']);
  assert.deepEqual(guarded, ['mtu']);
  assert.deepEqual(raw, { name: 'n', shared: 'False', mtu: '1400' });
});

test('a template that does not say which groups it is for is for those that people make', () => {
  const { body } = parseCreate(defaultSecurityGroupRule, {
    default_security_group_rule: { direction: 'ingress' },
  });
  assert.deepEqual([body.used_in_default_sg, body.used_in_non_default_sg], [false, true]);
});

test('an empty list where it is the initial value needs no right', () => {
  const guardedBy = (sub_ports: readonly object[]) =>
    parseCreate(trunk, { trunk: { port_id: ID, sub_ports } }).guarded;
  assert.deepEqual(guardedBy([]), []);
  assert.deepEqual(guardedBy([{ port_id: ID, segmentation_id: 5, segmentation_type: 'vlan' }]), [
    'sub_ports',
    'sub_ports:port_id',
    'sub_ports:segmentation_type',
    'sub_ports:segmentation_id',
  ]);
});

test('guarded attributes and sub-attributes are named, but not for their initial value', () => {
  const fixed_ips = [{ ip_address: '10.0.0.5' }, { subnet_id: ID }];
  const created = parseCreate(port, {
    port: {
      network_id: ID,
      fixed_ips,
      device_owner: '',
      'binding:vnic_type': 'direct',
      allowed_address_pairs: [],
    },
  });
  assert.deepEqual(created.guarded, [
    'fixed_ips',
    'fixed_ips:ip_address',
    'fixed_ips:subnet_id',
    'binding:vnic_type',
    'allowed_address_pairs',
  ]);
  const updated = parseUpdate(port, {
    port: { device_owner: '', name: 'x', fixed_ips: [{ subnet_id: ID }] },
  });
  assert.deepEqual(updated.guarded, ['device_owner', 'fixed_ips', 'fixed_ips:subnet_id']);
});

test('an update holds only what it names', () => {
  const { body } = parseUpdate(subnet, { subnet: { gateway_ip: null, dns_nameservers: null } });
  assert.deepEqual(body, { gateway_ip: null, dns_nameservers: [] });
  assert.deepEqual(parseUpdate(agent, { agent: { description: null } }).body, { description: null });
});

test('tenant_id and project_id are one attribute', () => {
  for (const names of [['tenant_id'], ['project_id'], ['tenant_id', 'project_id']]) {
    const given = Object.fromEntries(names.map((name) => [name, 'p']));
    const parsed = parseCreate(network, { network: given });
    assert.equal(parsed.body.project_id, 'p');
    assert.ok(parsed.given.has('project_id') && !parsed.given.has('tenant_id'));
  }
  assert.equal(
    refusal(() => parseCreate(network, { network: { tenant_id: 'a', project_id: 'b' } })),
    bad("'project_id' and 'tenant_id' do not match"),
  );
});

test('wrong bodies are refused in the words of the reference', () => {
  const rows: readonly [unknown, string][] = [
    [undefined, 'Body contains invalid data'],
    [[], 'Body contains invalid data'],
    ['x', 'Body contains invalid data'],
    [{}, 'Resource body required'],
    [{ network: {} }, "Unable to find 'port' in request body"],
    [{ port: null }, "Unable to find 'port' in request body"],
    [{ port: [] }, "Object 'port' contains invalid data"],
    [{ port: 'x' }, "Object 'port' contains invalid data"],
    [{ port: { network_id: ID, foo: 1, bar: 2 } }, "Unrecognized attribute(s) 'foo, bar'"],
    [{ port: { network_id: ID, id: ID } }, "Attribute 'id' not allowed in POST"],
    [{ port: { name: 'x' } }, "Failed to parse request. Required attribute 'network_id' not specified"],
    [{ port: { network_id: 'x' } }, "Invalid input for network_id. Reason: 'x' is not a valid UUID."],
    [JSON.parse('{"port": {"__proto__": {"network_id": 1}}}'), "Unrecognized attribute(s) '__proto__'"],
    [
      { port: { network_id: ID, constructor: 1, toString: 1 } },
      "Unrecognized attribute(s) 'constructor, toString'",
    ],
  ];
  for (const [body, message] of rows)
    assert.equal(
      refusal(() => parseCreate(port, body)),
      bad(message),
    );
  assert.equal(
    refusal(() => parseUpdate(port, { port: { network_id: ID } })),
    bad('Cannot update read-only attribute network_id'),
  );
  assert.equal(
    refusal(() => parseUpdate(port, { ports: [] })),
    bad('Bulk operation not supported'),
  );
  assert.equal(
    refusal(() => parseCreate(network, { network: { admin_state_up: 'maybe' } })),
    "400 InvalidInput: Invalid input for operation: 'maybe' cannot be converted to boolean.",
  );
  assert.equal(
    refusal(() => parseCreate(securityGroupRule, { security_group_rule: { protocol: 'x' } })),
    bad("Failed to parse request. Required attribute 'security_group_id' not specified"),
  );
});

test('bulk bodies', () => {
  const one = { network_id: ID, name: 'a' };
  const parsed = parseBulk(port, { ports: [one, { port: { ...one, name: 'b' } }] });
  assert.deepEqual(
    parsed.map(({ body }) => body.name),
    ['a', 'b'],
  );
  assert.ok(isBulk(port, { ports: [] }) && !isBulk(port, { port: {} }) && !isBulk(port, null));
  assert.equal(
    refusal(() => parseBulk(port, { ports: [] })),
    bad('Resources required'),
  );
  assert.equal(
    refusal(() => parseBulk(port, { ports: null })),
    bad('Resources required'),
  );
  assert.equal(
    refusal(() => parseBulk(port, { ports: 'x' })),
    bad('Body contains invalid data'),
  );
  assert.equal(
    refusal(() => parseBulk(port, { ports: [1] })),
    bad('Body contains invalid data'),
  );
  assert.equal(
    refusal(() => parseBulk(port, { ports: [one, { x: 1 }] })),
    bad("Unrecognized attribute(s) 'x'"),
  );
});

test('initial lists and objects cannot be changed by one request for the next', () => {
  const { body } = parseCreate(port, { port: { network_id: ID } });
  assert.ok(Object.isFrozen(body.tags) && Object.isFrozen(body.extra_dhcp_opts));
});

test('no body makes parsing throw anything but a 4xx, or pollute a prototype', () => {
  const definition = fc.constantFrom(...resources);
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(ID, '10.0.0.0/24', '::1', -1, 1e300, '\0', [[]], [{}]),
  );
  const arbitrary = definition.chain((chosen) =>
    fc.record({
      chosen: fc.constant(chosen),
      kind: fc.constantFrom('create', 'update', 'bulk'),
      body: fc.oneof(
        fc.jsonValue(),
        fc
          .dictionary(fc.constantFrom(...Object.keys(chosen.attributes), '__proto__', 'x'), value)
          .map((given) => ({
            [chosen.name]: given,
            [chosen.collection]: [given],
          })),
      ),
    }),
  );
  fc.assert(
    fc.property(arbitrary, ({ chosen, kind, body }) => {
      try {
        if (kind === 'create') parseCreate(chosen, body);
        else if (kind === 'update') parseUpdate(chosen, body);
        else parseBulk(chosen, body);
      } catch (error) {
        assert.ok(error instanceof ApiError && error.status >= 400 && error.status < 500, String(error));
      }
      assert.equal(Object.keys(Object.prototype).length, 0);
    }),
    { numRuns: 3000 },
  );
});

test('every type accepts or refuses any value, and its own stored form unchanged', () => {
  const types = resources.flatMap(({ attributes }) => Object.values(attributes).map(({ type }) => type));
  const likely = fc.constantFrom<unknown>(
    ID,
    'a',
    '',
    0,
    1,
    '7',
    true,
    null,
    '10.0.0.1/24',
    'FE80::1',
    'fa-16-3e-00-00-01',
    'IPV4',
    'tcp',
    6,
    'vlan',
  );
  const keys = fc.constantFrom(
    'start',
    'end',
    'destination',
    'nexthop',
    'ip_address',
    'subnet_id',
    'mac_address',
    'opt_name',
    'opt_value',
    'ip_version',
    'provider:network_type',
    'provider:segmentation_id',
  );
  const value = fc.oneof(
    likely,
    fc.jsonValue(),
    fc.array(likely, { maxLength: 2 }),
    fc.array(fc.dictionary(keys, likely), { maxLength: 2 }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...types), value, (type, given) => {
      const parsed = type.parse(given);
      if (parsed.ok) assert.deepEqual(type.parse(parsed.value), parsed);
      else assert.ok(parsed.reason.length > 0 && parsed.reason.length < 2500);
    }),
    { numRuns: 5000 },
  );
});

test('objects that cannot be made a text are refused by every type, wherever they stand', () => {
  const mute = { toString: 1, valueOf: 1, toJSON: 1 };
  const within = [mute, [mute], [mute, 'a', 'a'], [mute, 1, 1], [[mute]], { start: mute, ip_address: mute }];
  const deeper = [...within, ...within.map((one) => [one]), ...within.map((one) => ({ a: one }))];
  for (const { attributes } of resources)
    for (const { type } of Object.values(attributes))
      for (const given of deeper) {
        const parsed = type.parse(given);
        assert.ok(parsed.ok || parsed.reason.length > 0);
      }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extensionsDocument, resourcesDocument, versionsDocument } from './documents.ts';
import { openApiDocument } from './openapi.ts';
import {
  extensionWithAlias,
  membersOf,
  resourceAtPath,
  resourceNamed,
  resourceOfCollection,
  resources,
} from './registry.ts';

test('version documents', () => {
  assert.deepEqual(versionsDocument('http://h:9696'), {
    versions: [{ id: 'v2.0', status: 'CURRENT', links: [{ rel: 'self', href: 'http://h:9696/v2.0/' }] }],
  });
  assert.deepEqual(
    resourcesDocument('http://h').resources.map(({ name, collection }) => [name, collection]),
    [
      ['network', 'networks'],
      ['subnet', 'subnets'],
      ['subnetpool', 'subnetpools'],
      ['port', 'ports'],
    ],
  );
});

test('the extension list is complete, sorted out and well formed', () => {
  const { extensions } = extensionsDocument();
  const aliases = extensions.map(({ alias }) => alias);
  for (const alias of [
    'provider',
    'security-group',
    'standard-attr-tag',
    'binding-extended',
    'revision-if-match',
  ]) {
    assert.ok(aliases.includes(alias), alias);
  }
  for (const { alias, name, description, updated, links } of extensions) {
    assert.ok(name !== '' && description !== '', alias);
    // qos-default's own stamp has a month of three digits.
    assert.match(updated, /^\d{4}-\d{2,3}-\d{2}T\d{2}:\d{2}:\d{2}[-+]\d{2}:\d{2}$/, alias);
    assert.deepEqual(links, []);
  }
  const taggable = resources.filter((resource) => resource.taggable).map(({ name }) => name);
  assert.ok(extensionWithAlias('standard-attr-tag')?.name.endsWith(`: ${taggable.join(', ')}`));
  assert.equal(extensionWithAlias('net-mtu')?.name, 'Network MTU');
  assert.equal(extensionWithAlias('nope'), undefined);
});

test('look-ups', () => {
  assert.equal(resourceNamed('port')?.collection, 'ports');
  assert.equal(resourceOfCollection('security_groups')?.name, 'security_group');
  assert.equal(resourceAtPath('security-groups')?.name, 'security_group');
  assert.equal(resourceAtPath('bindings'), undefined);
  assert.deepEqual(
    membersOf('port').map(({ name }) => name),
    ['binding'],
  );
});

const collectReferences = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : collectReferences(inner),
  );
};

test('the OpenAPI document has every operation and no dangling reference', () => {
  const document = JSON.parse(JSON.stringify(openApiDocument(resources, '1.2.3')));
  assert.equal(document.openapi, '3.1.0');
  for (const [path, methods] of [
    ['/v2.0/ports', ['get', 'post']],
    ['/v2.0/ports/{id}', ['get', 'put', 'delete']],
    ['/v2.0/ports/{port_id}/bindings/{host}/activate', ['put']],
    ['/v2.0/networks/{id}/tags/{tag}', ['get', 'put', 'delete']],
    ['/v2.0/security-group-rules/{id}', ['get', 'delete']],
  ] as const) {
    const declared = Object.keys(document.paths[path] ?? {}).filter((key) => key !== 'parameters');
    assert.deepEqual(declared.sort(), [...methods].sort(), path);
  }
  // Answered without a body.
  assert.deepEqual(document.paths['/v2.0/networks/{id}/tags/{tag}'].put.responses[201], {
    description: 'Done.',
  });
  // Authentication is refused in the form of Keystone's middleware, not in that of other errors.
  assert.deepEqual(document.components.responses.Unauthorized.content['application/json'].schema.required, [
    'error',
  ]);
  assert.ok('401' in document.paths['/v2.0/ports'].get.responses);
  for (const reference of collectReferences(document)) {
    const target = reference
      .slice(2)
      .split('/')
      .reduce((node, key) => node?.[key], document);
    assert.ok(target !== undefined, reference);
  }
  const ids = Object.values<Record<string, { operationId?: string }>>(document.paths).flatMap((methods) =>
    Object.values(methods).flatMap(({ operationId }) => operationId ?? []),
  );
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(document.components.schemas.port_create.required, ['network_id']);
  assert.equal(document.components.schemas.port_update.properties.network_id, undefined);
});

import { attributeAliases, canonicalName } from './alias.ts';
import type { MemberAction, Operation, ResourceDefinition } from './define.ts';
import { ruleName, verbOf } from './policy-names.ts';
import type { JsonSchema } from './value-type.ts';

type Attributes = ResourceDefinition['attributes'];
type Json = { readonly [key: string]: unknown };

/** Answers of every operation besides its own. */
const ALWAYS = {
  401: { $ref: '#/components/responses/Unauthorized' },
  default: { $ref: '#/components/responses/NeutronError' },
};
const json = (schema: JsonSchema): Json => ({ 'application/json': { schema } });
const reference = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

const objectSchema = (
  attributes: Attributes,
  keep: (attribute: Attributes[string]) => boolean,
  required: readonly string[],
): JsonSchema => ({
  type: 'object',
  properties: Object.fromEntries(
    Object.entries(attributes)
      .filter(([, attribute]) => keep(attribute))
      .map(([name, { type, description, hasInitial, initial }]) => [
        name,
        {
          ...type.schema,
          ...(hasInitial ? { default: initial } : {}),
          ...(type.example === undefined ? {} : { examples: [type.example] }),
          ...(description === '' ? {} : { description }),
        },
      ]),
  ),
  ...(required.length > 0 ? { required } : {}),
});

const schemasOf = (definition: ResourceDefinition): [string, JsonSchema][] => {
  const { name, attributes, operations } = definition;
  const required = Object.keys(attributes).filter((key) => attributes[key]?.post === 'required');
  const schemas: [string, JsonSchema][] = [
    [name, objectSchema(attributes, (attribute) => attribute.visible, [])],
  ];
  if (operations.includes('create')) {
    schemas.push([
      `${name}_create`,
      objectSchema(attributes, (attribute) => attribute.post !== 'forbidden', required),
    ]);
  }
  if (operations.includes('update')) {
    schemas.push([`${name}_update`, objectSchema(attributes, (attribute) => attribute.put, [])]);
  }
  return schemas;
};

const wrapped = (key: string, schema: JsonSchema): JsonSchema => ({
  type: 'object',
  properties: { [key]: schema },
  required: [key],
});

const queryParameter = (name: string, schema: JsonSchema): Json => ({
  name,
  in: 'query',
  schema: { type: 'array', items: schema },
  explode: true,
});

const listParameters = (definition: ResourceDefinition): Json[] => {
  const names = Object.keys(definition.attributes);
  const aliases = [...attributeAliases.keys()].filter((alias) => names.includes(canonicalName(alias)));
  const all = [...names, ...aliases];
  const sortable = all.filter((name) => definition.attributes[canonicalName(name)]?.sort);
  const tags = definition.taggable === true ? ['tags', 'tags-any', 'not-tags', 'not-tags-any'] : [];
  return [
    ...all
      .filter((name) => definition.attributes[canonicalName(name)]?.filter)
      .map((name) => queryParameter(name, { type: 'string' })),
    ...[...tags, ...(definition.extraFilters ?? [])].map((name) => queryParameter(name, { type: 'string' })),
    queryParameter('fields', { type: 'string' }),
    queryParameter('sort_key', { type: 'string', enum: sortable }),
    queryParameter('sort_dir', { type: 'string', enum: ['asc', 'desc'] }),
    { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 0 } },
    { name: 'marker', in: 'query', schema: { type: 'string' } },
    { name: 'page_reverse', in: 'query', schema: { type: 'boolean' } },
  ];
};

const bodyOf = (definition: ResourceDefinition, kind: 'create' | 'update'): Json => {
  const { name, collection } = definition;
  const one = wrapped(name, reference(`${name}_${kind}`));
  const many = wrapped(collection, { type: 'array', minItems: 1, items: reference(`${name}_create`) });
  const schema = kind === 'create' && definition.operations.includes('bulk') ? { oneOf: [one, many] } : one;
  return { required: true, content: json(schema) };
};

const answer = (description: string, schema?: JsonSchema): Json =>
  schema === undefined ? { description } : { description, content: json(schema) };

const operationObject = (definition: ResourceDefinition, operation: Operation): Json => {
  const { name, collection } = definition;
  const one = wrapped(name, reference(name));
  const many = wrapped(collection, { type: 'array', items: reference(name) });
  const common = {
    operationId: `${operation}_${definition.policyName ?? name}`,
    tags: [collection],
    description: `Guarded by the policy rule ${ruleName(definition, verbOf(operation))}.`,
  };
  switch (operation) {
    case 'list':
      return {
        ...common,
        parameters: listParameters(definition),
        responses: { 200: answer('The resources that the caller may see.', many), ...ALWAYS },
      };
    case 'show':
      return { ...common, responses: { 200: answer('The resource.', one), ...ALWAYS } };
    case 'create':
    case 'bulk':
      return {
        ...common,
        requestBody: bodyOf(definition, 'create'),
        responses: {
          201: answer(
            'What was created.',
            definition.operations.includes('bulk') ? { oneOf: [one, many] } : one,
          ),
          ...ALWAYS,
        },
      };
    case 'update':
      return {
        ...common,
        requestBody: bodyOf(definition, 'update'),
        responses: { 200: answer('The resource after the change.', one), ...ALWAYS },
      };
    case 'delete':
      return { ...common, responses: { 204: answer('Deleted.'), ...ALWAYS } };
  }
};

const ON_COLLECTION: { readonly [O in Operation]?: string } = { list: 'get', create: 'post' };
const ON_MEMBER: { readonly [O in Operation]?: string } = { show: 'get', update: 'put', delete: 'delete' };

const methodsOf = (definition: ResourceDefinition, methods: { readonly [O in Operation]?: string }): Json =>
  Object.fromEntries(
    definition.operations.flatMap((operation) => {
      const method = methods[operation];
      return method === undefined ? [] : [[method, operationObject(definition, operation)]];
    }),
  );

const actionObject = (definition: ResourceDefinition, name: string, action: MemberAction): Json => ({
  [action.method.toLowerCase()]: {
    operationId: `${name}_${definition.policyName ?? definition.name}`,
    tags: [definition.collection],
    description: `Guarded by the policy rule ${action.policy}.`,
    responses: { 200: answer('Done.'), ...ALWAYS },
  },
});

const pathParameters = (path: string): Json[] =>
  [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

const tagPaths = (member: string, definition: ResourceDefinition): [string, Json][] => {
  const tags = wrapped('tags', {
    type: 'array',
    items: { type: 'string', maxLength: 255 },
    uniqueItems: true,
  });
  const entry = (verb: string, status: number, content?: JsonSchema, extra: Json = {}): Json => ({
    operationId: `${verb}_${definition.name}`,
    tags: [definition.collection],
    ...extra,
    responses: { [status]: answer('Done.', content), ...ALWAYS },
  });
  const body = { requestBody: { required: true, content: json(tags) } };
  return [
    [
      `${member}/tags`,
      {
        get: entry('list_tags_of', 200, tags),
        post: entry('add_tags_to', 201, tags, body),
        put: entry('replace_tags_of', 200, tags, body),
        delete: entry('remove_tags_of', 204),
      },
    ],
    [
      `${member}/tags/{tag}`,
      {
        get: entry('check_tag_of', 204),
        put: entry('add_tag_to', 201),
        delete: entry('remove_tag_of', 204),
      },
    ],
  ];
};

const pathsOf = (definition: ResourceDefinition, all: readonly ResourceDefinition[]): [string, Json][] => {
  const parent = all.find((candidate) => candidate.name === definition.memberOf?.resource);
  const above = parent === undefined ? '' : `/${parent.path}/{${definition.memberOf?.parameter}}`;
  const collection = `/v2.0${above}/${definition.path}`;
  const member = `${collection}/{${definition.key ?? 'id'}}`;
  const actions = Object.entries(definition.actions ?? {});
  const paths: [string, Json][] = [
    [collection, methodsOf(definition, ON_COLLECTION)],
    [member, methodsOf(definition, ON_MEMBER)],
    ...actions.map(([name, action]): [string, Json] => [
      `${member}/${action.path}`,
      actionObject(definition, name, action),
    ]),
    ...(definition.taggable === true ? tagPaths(member, definition) : []),
  ];
  return paths
    .filter(([, methods]) => Object.keys(methods).length > 0)
    .map(([path, methods]) => [path, { parameters: pathParameters(path), ...methods }]);
};

/**
 * The OpenAPI 3.1 document of a set of definitions.
 *
 * @param version of the service, shown in `info`
 */
export const openApiDocument = (all: readonly ResourceDefinition[], version: string): Json => ({
  openapi: '3.1.0',
  info: { title: 'Ovenbird: OpenStack Networking API v2.0', version, license: { name: 'Apache-2.0' } },
  security: [{ token: [] }],
  paths: Object.fromEntries(all.flatMap((definition) => pathsOf(definition, all))),
  components: {
    securitySchemes: { token: { type: 'apiKey', in: 'header', name: 'X-Auth-Token' } },
    schemas: Object.fromEntries(all.flatMap(schemasOf)),
    responses: {
      // Said before the request is looked at, in the form of Keystone's middleware.
      Unauthorized: answer(
        'Without a token that is valid.',
        wrapped('error', {
          type: 'object',
          properties: { code: { const: 401 }, title: { type: 'string' }, message: { type: 'string' } },
          required: ['code', 'title', 'message'],
        }),
      ),
      NeutronError: answer(
        'Refused.',
        wrapped('NeutronError', {
          type: 'object',
          properties: { type: { type: 'string' }, message: { type: 'string' }, detail: { type: 'string' } },
          required: ['type', 'message', 'detail'],
        }),
      ),
    },
  },
});

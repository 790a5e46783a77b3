import type { ResourceDefinition } from '@ovenbird/api';

/** A request body that must be refused, as attributes to put over (or leave out of) a good one. */
export interface BadBody {
  /** `name: too long`, for people; unique among the bodies of a resource and method. */
  readonly what: string;
  readonly attribute: string;
  readonly set: { readonly [attribute: string]: unknown };
  readonly without?: string;
}

const UNKNOWN = 'no_such_attribute';

/** Values of every JSON type, and some beyond the usual. */
const samples: readonly (readonly [what: string, value: unknown])[] = [
  ['null', null],
  ['true', true],
  ['a number', 42],
  ['a negative number', -1],
  ['a fraction', 1.5],
  ['a huge number', 2 ** 53],
  ['a text', 'text'],
  ['an empty text', ''],
  ['a text with a line end', 'a\nb'],
  ['a text with NUL', 'a\0b'],
  ['an empty list', []],
  ['a list of numbers', [42]],
  ['a list of texts', ['text']],
  ['an empty object', {}],
  ['an object', { [UNKNOWN]: 1 }],
  ['a list of objects', [{ [UNKNOWN]: 1 }]],
  ['a list of lists', [[]]],
];

const tooLong = (schema: { readonly [keyword: string]: unknown }): typeof samples =>
  typeof schema.maxLength === 'number' ? [['too long', 'x'.repeat(schema.maxLength + 1)]] : [];

type Method = 'POST' | 'PUT';

const ofAttribute = (definition: ResourceDefinition, name: string, method: Method): readonly BadBody[] => {
  const attribute = definition.attributes[name];
  if (attribute === undefined) return [];
  const allowed = method === 'POST' ? attribute.post !== 'forbidden' : attribute.put;
  if (!allowed) return [{ what: `${name}: not allowed`, attribute: name, set: { [name]: null } }];
  return [...samples, ...tooLong(attribute.type.schema)]
    .filter(([, value]) => !attribute.type.parse(value).ok)
    .map(([what, value]) => ({ what: `${name}: ${what}`, attribute: name, set: { [name]: value } }));
};

/** Every way in which a body of this resource can be wrong by its definition alone. */
export const badBodies = (definition: ResourceDefinition, method: Method): readonly BadBody[] => [
  { what: 'unknown attribute', attribute: UNKNOWN, set: { [UNKNOWN]: 1 } },
  ...Object.entries(definition.attributes).flatMap(([name, { post }]) => [
    ...(method === 'POST' && post === 'required'
      ? [{ what: `${name}: missing`, attribute: name, set: {}, without: name }]
      : []),
    ...ofAttribute(definition, name, method),
  ]),
];

/** A good body made bad. */
export const spoiled = (good: object, { set, without }: BadBody): object =>
  Object.fromEntries(Object.entries({ ...good, ...set }).filter(([name]) => name !== without));

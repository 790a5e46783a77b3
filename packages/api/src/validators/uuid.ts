import { display } from '../display.ts';
import { accepted, type Parsed, refused, type ValueType } from '../value-type.ts';

// The longest accepted spelling is urn:uuid:{…}.
const LONGEST = 47;
const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * The lower-case, dashed form of a UUID, or a refusal. Braces, `urn:uuid:` and missing dashes are forgiven, as the
 * reference forgives them.
 */
export const parseUuid = (value: unknown): Parsed<string> => {
  if (typeof value !== 'string' || value.length > LONGEST)
    return refused(`'${display(value)}' is not a valid UUID`);
  if (CANONICAL.test(value)) return accepted(value);
  const digits = value
    .replace(/^urn:uuid:/, '')
    .replace(/^\{(.*)\}$/, '$1')
    .replaceAll('-', '')
    .toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(digits)) return refused(`'${display(value)}' is not a valid UUID`);
  return accepted(digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));
};

const format = { type: 'string', format: 'uuid' };

/** A UUID. Filters compare texts: an id that cannot be one simply matches nothing. */
export const uuid: ValueType<string> = { name: 'uuid', schema: format, parse: parseUuid };

/** A UUID, or null. */
export const uuidOrNull: ValueType<string | null> = {
  name: 'uuid or null',
  schema: { type: ['string', 'null'], format: 'uuid' },
  parse: (value) => (value === null ? accepted(null) : parseUuid(value)),
  fromQuery: (text) => accepted(text === '' ? null : text),
};

/** A list of different UUIDs; null means the empty list. Filters by member. */
export const uuidList: ValueType<readonly string[]> = {
  name: 'list of uuids',
  schema: { type: 'array', items: format, uniqueItems: true },
  filterBy: 'member',
  parse: (value) => {
    if (value === null) return accepted([]);
    if (!Array.isArray(value)) return refused(`'${display(value)}' is not a list`);
    const ids = new Set<string>();
    for (const item of value) {
      const id = parseUuid(item);
      if (!id.ok) return id;
      if (ids.has(id.value)) return refused(`Duplicate items in the list: '${display(item)}'`);
      ids.add(id.value);
    }
    return accepted([...ids]);
  },
};

/** A subnet pool's UUID, the word for IPv6 prefix delegation, or null. */
export const subnetPoolIdOrNull: ValueType<string | null> = {
  ...uuidOrNull,
  name: 'subnet pool',
  parse: (value) => (value === 'prefix_delegation' ? accepted(value) : uuidOrNull.parse(value)),
};

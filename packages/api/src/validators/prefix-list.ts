import { display } from '../display.ts';
import { parseCidr } from '../ip.ts';
import { accepted, type Parsed, refused, type ValueType } from '../value-type.ts';

type PrefixParser = (value: unknown) => Parsed<string>;

const parsePrefix: PrefixParser = (value) => {
  const cidr = typeof value === 'string' && value.includes('/') ? parseCidr(value) : undefined;
  // IPv4 prefixes are taken only in their full form: `10.0.0.0/255.0.0.0` and the like are not.
  const known = cidr !== undefined && (cidr.version === 6 || cidr.text === value);
  return known ? accepted(cidr.canonical) : refused(`'${display(value)}' is not a valid IP subnet`);
};

const parseAddressOrPrefix: PrefixParser = (value) => {
  const cidr = typeof value === 'string' ? parseCidr(value) : undefined;
  return cidr === undefined
    ? refused(`'${display(value)}' is not a valid IP subnet`)
    : accepted(cidr.canonical);
};

const listOfPrefixes =
  (parseOne: PrefixParser) =>
  (value: unknown): Parsed<readonly string[]> => {
    if (!Array.isArray(value)) return refused(`'${display(value)}' is not a list`);
    if (new Set(value).size < value.length) {
      return refused(`Duplicate items in the list: '${display(value.slice(0, 50).map(display).join(', '))}'`);
    }
    const prefixes = new Set<string>();
    for (const item of value) {
      const prefix = parseOne(item);
      if (!prefix.ok) return prefix;
      prefixes.add(prefix.value);
    }
    return accepted([...prefixes]);
  };

const schema = {
  type: 'array',
  items: { type: 'string', examples: ['192.0.2.0/24', '2001:db8::/64'] },
} as const;

/** A list of different prefixes of either IP version, canonical and without host bits; equal ones are kept once. */
export const prefixList: ValueType<readonly string[]> = {
  name: 'list of prefixes',
  schema,
  filterBy: 'member',
  parse: listOfPrefixes(parsePrefix),
};

/** As {@link prefixList}; a single address stands for the prefix that holds nothing else. */
export const addressOrPrefixList: ValueType<readonly string[]> = {
  name: 'list of addresses or prefixes',
  schema,
  parse: listOfPrefixes(parseAddressOrPrefix),
};

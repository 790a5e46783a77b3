import { display } from '../display.ts';
import { InvalidInput } from '../errors/request.ts';
import { accepted, type Parsed, refused, refusedWith, type ValueType } from '../value-type.ts';
import { isDict, unexpectedKeys } from './dict.ts';
import { oneOfIntegers } from './integer.ts';
import { onelineString, string } from './string.ts';
import { parseEach } from './subnet-values.ts';

/** A DHCP option of one port, beyond those that its subnet brings. */
export interface ExtraDhcpOpt {
  readonly opt_name: string;
  readonly opt_value: string;
  readonly ip_version: 4 | 6;
}

/** A DHCP option in a request; `opt_value` null takes the option away. */
export interface ExtraDhcpOptRequest {
  readonly opt_name: string;
  readonly opt_value: string | null;
  readonly ip_version: 4 | 6;
}

const KEYS: ReadonlySet<string> = new Set(['opt_name', 'opt_value', 'ip_version']);
const MAY_BE_BLANK: ReadonlySet<string> = new Set(['router', 'classless-static-route']);
const optionName = onelineString(64);
const optionValue = onelineString(255);
const blankOptionValue = string(255);
const ipVersion = oneOfIntegers([4, 6]);

const parseValue = (name: string, value: unknown): Parsed<string | null> => {
  if (value === null) return accepted(null);
  return MAY_BE_BLANK.has(name) ? blankOptionValue.parse(value) : optionValue.parse(value);
};

const noMatch = (value: unknown): Parsed<never> =>
  refusedWith(InvalidInput({ message: `No valid key specs matched for: ${display(value)}` }));

const parseOption = (value: unknown): Parsed<ExtraDhcpOptRequest> => {
  if (!isDict(value) || unexpectedKeys(value, KEYS).length > 0 || !Object.hasOwn(value, 'opt_value'))
    return noMatch(value);
  const name = optionName.parse(value.opt_name);
  if (!name.ok) return noMatch(value);
  const text = parseValue(name.value, value.opt_value);
  if (!text.ok) return noMatch(value);
  const version = ipVersion.parse(Object.hasOwn(value, 'ip_version') ? value.ip_version : 4);
  if (!version.ok) return noMatch(value);
  return accepted({ opt_name: name.value, opt_value: text.value, ip_version: version.value });
};

/** DHCP options of a port; null means none. `ip_version` is 4 unless given. */
export const extraDhcpOpts: ValueType<readonly ExtraDhcpOpt[], readonly ExtraDhcpOptRequest[]> = {
  name: 'extra dhcp options',
  schema: {
    type: ['array', 'null'],
    items: {
      type: 'object',
      properties: {
        opt_name: { type: 'string', maxLength: 64 },
        opt_value: { type: ['string', 'null'], maxLength: 255 },
        ip_version: { type: 'integer', enum: [4, 6] },
      },
      required: ['opt_name', 'opt_value'],
      additionalProperties: false,
    },
  },
  example: [{ opt_name: 'bootfile-name', opt_value: 'pxelinux.0', ip_version: 4 }],
  parse: (value) => {
    if (value === null) return accepted([]);
    if (!Array.isArray(value)) {
      return refusedWith(InvalidInput({ message: `'${display(value)}' is not a list` }));
    }
    const seen = new Set<string>();
    return parseEach(value, (item) => {
      const option = parseOption(item);
      if (!option.ok) return option;
      const key = `${option.value.ip_version} ${option.value.opt_name}`;
      if (seen.has(key)) return refused(`Duplicate items in the list: '${display(item)}'`);
      seen.add(key);
      return option;
    });
  },
};

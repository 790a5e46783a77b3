import { display } from '../display.ts';
import { accepted, type Parsed, refused, type ValueType } from '../value-type.ts';
import { integer, parseInteger } from './integer.ts';
import { oneOf } from './values.ts';

/** Transport ports, both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

const HIGHEST = 65_535;

const parsePort = (text: string): Parsed<number> => {
  if (!/^\d{1,5}$/.test(text) || Number(text) > HIGHEST) return refused(`Invalid port: ${display(text)}`);
  const port = Number(text);
  return port >= 1
    ? accepted(port)
    : refused(`Invalid port: ${text}, the port must be in the range [1, ${HIGHEST}]`);
};

/** `80`, `'80'` or `'80:90'` as numbers. */
export const parsePortRange = (value: unknown): Parsed<PortRange> => {
  const text = typeof value === 'number' ? String(value) : value;
  const parts = typeof text === 'string' ? text.split(':') : [];
  const [from, to = from] = parts;
  if (from === undefined || to === undefined || parts.length > 2 || from === '' || to === '') {
    return refused('Port range must be two integers separated by a colon');
  }
  const first = parsePort(from);
  if (!first.ok) return first;
  const last = parsePort(to);
  if (!last.ok) return last;
  return first.value <= last.value
    ? accepted({ first: first.value, last: last.value })
    : refused('First port in a port range must be lower than the second port');
};

/** The form in which the API shows a range: `80:90`, and `80:80` for one port. */
export const portRangeText = ({ first, last }: PortRange): string => `${first}:${last}`;

const parseRangeText = (value: unknown): Parsed<string> => {
  const range = parsePortRange(value);
  return range.ok ? accepted(portRangeText(range.value)) : range;
};

/** Transport ports 1 to 65,535: `80` or `80:90`, stored as `80:80` and `80:90`. */
export const portRange: ValueType<string> = {
  name: 'port range',
  schema: { type: 'string', pattern: '^[0-9]+(:[0-9]+)?$', examples: ['80:90'] },
  parse: parseRangeText,
  fromQuery: parseRangeText,
};

const transportPorts = integer(1, HIGHEST);

/** One transport port; null, and `undefined` when stored: a range says it. */
export const transportPort: ValueType<number | undefined, number | null> = {
  name: 'port',
  schema: { type: ['integer', 'null'], minimum: 1, maximum: HIGHEST },
  parse: (value) => (value === null ? accepted(null) : transportPorts.parse(value)),
  fromQuery: parseInteger,
};

const forwarded = oneOf(['tcp', 'udp', 'sctp']);

/** A protocol whose ports can be forwarded, in any case. */
export const forwardedProtocol: typeof forwarded = {
  ...forwarded,
  parse: (value) => forwarded.parse(typeof value === 'string' ? value.toLowerCase() : value),
};

import { display } from '../display.ts';
import { InvalidInput } from '../errors/request.ts';
import { accepted, type Parsed, refused, refusedWith, type ValueType } from '../value-type.ts';
import { isDict } from './dict.ts';
import { isStorable } from './string.ts';

/** Longest name with its domain, a dot at its end not counted (RFC 1035 §2.3.4, as the reference counts). */
export const FQDN_LENGTH = 255;

/** What a domain may say in place of a label: the values of whoever names it. */
export const DOMAIN_KEYWORDS = ['project_id', 'project_name', 'user_name', 'user_id'] as const;

const LABEL = new RegExp(`^(?:[a-z0-9-]{1,63}|${DOMAIN_KEYWORDS.map((word) => `<${word}>`).join('|')})$`);

const labelProblem = (label: string): string | undefined => {
  if (label === '') return 'Encountered an empty component';
  if (label.startsWith('-') || label.endsWith('-'))
    return `Name '${label}' must not start or end with a hyphen`;
  if (LABEL.test(label)) return undefined;
  return `Name '${label}' must be 1-63 characters long, each of which can only be alphanumeric or a hyphen`;
};

/** What is wrong with a name of labels and dots, relative or absolute (RFC 1123 §2.1). */
const nameProblem = (name: string): string | undefined => {
  const trimmed = name.endsWith('.') ? name.slice(0, -1) : name;
  if (trimmed.length > FQDN_LENGTH) return `'${trimmed}' exceeds the ${FQDN_LENGTH} character FQDN limit`;
  const labels = trimmed.split('.');
  const wrong = labels.map(labelProblem).find((problem) => problem !== undefined);
  if (wrong !== undefined) return wrong;
  const last = labels.at(-1) ?? '';
  return labels.length > 1 && /^[0-9]+$/.test(last) ? `TLD '${last}' must not be all numeric` : undefined;
};

type Check = (name: string) => string | undefined;

const checkName: Check = (name) => {
  const problem = nameProblem(name);
  return problem === undefined
    ? undefined
    : `'${display(name)}' not a valid PQDN or FQDN. Reason: ${display(problem)}`;
};

const checkDomain: Check = (name) => {
  if (!name.endsWith('.')) return `'${display(name)}' is not a FQDN`;
  const problem = checkName(name);
  if (problem !== undefined || name.length <= FQDN_LENGTH - 2) return problem;
  return `'${display(name)}' contains ${name.length} characters. Adding a sub-domain will cause it to exceed the maximum length of a FQDN of '${FQDN_LENGTH}'`;
};

const checkRelative: Check = (name) => {
  if (name.endsWith('.')) return `'${display(name)}' is a FQDN. It should be a relative domain name`;
  const problem = checkName(name);
  if (problem !== undefined || name.length <= FQDN_LENGTH - 3) return problem;
  return `'${display(name)}' contains ${name.length} characters. Adding a domain name will cause it to exceed the maximum length of a FQDN of '${FQDN_LENGTH}'`;
};

const parse = (value: unknown, check: Check): Parsed<string> => {
  if (typeof value !== 'string' || !isStorable(value))
    return refusedWith(InvalidInput({ message: `Input value ${display(value)} must be string type` }));
  const name = value.toLowerCase();
  const problem = name === '' ? undefined : check(name);
  return problem === undefined ? accepted(name) : refused(problem);
};

const type = (name: string, check: Check): ValueType<string> => ({
  name,
  schema: { type: 'string', maxLength: FQDN_LENGTH + 1 },
  parse: (value) => parse(value, check),
});

/** The name of a port, relative to the deployment's domain or absolute; lower case; may be empty. */
export const dnsName = type('DNS name', checkName);
/** The name of a floating IP, relative to its domain; lower case; may be empty. */
export const relativeDnsName = type('relative DNS name', checkRelative);
/** A domain, absolute: ends with a dot; lower case; may be empty. */
export const dnsDomain = type('DNS domain', checkDomain);

/** The name that an address of a port has. */
export interface DnsAssignment {
  readonly ip_address: string;
  readonly hostname: string;
  /** Absolute. */
  readonly fqdn: string;
}

const TEXTS = ['ip_address', 'hostname', 'fqdn'] as const;
const isAssignment = (value: unknown): value is DnsAssignment =>
  isDict(value) && TEXTS.every((key) => typeof value[key] === 'string');

/** The names of a port's addresses; undefined where nobody asked for them. */
export const dnsAssignments: ValueType<readonly DnsAssignment[] | undefined> = {
  name: 'list of DNS assignments',
  schema: {
    type: 'array',
    items: {
      type: 'object',
      properties: Object.fromEntries(TEXTS.map((key) => [key, { type: 'string' }])),
    },
  },
  parse: (value) =>
    Array.isArray(value) && value.every(isAssignment)
      ? accepted(value)
      : refused(`'${display(value)}' is not a list of DNS assignments`),
};

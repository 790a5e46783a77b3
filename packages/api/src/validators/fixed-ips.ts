import { display } from '../display.ts';
import { accepted, type Parsed, refused, type ValueType } from '../value-type.ts';
import { isDict } from './dict.ts';
import { parseIpAddress } from './ip-address.ts';
import { parseEach } from './subnet-values.ts';
import { parseUuid } from './uuid.ts';

/** An address that a port has. */
export interface FixedIp {
  readonly subnet_id: string;
  readonly ip_address: string;
}

/** An address that a request asks for: a subnet, an address, or both. `delete_subnet` lets go an automatic address. */
export interface FixedIpRequest {
  readonly subnet_id?: string;
  readonly ip_address?: string;
  readonly delete_subnet?: boolean;
}

const parseFixedIp = (value: unknown, seen: Set<string>): Parsed<FixedIpRequest> => {
  if (!isDict(value)) return refused(`Invalid data format for fixed IP: '${display(value)}'`);
  const fixedIp: { subnet_id?: string; ip_address?: string; delete_subnet?: boolean } = {};
  if (Object.hasOwn(value, 'ip_address')) {
    const address = parseIpAddress(value.ip_address);
    if (!address.ok) return address;
    if (seen.has(address.value)) return refused(`Duplicate IP address '${address.value}'`);
    seen.add(address.value);
    fixedIp.ip_address = address.value;
  }
  if (Object.hasOwn(value, 'subnet_id')) {
    const subnet = parseUuid(value.subnet_id);
    if (!subnet.ok) return subnet;
    fixedIp.subnet_id = subnet.value;
  }
  if (value.delete_subnet === true) fixedIp.delete_subnet = true;
  return accepted(fixedIp);
};

/**
 * The addresses of a port. Other keys of an element are passed over, as the reference does. A list filter names `ip_address`, `subnet_id` or `ip_address_substr`; the values of one key
 * are alternatives, and one address must match all the keys named.
 */
export const fixedIps: ValueType<readonly FixedIp[], readonly FixedIpRequest[]> = {
  name: 'fixed ips',
  schema: {
    type: 'array',
    items: {
      type: 'object',
      properties: { subnet_id: { type: 'string', format: 'uuid' }, ip_address: { type: 'string' } },
    },
  },
  example: [{ subnet_id: '6fa1c5a1-8c3a-4f0e-9d1b-0d8a5c1e2f30', ip_address: '192.0.2.10' }],
  filterBy: ['ip_address', 'subnet_id', 'ip_address_substr'],
  parse: (value) => {
    if (!Array.isArray(value)) return refused(`Invalid data format for fixed IP: '${display(value)}'`);
    const seen = new Set<string>();
    return parseEach(value, (item) => parseFixedIp(item, seen));
  },
};

import { DOMAIN_KEYWORDS, namerIn, namesPorts } from '@ovenbird/api';
import { dnsUuid, switchName } from '../ids.ts';
import type { OvnSettings } from '../settings.ts';
import type { NamesState } from '../state.ts';
import { type Desired, desiredRow, nothing, stringMap } from './row.ts';

/** Names in OVN have no dot at their end. */
const relative = (name: string): string => (name.endsWith('.') ? name.slice(0, -1) : name);

const nibbles = (address: string): string => {
  const [head = '', tail] = address.split('::');
  const groups = (text: string | undefined) => (text === undefined || text === '' ? [] : text.split(':'));
  const given = [groups(head), groups(tail)];
  const zeros = Array.from({ length: 8 - given.flat().length }, () => '0');
  const all = [...(given[0] ?? []), ...zeros, ...(given[1] ?? [])];
  return all.map((group) => group.padStart(4, '0')).join('');
};

/** The name that a resolver asks for the name of an address (RFC 1035 §3.5, RFC 3596 §2.5). Takes canonical text. */
export const reverseName = (address: string): string =>
  address.includes(':')
    ? `${[...nibbles(address)].reverse().join('.')}.ip6.arpa`
    : `${address.split('.').reverse().join('.')}.in-addr.arpa`;

const isKeyword = (domain: string): boolean => DOMAIN_KEYWORDS.some((word) => domain.includes(`<${word}>`));

/** The domain for a port's project; undefined: it asks for more than SQL knows of whoever named it, or is empty. */
const domainFor = (domain: string, projectId: string): string | undefined => {
  const own = relative(domain.replaceAll('<project_id>', projectId.toLowerCase()));
  return own === '' || isKeyword(own) ? undefined : own;
};

/** {@link domainFor}, worked out once for each domain and project: a network may have thousands of ports. */
const domainsOf = (): typeof domainFor => {
  const known = new Map<string, string | undefined>();
  return (domain, projectId) => {
    if (domain === '') return undefined;
    const key = `${domain} ${projectId}`;
    const found = known.get(key);
    if (found !== undefined || known.has(key)) return found;
    const made = domainFor(domain, projectId);
    known.set(key, made);
    return made;
  };
};

/** Adds an address to those of a name. Few names have several, so that a text serves better than a set for each. */
const addAddress = (records: Map<string, string>, name: string, address: string): void => {
  const known = records.get(name);
  if (known === undefined) records.set(name, address);
  else if (!known.split(' ').includes(address)) records.set(name, `${known} ${address}`);
};

/** Addresses by name, and names by reverse name, of all ports of a network; who shares a name shares its record. */
function recordsOf({ domain, ports }: NamesState, settings: OvnSettings): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  const reverse = new Map<string, string>();
  const assign = namerIn(settings.dnsDomain);
  const domainOf = domainsOf();
  for (const port of ports) {
    const inNetwork = domainOf(domain, port.projectId);
    const inOwn = domainOf(port.domain, port.projectId);
    for (const { hostname, fqdn, ip_address } of assign(port.name, port.addresses)) {
      const name = relative(hostname);
      addAddress(records, name, ip_address);
      addAddress(records, relative(fqdn), ip_address);
      if (hostname === name && inNetwork !== undefined)
        addAddress(records, `${name}.${inNetwork}`, ip_address);
      if (hostname === name && inOwn !== undefined) addAddress(records, `${name}.${inOwn}`, ip_address);
      reverse.set(reverseName(ip_address), relative(fqdn));
    }
  }
  for (const [name, host] of reverse) records.set(name, host);
  return records;
}

/** Named ports of a network → the DNS row that its switch answers from. */
export function desiredDns(names: NamesState, settings: OvnSettings): Desired {
  const records = namesPorts(settings.dnsDomain) ? recordsOf(names, settings) : new Map<string, string>();
  if (records.size === 0) return nothing;
  const uuid = dnsUuid(names.networkId);
  const row = desiredRow('DNS', uuid, {
    records,
    external_ids: stringMap({ ls_name: switchName(names.networkId) }),
  });
  const member = { column: 'Logical_Switch.dns_records', parent: names.networkId, element: uuid } as const;
  return { rows: [row], members: [member] };
}

import { isIP } from 'node:net';
import { isArray, isObject, type Json } from './json.ts';
import { keepingSameAddresses } from './same-addresses.ts';
import type { Both, SideName } from './sides.ts';

const uuidPattern = /[0-9a-f]{8}([-_])[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}/g;
const macPattern = /\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/g;
const addressPattern = /[0-9a-fA-F]*(?:[.:][0-9a-fA-F]*){2,}/g;

const hostNamePattern = /host(?:-[0-9a-f]*)+/g;

/** The name that a port without one gets from its address. */
const hostNameOf = (address: string): string => `host-${address.replaceAll(/[.:]/g, '-')}`;

const isUuid = (text: string): boolean => text.replace(uuidPattern, '') === '' && text.length === 36;
const isProject = (text: string): boolean => /^[0-9a-f]{32}$/.test(text);
const isMac = (text: string): boolean => text.replace(macPattern, '') === '' && text.length === 17;

/** Values that no two services can be expected to agree on, by name of the attribute, key or column. */
const free: { readonly [name: string]: string } = {
  created_at: '<time>',
  updated_at: '<time>',
  revision_number: '<revision>',
  'neutron:revision_number': '<revision>',
  server_mac: '<mac>',
  label: '<label>',
  standard_attr_id: '<number>',
};

/** Segmentation ids that scenarios ask for; others are of each service's own choice. */
const askedSegments: ReadonlySet<number> = new Set([77, 99, 150, 151, 152, 160, 170, 171, 180]);

/**
 * What each side calls the same thing. Ids always differ; MAC and IP addresses are masked only where the two sides chose
 * differently, so that what a request asked for is compared as it is.
 */
export class Masks {
  readonly #names: Both<Map<string, string>> = { reference: new Map(), ovenbird: new Map() };

  /** Learn that two values are the same thing, called `name`. */
  learn(name: string, values: Both<string>): void {
    const { reference, ovenbird } = values;
    if (reference === ovenbird && !isUuid(reference) && !isProject(reference)) return;
    for (const side of ['reference', 'ovenbird'] as const) {
      const names = this.#names[side];
      if (names.has(values[side])) continue;
      names.set(values[side], `{${name}}`);
      if (isIP(values[side]) !== 0) names.set(hostNameOf(values[side]), `host-{${name}}`);
    }
  }

  /** Learn from two answers to the same request. Lists are paired by order. */
  learnFrom(name: string, answers: Both<Json>): void {
    const { reference, ovenbird } = answers;
    if (typeof reference === 'string' && typeof ovenbird === 'string') {
      const alike = (is: (text: string) => boolean): boolean => is(reference) && is(ovenbird);
      if (alike(isUuid) || alike(isMac) || alike((text) => isIP(text) !== 0))
        this.learn(name, { reference, ovenbird });
    } else if (isArray(reference) && isArray(ovenbird)) {
      const known = (side: SideName, value: Json): boolean =>
        isObject(value) && typeof value.id === 'string' && this.#names[side].has(value.id);
      const fresh = (side: SideName, values: readonly Json[]): readonly Json[] =>
        this.sorted(
          side,
          values.filter((value) => !known(side, value)),
        );
      const sorted = {
        reference: fresh('reference', reference),
        ovenbird: fresh('ovenbird', ovenbird),
      };
      sorted.reference.forEach((each, index) => {
        const other = sorted.ovenbird[index];
        if (other !== undefined) this.learnFrom(`${name}[${index}]`, { reference: each, ovenbird: other });
      });
    } else if (isObject(reference) && isObject(ovenbird)) {
      for (const [key, value] of Object.entries(reference)) {
        const other = ovenbird[key];
        const path = key === 'id' ? name : `${name}.${key}`;
        if (other !== undefined) this.learnFrom(path, { reference: value, ovenbird: other });
      }
    }
  }

  /** `text` with what the sides chose by themselves replaced by what it is called. */
  text(side: SideName, text: string): string {
    const names = this.#names[side];
    return text
      .replace(uuidPattern, (id) => names.get(id.replaceAll('_', '-')) ?? '{unknown id}')
      .replace(/\b[0-9a-f]{32}\b/g, (id) => names.get(id) ?? id)
      .replace(hostNamePattern, (host) => names.get(host) ?? host)
      .replace(macPattern, (mac) => names.get(mac) ?? mac)
      .replace(addressPattern, (address) => names.get(address) ?? address);
  }

  /** A value with every text in it masked; `name` is the attribute, key or column that holds it. */
  value(side: SideName, value: Json, name = ''): Json {
    const always = free[name];
    if (always !== undefined && value !== null) return always;
    if (/(^|:)segmentation_id$/.test(name) && Number(value) > 0 && !askedSegments.has(Number(value)))
      return '<number>';
    if (name === 'server_id' && typeof value === 'string' && isMac(value)) return '<mac>';
    if (typeof value === 'string') return this.text(side, value);
    if (isArray(value)) return value.map((each) => this.value(side, each));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.value(side, each, key)]));
  }

  /** Answers to the same request, masked. */
  both(raw: Both<Json>): Both<Json> {
    const masked = (side: SideName) => this.value(side, raw[side]);
    return keepingSameAddresses(raw, { reference: masked('reference'), ovenbird: masked('ovenbird') });
  }

  /** Members in an order that does not depend on what is masked. */
  sorted(side: SideName, values: readonly Json[]): readonly Json[] {
    const text = (value: Json): string =>
      canonicalOf(this.value(side, value)).replace(uuidPattern, '?').replace(macPattern, '?');
    const rough = (value: Json): string =>
      text(value).replace(/\d+\.\d+\.\d+\.\d+|"[0-9a-f:]*::?[0-9a-f:]*"/g, '?');
    return values
      .map((value) => ({ value, rough: rough(value), text: text(value) }))
      .sort((a, b) => compareText(a.rough, b.rough) || compareText(a.text, b.text))
      .map(({ value }) => value);
  }
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

// Only what both services can be expected to have decides about the order of objects.
const deciding = new Set([
  ...['name', 'device_owner', 'network_id', 'subnet_id', 'device_id', 'cidr', 'ip_address', 'mac_address'],
  ...['direction', 'ethertype', 'protocol', 'port_range_min', 'port_range_max', 'remote_ip_prefix'],
  ...['remote_group_id', 'remote_address_group_id', 'security_group_id', 'network_type', 'physical_network'],
  ...[
    'opt_name',
    'destination',
    'nexthop',
    'start',
    'port_id',
    'segmentation_id',
    'project_id',
    'type',
    'id',
  ],
]);

const canonicalOf = (value: Json): string => {
  if (!isObject(value)) return JSON.stringify(value);
  const entries = Object.entries(value).flatMap(([key, each]): readonly (readonly [string, Json])[] => {
    // Addresses may be each service's own choice, the subnets are not.
    if (key === 'fixed_ips' && isArray(each))
      return [[key, each.map((ip) => (isObject(ip) ? String(ip.subnet_id) : '')).sort()]];
    return deciding.has(key) ? [[key, each]] : [];
  });
  return JSON.stringify(entries.length === 0 ? value : entries.sort(([a], [b]) => compareText(a, b)));
};

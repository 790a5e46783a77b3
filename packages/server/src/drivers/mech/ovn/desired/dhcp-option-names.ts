/** What a value of a DHCP option may look like; see `dhcpOptionValue`. */
export type DhcpValueKind = 'addresses' | 'number' | 'flag' | 'routes' | 'text';

/** A DHCP option as OVN knows it. */
export interface DhcpOption {
  /** Key in DHCP_Options.options. */
  readonly name: string;
  readonly kind: DhcpValueKind;
}

type Declared = readonly [names: readonly string[], name: string, kind: DhcpValueKind];

/** API names and numeric codes → OVN's (reference: nb-mapping 6.3). */
const declaredV4: readonly Declared[] = [
  [['netmask', '1'], 'netmask', 'addresses'],
  [['router', '3'], 'router', 'addresses'],
  [['dns-server', '6'], 'dns_server', 'addresses'],
  [['log-server', '7'], 'log_server', 'addresses'],
  [['lpr-server', '9'], 'lpr_server', 'addresses'],
  [['domain-name', '15'], 'domain_name', 'text'],
  [['swap-server', '16'], 'swap_server', 'addresses'],
  [['ip-forward-enable', '19'], 'ip_forward_enable', 'flag'],
  [['policy-filter', '21'], 'policy_filter', 'addresses'],
  [['default-ttl', '23'], 'default_ttl', 'number'],
  [['mtu', '26'], 'mtu', 'number'],
  [['router-discovery', '31'], 'router_discovery', 'flag'],
  [['router-solicitation', '32'], 'router_solicitation', 'addresses'],
  [['arp-timeout', '35'], 'arp_cache_timeout', 'number'],
  [['ethernet-encap', '36'], 'ethernet_encap', 'flag'],
  [['tcp-ttl', '37'], 'tcp_ttl', 'number'],
  [['tcp-keepalive', '38'], 'tcp_keepalive_interval', 'number'],
  [['nis-server', '41'], 'nis_server', 'addresses'],
  [['ntp-server', '42'], 'ntp_server', 'addresses'],
  [['lease-time', '51'], 'lease_time', 'number'],
  [['server-id', '54'], 'server_id', 'addresses'],
  [['T1', '58'], 'T1', 'number'],
  [['T2', '59'], 'T2', 'number'],
  [['tftp-server', '66'], 'tftp_server', 'text'],
  [['bootfile-name', '67'], 'bootfile_name', 'text'],
  [['bootfile-name-alt'], 'bootfile_name_alt', 'text'],
  [['domain-search', '119'], 'domain_search_list', 'text'],
  [['classless-static-route', '121'], 'classless_static_route', 'routes'],
  [['tftp-server-address', '150'], 'tftp_server_address', 'addresses'],
  [['path-prefix', '210'], 'path_prefix', 'text'],
  [['ms-classless-static-route', '249'], 'ms_classless_static_route', 'routes'],
  [['wpad', '252'], 'wpad', 'text'],
  [['server-ip-address', '255'], 'next_server', 'addresses'],
];

const declaredV6: readonly Declared[] = [
  [['server-id', '2'], 'server_id', 'text'],
  [['ia-addr', '5'], 'ia_addr', 'addresses'],
  [['dns-server', '23'], 'dns_server', 'addresses'],
  [['domain-search', '24'], 'domain_search', 'text'],
  [['bootfile-name', '59'], 'bootfile_name', 'text'],
];

/** For vnic type baremetal: the loader that asks decides which file it gets. */
const baremetalV4: readonly Declared[] = [
  [['tag:ipxe,bootfile-name', 'tag:ipxe,67'], 'bootfile_name', 'text'],
  [['tag:!ipxe,bootfile-name', 'tag:!ipxe,67'], 'bootfile_name_alt', 'text'],
];
const baremetalV6: readonly Declared[] = [
  [['tag:ipxe6,bootfile-name', 'tag:ipxe6,59'], 'bootfile_name', 'text'],
];

const table = (declared: readonly Declared[]): ReadonlyMap<string, DhcpOption> =>
  new Map(declared.flatMap(([names, name, kind]) => names.map((given) => [given, { name, kind }] as const)));

const v4 = table(declaredV4);
const v6 = table(declaredV6);
const bare4 = table([...declaredV4, ...baremetalV4]);
const bare6 = table([...declaredV6, ...baremetalV6]);

/** The OVN option that an `extra_dhcp_opts` name or code stands for; undefined when OVN has none. */
export const dhcpOption = (given: string, ipVersion: 4 | 6, vnicType: string): DhcpOption | undefined => {
  const bare = vnicType === 'baremetal';
  return (ipVersion === 4 ? (bare ? bare4 : v4) : bare ? bare6 : v6).get(given);
};

const LIST = /^\{?([0-9a-fA-F:., ]+)\}?$/;
const ROUTES = /^\{?([0-9./, ]+)\}?$/;
// Nothing that could end the quoted string which it becomes in a logical flow.
const TEXT = /^[^"\\\p{Cc}]*$/u;

const parts = (list: string): string[] =>
  list
    .split(/[, ]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** Elements of a route option's value without its braces: `dest,hop, dest,hop`. */
export const routeList = (value: string): string => value.replace(/^\{|\}$/g, '').trim();

/**
 * The value as OVN reads it, or undefined when it cannot be one. northd copies values into logical flows as they are, so
 * what does not have the option's form must not pass.
 */
export function dhcpOptionValue(option: DhcpOption, given: string): string | undefined {
  const value = given.trim();
  switch (option.kind) {
    case 'number':
      return /^\d{1,10}$/.test(value) ? value : undefined;
    case 'flag':
      return /^(0|1|true|false)$/.test(value) ? value : undefined;
    case 'addresses': {
      const addresses = parts(LIST.exec(value)?.[1] ?? '');
      if (addresses.length === 0) return undefined;
      return addresses.length === 1 && !value.startsWith('{') ? addresses[0] : `{${addresses.join(', ')}}`;
    }
    case 'routes': {
      const routes = ROUTES.exec(value)?.[1];
      return routes === undefined ? undefined : `{${routes.trim()}}`;
    }
    case 'text': {
      const bare =
        value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
      return TEXT.test(bare) ? `"${bare}"` : undefined;
    }
  }
}

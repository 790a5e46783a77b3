import { parseCidr, parseIp } from '@ovenbird/api';

/** What a value of a DHCP option may look like; see `dhcpOptionValue`. */
export type DhcpValueKind =
  | 'ipv4'
  | 'ipv6'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'flag'
  | 'mac'
  | 'routes'
  | 'text';

/** A DHCP option as OVN knows it. */
export interface DhcpOption {
  /** Key in DHCP_Options.options. */
  readonly name: string;
  readonly kind: DhcpValueKind;
}

type Declared = readonly [names: readonly string[], name: string, kind: DhcpValueKind];

/** API names and numeric codes → OVN's (reference: nb-mapping 6.3). */
const declaredV4: readonly Declared[] = [
  [['netmask', '1'], 'netmask', 'ipv4'],
  [['router', '3'], 'router', 'ipv4'],
  [['dns-server', '6'], 'dns_server', 'ipv4'],
  [['log-server', '7'], 'log_server', 'ipv4'],
  [['lpr-server', '9'], 'lpr_server', 'ipv4'],
  [['domain-name', '15'], 'domain_name', 'text'],
  [['swap-server', '16'], 'swap_server', 'ipv4'],
  [['ip-forward-enable', '19'], 'ip_forward_enable', 'flag'],
  [['policy-filter', '21'], 'policy_filter', 'ipv4'],
  [['default-ttl', '23'], 'default_ttl', 'uint8'],
  [['mtu', '26'], 'mtu', 'uint16'],
  [['router-discovery', '31'], 'router_discovery', 'flag'],
  [['router-solicitation', '32'], 'router_solicitation', 'ipv4'],
  [['arp-timeout', '35'], 'arp_cache_timeout', 'uint32'],
  [['ethernet-encap', '36'], 'ethernet_encap', 'flag'],
  [['tcp-ttl', '37'], 'tcp_ttl', 'uint8'],
  [['tcp-keepalive', '38'], 'tcp_keepalive_interval', 'uint32'],
  [['nis-server', '41'], 'nis_server', 'ipv4'],
  [['ntp-server', '42'], 'ntp_server', 'ipv4'],
  [['lease-time', '51'], 'lease_time', 'uint32'],
  [['server-id', '54'], 'server_id', 'ipv4'],
  [['T1', '58'], 'T1', 'uint32'],
  [['T2', '59'], 'T2', 'uint32'],
  [['tftp-server', '66'], 'tftp_server', 'text'],
  [['bootfile-name', '67'], 'bootfile_name', 'text'],
  [['bootfile-name-alt'], 'bootfile_name_alt', 'text'],
  [['domain-search', '119'], 'domain_search_list', 'text'],
  [['classless-static-route', '121'], 'classless_static_route', 'routes'],
  [['tftp-server-address', '150'], 'tftp_server_address', 'ipv4'],
  [['path-prefix', '210'], 'path_prefix', 'text'],
  [['ms-classless-static-route', '249'], 'ms_classless_static_route', 'routes'],
  [['wpad', '252'], 'wpad', 'text'],
  [['server-ip-address', '255'], 'next_server', 'ipv4'],
];

const declaredV6: readonly Declared[] = [
  [['server-id', '2'], 'server_id', 'mac'],
  [['ia-addr', '5'], 'ia_addr', 'ipv6'],
  [['dns-server', '23'], 'dns_server', 'ipv6'],
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

const LARGEST = { uint8: 0xff, uint16: 0xffff, uint32: 0xffff_ffff } as const;
const FLAGS: ReadonlyMap<string, string> = new Map([
  ['0', '0'],
  ['false', '0'],
  ['1', '1'],
  ['true', '1'],
]);
const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i;
// Nothing that could end the quoted string which it becomes in a logical flow.
const TEXT = /^[^"\\\p{Cc}]*$/u;

/** Elements of a list, with braces or without. */
const parts = (list: string): string[] => {
  const bare = list.startsWith('{') && list.endsWith('}') ? list.slice(1, -1) : list;
  return bare.split(/[, ]+/).filter((part) => part !== '');
};

/** Addresses of one version, in braces when they are several or came so. */
const addressValue = (value: string, version: 4 | 6): string | undefined => {
  const addresses = parts(value).map(parseIp);
  if (addresses.length === 0 || addresses.some((address) => address?.version !== version)) return undefined;
  const texts = addresses.map((address) => address?.text ?? '');
  return texts.length === 1 && !value.startsWith('{') ? texts[0] : `{${texts.join(', ')}}`;
};

/** Pairs of a prefix, or an address, and the next hop towards it. */
const routeValue = (value: string): string | undefined => {
  const all = parts(value);
  const pairs = all.flatMap((to, index) => (index % 2 === 0 ? [[to, all[index + 1]] as const] : []));
  const wrong = pairs.some(([to, hop]) => parseCidr(to)?.version !== 4 || parseIp(hop ?? '')?.version !== 4);
  return all.length === 0 || wrong ? undefined : `{${pairs.map((pair) => pair.join(',')).join(', ')}}`;
};

/** Elements of a route option's value without its braces: `dest,hop, dest,hop`. */
export const routeList = (value: string): string => value.replace(/^\{|\}$/g, '').trim();

/**
 * The value as OVN reads it, or undefined when it cannot be one. northd copies values into logical flows as they are, so
 * what does not have the option's form must not pass.
 */
export function dhcpOptionValue(option: DhcpOption, given: string): string | undefined {
  const value = given.trim();
  switch (option.kind) {
    case 'uint8':
    case 'uint16':
    case 'uint32':
      return /^\d{1,10}$/.test(value) && Number(value) <= LARGEST[option.kind]
        ? String(Number(value))
        : undefined;
    case 'flag':
      return FLAGS.get(value);
    case 'mac':
      return MAC.test(value) ? value : undefined;
    case 'ipv4':
      return addressValue(value, 4);
    case 'ipv6':
      return addressValue(value, 6);
    case 'routes':
      return routeValue(value);
    case 'text': {
      const bare =
        value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
      return TEXT.test(bare) ? `"${bare}"` : undefined;
    }
  }
}

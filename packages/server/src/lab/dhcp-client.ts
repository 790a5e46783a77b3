/** What a DHCP server gave, by ISC dhclient's names. */
export interface Lease {
  readonly address: string;
  /** Every option that came, by dhclient's name without `new_` (`routers`, `interface_mtu`, `domain_name_servers`, …). */
  readonly options: { readonly [name: string]: string };
}

/** Configuration of dhclient: which options to ask for and how long to try. */
export function dhcpClientConfiguration(seconds: number): string {
  return `option rfc3442-classless-static-routes code 121 = array of unsigned integer 8;
timeout ${seconds};
initial-interval 1;
backoff-cutoff 2;
retry 1;
request subnet-mask, broadcast-address, routers, domain-name, domain-name-servers, host-name,
  interface-mtu, rfc3442-classless-static-routes, ntp-servers, dhcp-lease-time,
  dhcp6.name-servers, dhcp6.domain-search;
`;
}

/**
 * What dhclient runs at each step: sets the address and routes in the guest, touches no file of the machine, and writes
 * the answer to the file that ANSWER names, at once (rename).
 */
export const dhcpClientScript = `#!/bin/sh
PATH=/usr/sbin:/usr/bin:/sbin:/bin
case $reason in
PREINIT | PREINIT6)
  ip link set "$interface" up
  ;;
BOUND | REBOOT)
  ip -4 address replace "$new_ip_address/$new_subnet_mask" dev "$interface"
  if [ -n "$new_interface_mtu" ]; then ip link set "$interface" mtu "$new_interface_mtu"; fi
  for router in $new_routers; do ip -4 route replace default via "$router" dev "$interface"; done
  env | grep '^new_' >"$ANSWER.part"
  mv "$ANSWER.part" "$ANSWER"
  ;;
BOUND6 | REBOOT6)
  ip -6 address replace "$new_ip6_address/$new_ip6_prefixlen" dev "$interface" nodad
  env | grep '^new_' >"$ANSWER.part"
  mv "$ANSWER.part" "$ANSWER"
  ;;
esac
exit 0
`;

/** @param text lines `new_NAME=VALUE`, as {@link dhcpClientScript} writes them */
export function parseLease(text: string): Lease {
  const options: { [name: string]: string } = {};
  for (const line of text.split('\n')) {
    const [, name, value] = /^new_([a-z0-9_]+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) options[name] = value;
  }
  const address = options.ip_address ?? options.ip6_address;
  if (address === undefined) throw new Error('the DHCP answer has no address');
  return { address, options };
}

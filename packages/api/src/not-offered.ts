/** Parts of the Networking API that some cloud has and none does over OVN: who asks for one learns why it is not there. */
const notOffered: readonly (readonly [path: RegExp, reason: string])[] = [
  [
    /^metering\//,
    'Metering is not offered: the databases of OVN hold no counters of traffic, so a label would count nothing.',
  ],
  [
    /^(networks\/[^/]+\/dhcp-agents|agents\/[^/]+\/dhcp-networks)/,
    'There are no DHCP agents: OVN answers DHCP on every host.',
  ],
  [
    /^local_ips/,
    'Local IP addresses are not offered: OVN has no address that means something else on each host.',
  ],
  [
    /^agents\/[^/]+\/l3-routers\/./,
    'Gateways of routers are not moved by hand: their schedule follows hosts and bridges.',
  ],
  [/^ndp_proxies/, 'NDP proxies are not offered: OVN answers for no neighbours behind a router.'],
  [/^routers\/[^/]+\/conntrack_helpers/, 'Helpers of connection tracking are not offered: OVN sets none.'],
];

/**
 * Why nothing is at a path of the API.
 *
 * @param path below `/v2.0/`, without a query
 * @returns undefined where the API has no such path at all
 */
export const reasonNotOffered = (path: string): string | undefined =>
  notOffered.find(([pattern]) => pattern.test(path))?.[1];

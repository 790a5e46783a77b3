import { optional, readOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { dnsAssignments, dnsDomain, dnsName, relativeDnsName } from '../validators/dns.ts';

const domain = { initial: '', description: 'Absolute, with a dot at its end.' } as const;

/** Names of ports, networks and floating IPs. */
export const dnsIntegration = defineExtension({
  alias: 'dns-integration',
  name: 'DNS Integration',
  description: 'Provides integration with DNS.',
  updated: '2015-08-15T18:00:00-00:00',
  requires: ['router'],
  attributes: {
    port: {
      dns_name: optional(dnsName, {
        put: true,
        initial: '',
        description: "Kept when the deployment has a domain of its own ('network.dnsDomain').",
      }),
      dns_assignment: readOnly(dnsAssignments, {
        description: 'A name for each address: that of the port, or one made from the address.',
      }),
    },
    network: { dns_domain: optional(dnsDomain, { put: true, ...domain }) },
    floatingip: {
      dns_name: optional(relativeDnsName, { put: false, initial: '' }),
      dns_domain: optional(dnsDomain, { put: false, ...domain }),
    },
  },
});

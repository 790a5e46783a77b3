import { optional } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { dnsDomain } from '../validators/dns.ts';

/** Ports that belong to another domain than their network. */
export const dnsDomainPorts = defineExtension({
  alias: 'dns-domain-ports',
  name: 'dns_domain for ports',
  description: 'Allows the DNS domain to be specified for a network port.',
  updated: '2017-04-24T10:00:00-00:00',
  requires: ['dns-integration'],
  attributes: {
    port: {
      dns_domain: optional(dnsDomain, {
        put: true,
        initial: '',
        description: 'Absolute, with a dot at its end.',
      }),
    },
  },
});

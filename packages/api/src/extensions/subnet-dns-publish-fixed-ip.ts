import { optional } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { boolean } from '../validators/boolean.ts';

/** Subnets whose addresses a DNS service outside should know. */
export const subnetDnsPublishFixedIp = defineExtension({
  alias: 'subnet-dns-publish-fixed-ip',
  name: 'Subnet DNS publish fixed IP',
  description: 'Support choosing to publish DNS records for IPs from a subnet',
  updated: '2019-05-24T10:00:00-00:00',
  requires: ['dns-integration'],
  attributes: {
    subnet: {
      dns_publish_fixed_ip: optional(boolean, { put: true, initial: false }),
    },
  },
});

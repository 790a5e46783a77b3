import { optional } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { extraDhcpOpts } from '../validators/extra-dhcp-opts.ts';

/** DHCP options of single ports. */
export const extraDhcpOpt = defineExtension({
  alias: 'extra_dhcp_opt',
  name: 'Neutron Extra DHCP options',
  description:
    'Extra options configuration for DHCP. For example PXE boot options to DHCP clients can be specified (e.g. tftp-server, server-ip-address, bootfile-name)',
  updated: '2013-03-17T12:00:00-00:00',
  attributes: {
    port: {
      extra_dhcp_opts: optional(extraDhcpOpts, { put: true, initial: [] }),
    },
  },
});

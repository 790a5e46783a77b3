import path from 'node:path';
import type { Cloud } from './cloud.ts';
import { iniText, type Sections } from './ini.ts';
import { region } from './keystone.ts';

export interface TempestOptions {
  /** Folder of the log and of the locks. */
  readonly folder: string;
  readonly identityUrl: string;
  readonly password: string;
  readonly physicalNetwork: string;
  readonly cloud: Cloud;
}

const network = ({ cloud }: TempestOptions): Sections => ({
  network: {
    region,
    public_network_id: cloud.publicNetworkId,
    floating_network_name: 'public',
    project_networks_reachable: false,
    project_network_cidr: '10.100.0.0/16',
    project_network_mask_bits: 28,
    build_timeout: 60,
    build_interval: 1,
  },
  // What is offered is what the service says itself: no test is left out by name.
  'network-feature-enabled': {
    api_extensions: cloud.extensions.join(','),
    ipv6: true,
    ipv6_subnet_attributes: true,
    port_security: true,
    floating_ips: true,
    available_features: '',
  },
});

/** The text of tempest.conf. */
export const tempestConf = (options: TempestOptions): string => {
  const { folder, identityUrl, password, physicalNetwork } = options;
  const sections: Sections = {
    DEFAULT: { log_file: path.join(folder, 'tempest.log'), debug: false },
    oslo_concurrency: { lock_path: path.join(folder, 'locks') },
    auth: {
      use_dynamic_credentials: true,
      tempest_roles: 'member',
      admin_username: 'admin',
      admin_password: password,
      admin_project_name: 'admin',
      admin_domain_name: 'Default',
    },
    identity: {
      auth_version: 'v3',
      uri_v3: identityUrl,
      region,
      v3_endpoint_type: 'public',
      default_domain_id: 'default',
    },
    'identity-feature-enabled': { api_v2: false, api_v3: true },
    service_available: {
      neutron: true,
      nova: false,
      glance: false,
      cinder: false,
      swift: false,
      horizon: false,
    },
    ...network(options),
    neutron_plugin_options: {
      provider_vlans: physicalNetwork,
      provider_net_base_segm_id: 100,
      available_type_drivers: 'flat,geneve,vlan,local,vxlan',
      agent_availability_zone: 'nova',
      firewall_driver: 'ovn',
      create_shared_resources: true,
    },
  };
  return iniText(sections);
};

import { region } from './keystone.ts';
import { createRest, login, type Rest } from './rest.ts';

export interface CloudOptions {
  readonly identityUrl: string;
  /** Base of the Networking API, `http://127.0.0.1:9696`. */
  readonly networkUrl: string;
  /** Password of every user. */
  readonly password: string;
}

/** Make the projects and users that a cloud begins with, and name both services in the catalogue. */
export const fillKeystone = async (options: CloudOptions): Promise<void> => {
  const { identityUrl, networkUrl, password } = options;
  const token = await login({ identityUrl, user: 'admin', password, project: 'admin' });
  const keystone = createRest(identityUrl, token);
  const users: readonly [user: string, project: string, roles: readonly string[]][] = [
    ['demo', 'demo', ['member', 'reader']],
    ['neutron', 'service', ['admin', 'service']],
  ];
  for (const [name, projectName, roles] of users) {
    const project = await keystone.ensure('projects', 'project', {
      name: projectName,
      domain_id: 'default',
    });
    const user = await keystone.ensure('users', 'user', { name, domain_id: 'default' }, { password });
    for (const roleName of roles) {
      const role = await keystone.ensure('roles', 'role', { name: roleName });
      await keystone.request('PUT', `/projects/${project}/users/${user}/roles/${role}`);
    }
  }
  const services = [
    ['identity', 'keystone', identityUrl],
    ['network', 'neutron', networkUrl],
  ] as const;
  for (const [type, name, url] of services) {
    const service = await keystone.ensure('services', 'service', { type }, { name });
    for (const kind of ['public', 'internal', 'admin']) {
      const endpoint = { service_id: service, interface: kind, region_id: region };
      await keystone.ensure('endpoints', 'endpoint', endpoint, { url });
    }
  }
};

/** What the suites need to know of the cloud that they run against. */
export interface Cloud {
  /** Aliases of `GET /v2.0/extensions`, in order. */
  readonly extensions: readonly string[];
  readonly publicNetworkId: string;
}

const aliases = async (networking: Rest): Promise<readonly string[]> => {
  const { extensions } = await networking.request('GET', '/extensions');
  if (!Array.isArray(extensions)) throw new Error('GET /v2.0/extensions answered without a list');
  return extensions.map((extension: { readonly alias: string }) => extension.alias).sort();
};

/** Make the external network `public` and the default subnet pools, as the suites expect of a cloud. */
export const fillNetworking = async (options: CloudOptions, physicalNetwork: string): Promise<Cloud> => {
  const { identityUrl, networkUrl, password } = options;
  const token = await login({ identityUrl, user: 'admin', password, project: 'admin' });
  const networking = createRest(`${networkUrl}/v2.0`, token);
  const extensions = await aliases(networking);
  const offers = (alias: string): boolean => extensions.includes(alias);
  const publicNetworkId = await networking.ensure(
    'networks',
    'network',
    { name: 'public' },
    {
      'router:external': true,
      ...(offers('provider')
        ? { 'provider:network_type': 'flat', 'provider:physical_network': physicalNetwork }
        : {}),
      ...(offers('auto-allocated-topology') ? { is_default: true } : {}),
    },
  );
  const subnet = (name: string, body: { readonly [key: string]: unknown }): Promise<string> =>
    networking.ensure(
      'subnets',
      'subnet',
      { name },
      { network_id: publicNetworkId, enable_dhcp: false, ...body },
    );
  await subnet('public-subnet', { ip_version: 4, cidr: '172.24.5.0/24', gateway_ip: '172.24.5.1' });
  await subnet('ipv6-public-subnet', { ip_version: 6, cidr: '2001:db8::/64', gateway_ip: '2001:db8::2' });
  if (offers('default-subnetpools')) {
    const pool = (name: string, prefixes: readonly string[], length: number): Promise<string> =>
      networking.ensure(
        'subnetpools',
        'subnetpool',
        { name },
        { prefixes, default_prefixlen: length, shared: true, is_default: true },
      );
    await pool('shared-default-subnetpool-v4', ['10.0.0.0/22'], 26);
    await pool('shared-default-subnetpool-v6', ['fd12:3456:789a::/56'], 64);
  }
  return { extensions, publicNetworkId };
};

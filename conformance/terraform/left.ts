import type { Clouds } from '../../test/clients/clouds.ts';

const collections = {
  networks: 'networks',
  subnets: 'subnets',
  ports: 'ports',
  routers: 'routers',
  'security-groups': 'security_groups',
  'address-groups': 'address_groups',
  floatingips: 'floatingips',
  subnetpools: 'subnetpools',
  'address-scopes': 'address_scopes',
  'rbac-policies': 'rbac_policies',
  'qos/policies': 'policies',
  trunks: 'trunks',
  segments: 'segments',
} as const;

type Listed = { readonly id?: string; readonly name?: string; readonly project_id?: string };

/** Whatever there is in the lab but limits of quotas, which the provider leaves when it forgets them, as an administrator sees it: collections and ids. */
export const left = async ({ stack }: Clouds): Promise<readonly string[]> => {
  const admin = await stack.admin();
  const found: string[] = [];
  for (const [path, key] of Object.entries(collections)) {
    const { status, body } = await admin.request('GET', `/v2.0/${path}`);
    if (status !== 200) throw new Error(`GET /v2.0/${path}: ${status}`);
    const listed = Reflect.get(Object(body), key) as readonly Listed[]; // the API's own form
    // Every project has its default group as soon as it looks for one.
    const own = listed.filter((one) => path !== 'security-groups' || one.name !== 'default');
    found.push(...own.map((one) => `${path}/${one.id ?? one.project_id} ${one.name ?? ''}`));
  }
  return found;
};

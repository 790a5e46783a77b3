import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Clouds, openClouds } from '../../test/clients/clouds.ts';
import type { Checks } from '../checks.ts';
import { left } from './left.ts';
import { logins } from './logins.ts';
import { findPrograms, openTool, type Tool, type ToolOptions } from './tool.ts';

export interface TerraformOptions {
  /** Folder of everything that it keeps. */
  readonly state: string;
  readonly checks: Checks;
  readonly signal: AbortSignal;
}

/** Configurations of this folder. */
const configuration = (name: string): string => fileURLToPath(import.meta.resolve(`./${name}`));

const stage2 = ['-var', 'stage=2'];
const apply = ['apply', '-no-color', '-auto-approve'];

/** What the provider's import reads whole: of others it leaves out what only the configuration says, such as tags. */
const imported: readonly string[] = [
  'openstack_identity_project_v3.friend',
  'openstack_identity_role_v3.helper',
  'openstack_networking_address_group_v2.far',
  'openstack_networking_addressscope_v2.scope',
  'openstack_networking_network_v2.pooled',
  'openstack_networking_qos_bandwidth_limit_rule_v2.out',
  'openstack_networking_qos_policy_v2.least',
  'openstack_networking_quota_v2.friend',
  'openstack_networking_rbac_policy_v2.network',
  'openstack_networking_router_interface_v2.inside',
  'openstack_networking_router_v2.second',
  'openstack_networking_secgroup_rule_v2.in["http"]',
  'openstack_networking_secgroup_v2.more',
  'openstack_networking_segment_v2.another',
  'openstack_networking_subnet_v2.inside6',
];

/** What a state holds: addresses and ids. */
const heldBy = async (tool: Tool): Promise<readonly (readonly [string, string])[]> => {
  const shown: unknown = JSON.parse(await tool.run('show', '-json'));
  const module: unknown = Reflect.get(Object(Reflect.get(Object(shown), 'values')), 'root_module');
  const resources: unknown = Reflect.get(Object(module), 'resources');
  if (!Array.isArray(resources)) return [];
  return resources
    .filter((one: { readonly mode: string }) => one.mode === 'managed')
    .map((one: { readonly address: string; readonly values: { readonly id: string } }) => [
      one.address,
      one.values.id,
    ]);
};

/** The life of a whole configuration: made, changed, taken in again, destroyed. */
const life = async (options: ToolOptions, clouds: Clouds, checks: Checks): Promise<void> => {
  const tool = openTool(options);
  const before = await left(clouds);
  const made = await checks.try('apply makes everything', async () => {
    await tool.run(...apply);
  });
  if (made) {
    await checks.try('a second plan is empty', () => tool.expectNoChange());
    await checks.try('apply changes everything', async () => {
      await tool.run(...apply, ...stage2);
    });
    await checks.try('a plan after the change is empty', () => tool.expectNoChange(...stage2));
    await checks.try(`${imported.length} resources are imported`, async () => {
      const held = new Map(await heldBy(tool));
      await tool.run('state', 'rm', ...imported);
      for (const address of imported)
        await tool.run('import', '-no-color', ...stage2, address, held.get(address) ?? '');
    });
    await checks.try('a plan after the imports is empty', () => tool.expectNoChange(...stage2));
  }
  await checks.try('destroy leaves nothing', async () => {
    await tool.run('destroy', '-no-color', '-auto-approve', ...stage2);
    const rest = (await left(clouds)).filter((one) => !before.includes(one));
    if (rest.length > 0) throw new Error(`left: ${rest.join(', ')}`);
  });
};

/** Run Terraform or OpenTofu against a lab of its own. Throws an Error when the programs are not there. */
export const runTerraform = async ({ state, checks, signal }: TerraformOptions): Promise<void> => {
  const programs = findPrograms();
  rmSync(path.join(state, 'lab', 'data'), { recursive: true, force: true });
  await using clouds = await openClouds(path.join(state, 'lab'));
  const shared = { ...programs, signal };
  const { OS_CLIENT_CONFIG_FILE = '' } = clouds.environment;
  const byCloud = { ...clouds.environment, OS_CLOUD: 'red', OS_CLIENT_CONFIG_FILE };
  await logins(
    { ...shared, configuration: configuration('login'), folder: path.join(state, 'login') },
    clouds,
    checks,
  );
  await life(
    {
      ...shared,
      configuration: configuration('whole'),
      folder: path.join(state, 'whole'),
      environment: byCloud,
    },
    clouds,
    checks,
  );
};

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { ApiError } from '@ovenbird/api';
import { createLogger } from '../packages/server/src/core/logger.ts';
import type { MechanismDriver, TypeDriver } from '../packages/server/src/ml2/contract.ts';
import { forEachDialect } from '../packages/server/src/testing/databases.ts';
import { createMl2Stack, testTypeDrivers } from '../packages/server/src/testing/ml2-stack.ts';
import { bindPorts, storePort } from '../packages/server/src/testing/port-fixture.ts';

const root = resolve(import.meta.dirname, '..');
const FILE_BLOCK = /^( *)```ts file=(\S+)\n([\s\S]*?)^\1```/gm;

interface Example {
  readonly file: string;
  readonly text: string;
}

const examplesIn = async (guide: string): Promise<readonly Example[]> => {
  const text = await readFile(join(root, 'docs/guides', guide), 'utf8');
  return [...text.matchAll(FILE_BLOCK)].map(([, indent = '', file = '', body = '']) => ({
    file,
    text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
};

/** Write the files of a guide where it says, in a copy of the tree that shares everything else with this one. */
const follow = async (folder: string, guide: string): Promise<readonly Example[]> => {
  const examples = await examplesIn(guide);
  for (const { file, text } of examples) {
    const path = join(folder, file);
    await mkdir(dirname(path), { recursive: true });
    const shared = text.replaceAll(/from '(\.[^']+)'/g, (_, relative: string) => {
      return `from '${join(root, dirname(file), relative)}'`;
    });
    await writeFile(path, shared);
  }
  return examples;
};

describe('guides', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ovenbird-guides-'));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const load = async (file: string): Promise<{ readonly [name: string]: unknown }> =>
    import(pathToFileURL(join(folder, file)).href);

  it('type-check', async () => {
    const examples = [
      ...(await follow(folder, 'add-a-type-driver.md')),
      ...(await follow(folder, 'add-a-mechanism-driver.md')),
    ];
    assert.equal(examples.length, 2);
    const config = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { typeRoots: [join(root, 'node_modules/@types')] },
      include: examples.map(({ file }) => file),
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
    await promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['--noEmit', '-p', folder]).catch(
      (error: { readonly stdout: string }) => assert.fail(error.stdout),
    );
  });

  forEachDialect('their drivers', (databases) => {
    it('the type driver works in ML2', async () => {
      await follow(folder, 'add-a-type-driver.md');
      const { createQinqTypeDriver } = await load('packages/server/src/drivers/type/qinq.ts');
      assert.ok(typeof createQinqTypeDriver === 'function');
      const settings = { globalPhysnetMtu: 1500, physicalNetworkMtus: {}, qinqRanges: ['physnet1:10:11'] };
      const driver: TypeDriver = createQinqTypeDriver(settings, Math.random);
      const database = await databases.open();
      const stack = createMl2Stack(database, { typeDrivers: [...testTypeDrivers(), driver] });
      const attributes = { 'provider:network_type': 'qinq', 'provider:physical_network': 'physnet1' };
      const made = [await stack.createNetwork(attributes), await stack.createNetwork(attributes)];
      assert.deepEqual(made.map((network) => network['provider:segmentation_id']).toSorted(), [10, 11]);
      assert.equal(made[0]?.mtu, 1496);
      await assert.rejects(stack.createNetwork(attributes), /No project network is available/);
      await assert.rejects(
        stack.createNetwork({ ...attributes, 'provider:segmentation_id': 10 }),
        /VLAN 10 on physical network physnet1 is in use/,
      );
      await stack.deleteNetwork(made[0] ?? assert.fail());
      assert.ok(await stack.createNetwork(attributes));
    });

    it('the mechanism driver works in ML2', async () => {
      await follow(folder, 'add-a-mechanism-driver.md');
      const { createBridgeMechanismDriver } = await load('packages/server/src/drivers/mech/bridge/driver.ts');
      assert.ok(typeof createBridgeMechanismDriver === 'function');
      const driver: MechanismDriver = createBridgeMechanismDriver({
        logger: createLogger({ level: 'silent' }),
      });
      const database = await databases.open();
      const stack = createMl2Stack(database, { mechanismDrivers: [driver] });
      await assert.rejects(stack.createNetwork({}), (error: unknown) => {
        assert.ok(error instanceof ApiError);
        assert.deepEqual([error.status, error.type], [400, 'InvalidInput']);
        return true;
      });
      const network = await stack.createNetwork({
        'provider:network_type': 'vlan',
        'provider:physical_network': 'physnet1',
      });
      const [port] = await bindPorts(stack, [await storePort(database, network, { host: 'h1' })]);
      assert.equal(port?.['binding:vif_type'], 'bridge');
      assert.equal(port?.['binding:vif_details'].bridge_name, 'br-physnet1');
    });
  });

  it('name files that exist', async () => {
    for (const guide of ['add-a-type-driver.md', 'add-a-mechanism-driver.md']) {
      const text = await readFile(join(root, 'docs/guides', guide), 'utf8');
      const examples = new Set((await examplesIn(guide)).map(({ file }) => file));
      const named = text.match(/(?:packages|docs)\/[\w./-]+\.(?:ts|md)/g) ?? [];
      assert.ok(named.length > 3);
      for (const file of named) if (!examples.has(file)) await readFile(join(root, file));
    }
  });
});

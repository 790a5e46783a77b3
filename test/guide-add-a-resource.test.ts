import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { ApiError, defaultPolicyRules, type ResourceDefinition } from '@ovenbird/api';
import { randomIds } from '../packages/server/src/core/ids.ts';
import type { Migration } from '../packages/server/src/db/migrations/dialect.ts';
import type { StoredBehaviour } from '../packages/server/src/engine/contract.ts';
import { createEngine } from '../packages/server/src/engine/engine.ts';
import type { Page } from '../packages/server/src/engine/page.ts';
import type { RequestContext } from '../packages/server/src/identity/context.ts';
import { createTransactionChanges } from '../packages/server/src/ml2/changes.ts';
import { createWriter } from '../packages/server/src/ml2/write.ts';
import { compilePolicy } from '../packages/server/src/policy/policy.ts';
import { createQuota } from '../packages/server/src/resources/quota.ts';
import { forEachDialect } from '../packages/server/src/testing/databases.ts';

const root = resolve(import.meta.dirname, '..');
const guide = join(root, 'docs/guides/add-a-resource.md');
const fileBlock = /^( *)```ts file=(\S+)\n([\s\S]*?)^\1```/gm;
const definitionFile = 'packages/api/src/resources/site.ts';
const migrationFile = 'packages/server/src/db/migrations/NNNN-sites.ts';
const behaviourFile = 'packages/server/src/resources/site/behaviour.ts';

/** Step 3's change of tables.ts, which the guide says in words. */
const tables = `
  import type {} from '${join(root, 'packages/server/src/db/tables.ts')}';
  declare module '${join(root, 'packages/server/src/db/tables.ts')}' {
    export interface SitesTable {
      id: string; project_id: string; name: string; racks: number; description: string;
      created_at: string; updated_at: string; revision_number: number;
    }
    interface Tables { sites: SitesTable }
  }
`;

const person = (projectId: string, roles: readonly string[]): RequestContext => ({
  requestId: 'req-guide',
  userId: 'u',
  userName: 'u',
  projectId,
  projectName: projectId,
  domainId: 'default',
  roles,
  systemScope: false,
  serviceRoles: [],
});

describe('the guide to adding a resource', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ovenbird-guide-'));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    const text = await readFile(guide, 'utf8');
    for (const [, indent = '', file = '', body = ''] of text.matchAll(fileBlock)) {
      const path = join(folder, file);
      await mkdir(dirname(path), { recursive: true });
      const shared = body
        .replaceAll(new RegExp(`^${indent}`, 'gm'), '')
        .replaceAll(
          /from '(\.[^']+)'/g,
          (_, relative: string) => `from '${join(root, dirname(file), relative)}'`,
        )
        // Step 2's export of the definition, which the guide says in words.
        .replace(
          "import { type CreateOf, type Site, site } from '@ovenbird/api';",
          `import type { CreateOf } from '@ovenbird/api';\nimport { type Site, site } from '${join(folder, definitionFile)}';`,
        );
      await writeFile(path, shared);
    }
    await writeFile(join(folder, 'tables.d.ts'), tables);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** The items of a page, as a client reads them. */
  const itemsOf = ({ items }: Page): readonly { readonly id?: unknown }[] =>
    JSON.parse(`[${items.join(',')}]`);

  const load = async (file: string, name: string): Promise<unknown> => {
    const module: { readonly [name: string]: unknown } = await import(pathToFileURL(join(folder, file)).href);
    return module[name] ?? assert.fail(`${file} does not export ${name}`);
  };

  it('shows code that type-checks', async () => {
    const config = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { typeRoots: [join(root, 'node_modules/@types')] },
      include: ['tables.d.ts', definitionFile, migrationFile, behaviourFile],
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
    await promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['--noEmit', '-p', folder]).catch(
      (error: { readonly stdout: string }) => assert.fail(error.stdout),
    );
  });

  it('names files that exist', async () => {
    const text = (await readFile(guide, 'utf8')).replaceAll(fileBlock, '');
    const named = (text.match(/packages\/[\w./-]+\.ts/g) ?? []).filter((file) => file !== definitionFile);
    assert.ok(named.length > 8);
    for (const file of named) await readFile(join(root, file));
  });

  forEachDialect('its resource', (databases) => {
    it('does all that resources do', async () => {
      const database = await databases.open();
      const migration = (await load(migrationFile, 'siteTables')) as Migration;
      await database.transaction(({ query, now }) => migration.up({ query, now, traits: database.traits }));
      const definition = (await load(definitionFile, 'site')) as ResourceDefinition;
      const create = (await load(behaviourFile, 'createSiteBehaviour')) as (
        ids: typeof randomIds,
      ) => StoredBehaviour;
      const plugin = {
        changes: (tx: Parameters<Parameters<typeof database.transaction>[0]>[0]) =>
          createTransactionChanges([], tx, () => {}),
      };
      const engine = createEngine({
        behaviours: [create(randomIds)],
        database,
        policy: compilePolicy({ ...defaultPolicyRules, ...definition.rules }),
        write: createWriter({ database, plugin }),
        quota: createQuota({ default: -1, limits: {} }),
        maxLimit: undefined,
        bulk: true,
      });
      const [sites] = engine.collections;
      assert.ok(sites !== undefined);
      const [member, reader, stranger, admin] = [
        person('red', ['member', 'reader']),
        person('red', ['reader']),
        person('blue', ['member', 'reader']),
        person('ops', ['admin']),
      ];
      const refusal = async (work: Promise<unknown>): Promise<number> =>
        work.then(
          () => 200,
          (error: unknown) => (error instanceof ApiError ? error.status : assert.fail(String(error))),
        );

      await sites.create(member, { sites: [{ name: 'b' }, { name: 'a' }] });
      assert.equal(await refusal(sites.create(member, { sites: [{ name: 'c' }, { name: 'd' }] })), 409);
      assert.equal(await refusal(sites.create(member, { site: { name: 'c', racks: 7 } })), 403);
      assert.equal(await refusal(sites.create(member, { site: { name: 'c', racks: 'x' } })), 400);
      assert.equal(await refusal(sites.create(member, { site: {} })), 400);
      assert.equal(await refusal(sites.create(reader, { site: { name: 'c' } })), 403);
      const sorted = await sites.list(reader, [
        ['sort_key', 'name'],
        ['sort_dir', 'asc'],
        ['fields', 'name'],
      ]);
      assert.deepEqual(itemsOf(sorted), [{ name: 'a' }, { name: 'b' }]);
      assert.deepEqual(itemsOf(await sites.list(stranger, [])), []);
      const [first] = itemsOf(await sites.list(member, [['name', 'a']]));
      const id = String(first?.id);
      assert.equal(await refusal(sites.show(stranger, id, [])), 404);
      assert.equal(
        await refusal(sites.update(stranger, id, { site: { name: 'x' } }, { revision: undefined })),
        404,
      );
      assert.equal(await refusal(sites.update(member, id, { site: { name: 'x' } }, { revision: 9 })), 412);
      const updated = await sites.update(admin, id, { site: { racks: 7 } }, { revision: 1 });
      assert.deepEqual(updated.site, await sites.show(member, id, []));
      assert.deepEqual(
        itemsOf(
          await sites.list(admin, [
            ['racks', '7'],
            ['fields', 'id'],
          ]),
        ),
        [{ id }],
      );
      await sites.remove(member, id, { revision: undefined });
      assert.equal(await refusal(sites.show(member, id, [])), 404);
    });
  });
});

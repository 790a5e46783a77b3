import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));

/** Licences whose terms ask for no more than to name the authors. */
const ALLOWED = new Set([
  'Apache-2.0',
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
]);
/** What the service itself asks for; the console and the tools of development not counted. */
const MOST_DIRECT = 12;

interface Entry {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}
interface Component {
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly licenses: readonly { readonly license: { readonly id: string } }[];
  readonly hashes?: readonly { readonly content: string }[];
}

const entries: readonly (readonly [string, Entry])[] = Object.entries(read('package-lock.json').packages);
/** What npm says is not only for development. */
const shipped = entries.filter(([place, { dev, link }]) => place.includes('node_modules/') && !dev && !link);
const manifests = ['package.json', ...globSync('packages/*/package.json', { cwd: root })].map(read);

describe('supply chain', () => {
  it('direct dependencies are few, and of one version each', () => {
    const direct = manifests.flatMap(({ dependencies = {} }) => Object.entries<string>(dependencies));
    const others = direct.filter(([name]) => !name.startsWith('@ovenbird/'));
    assert.ok(new Set(others.map(([name]) => name)).size <= MOST_DIRECT, `${others}`);
    const wanted = [
      ...direct,
      ...manifests.flatMap(({ devDependencies = {} }) => Object.entries<string>(devDependencies)),
    ];
    assert.deepEqual(
      wanted.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)),
      [],
    );
  });

  it('what is shipped has a licence of the list, the one that its own manifest names, and a digest', () => {
    for (const [place, { license, integrity, version }] of shipped) {
      assert.ok(license !== undefined && ALLOWED.has(license), `${place}: ${license}`);
      assert.match(integrity ?? '', /^sha512-/, place);
      const manifest = read(`${place}/package.json`);
      assert.deepEqual([manifest.license, manifest.version], [license, version], place);
    }
    assert.ok(shipped.length > 50);
  });

  it('npm run sbom lists everything that is shipped and nothing else, as CycloneDX', () => {
    const script = path.join(root, 'scripts/sbom.ts');
    const text = execFileSync(process.execPath, [script], { encoding: 'utf8' });
    assert.equal(execFileSync(process.execPath, [script], { encoding: 'utf8' }), text);
    const bom = JSON.parse(text);
    assert.deepEqual(
      [bom.bomFormat, bom.specVersion, bom.metadata.component.name],
      ['CycloneDX', '1.6', 'ovenbird'],
    );
    const components: readonly Component[] = bom.components;
    const foreign = components.filter(({ name }) => !name.startsWith('@ovenbird/'));
    const seen = foreign.map(({ name, version }) => `${name}@${version}`);
    const nameAt = (place: string) => place.slice(place.lastIndexOf('node_modules/') + 13);
    const expected = new Set(shipped.map(([place, { version }]) => `${nameAt(place)}@${version}`));
    assert.deepEqual(new Set(seen), expected);
    for (const { licenses, hashes } of foreign) {
      assert.ok(ALLOWED.has(licenses[0]?.license.id ?? ''));
      assert.match(hashes?.[0]?.content ?? '', /^[0-9a-f]{128}$/);
    }
    const refs = new Set([bom.metadata.component['bom-ref'], ...components.map((each) => each['bom-ref'])]);
    for (const { ref, dependsOn } of bom.dependencies)
      for (const each of [ref, ...dependsOn]) assert.ok(refs.has(each), each);
  });
});

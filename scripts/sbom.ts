// Writes what the service is made of, by the lock file, to standard output as a CycloneDX 1.6 document: every package that
// `serve` may load, with version, licence, digest and what it depends on. The same lock file gives the same text.
// `npm sbom` is no help: with `--omit dev` it leaves out packages that a development dependency needs as well.
import { readFileSync } from 'node:fs';
import path from 'node:path';

interface LockEntry {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly resolved?: string;
  readonly dependencies?: { readonly [name: string]: string };
  readonly optionalDependencies?: { readonly [name: string]: string };
}

interface Lock {
  readonly name: string;
  readonly version: string;
  readonly packages: { readonly [place: string]: LockEntry };
}

/** A package of the lock file by its place (`node_modules/pg`). */
interface Package {
  readonly place: string;
  readonly entry: LockEntry;
}

const MODULES = 'node_modules/';

const nameOf = ({ place, entry }: Package): string =>
  entry.name ?? place.slice(place.lastIndexOf(MODULES) + MODULES.length);

const purlOf = (found: Package): string =>
  `pkg:npm/${nameOf(found).replace('@', '%40')}@${found.entry.version}`;

/** The package that `name` means to one at `place`, as Node looks it up; workspaces are links. */
const resolved = (lock: Lock, place: string, name: string): Package | undefined => {
  for (let at = place; ; ) {
    const candidate = `${at === '' ? '' : `${at}/`}${MODULES}${name}`;
    const entry = lock.packages[candidate];
    if (entry?.link === true && entry.resolved !== undefined) {
      const target = lock.packages[entry.resolved];
      return target === undefined ? undefined : { place: entry.resolved, entry: target };
    }
    if (entry !== undefined) return { place: candidate, entry };
    if (at === '') return undefined;
    const above = at.lastIndexOf(`/${MODULES}`);
    at = above < 0 ? '' : at.slice(0, above);
  }
};

const dependenciesOf = (lock: Lock, { place, entry }: Package): readonly Package[] =>
  Object.keys({ ...entry.dependencies, ...entry.optionalDependencies }).flatMap((name) => {
    const found = resolved(lock, place, name);
    return found === undefined ? [] : [found];
  });

/** Everything that can be reached from these packages, by place. */
const reachable = (lock: Lock, from: readonly Package[]): ReadonlyMap<string, Package> => {
  const found = new Map<string, Package>();
  const waiting = [...from];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next.place)) continue;
    found.set(next.place, next);
    waiting.push(...dependenciesOf(lock, next));
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
};

const hashesOf = ({ integrity }: LockEntry) =>
  integrity?.startsWith('sha512-') === true
    ? { hashes: [{ alg: 'SHA-512', content: Buffer.from(integrity.slice(7), 'base64').toString('hex') }] }
    : {};

const componentOf = (found: Package) => ({
  type: 'library',
  'bom-ref': purlOf(found),
  name: nameOf(found),
  version: found.entry.version,
  ...hashesOf(found.entry),
  licenses: [{ license: { id: found.entry.license } }],
  purl: purlOf(found),
});

/** @param lock the content of `package-lock.json` */
export const sbomOf = (lock: Lock): object => {
  const own = Object.entries(lock.packages)
    .filter(([place]) => place.startsWith('packages/') && !place.includes(MODULES))
    .map(([place, entry]): Package => ({ place, entry }));
  const all = [...reachable(lock, own).values()];
  const self = `pkg:npm/${lock.name}@${lock.version}`;
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      lifecycles: [{ phase: 'pre-build' }],
      component: { type: 'application', 'bom-ref': self, name: lock.name, version: lock.version, purl: self },
    },
    components: all.map(componentOf),
    dependencies: [
      { ref: self, dependsOn: own.map(purlOf) },
      ...all.map((each) => ({
        ref: purlOf(each),
        dependsOn: [...new Set(dependenciesOf(lock, each).map(purlOf))],
      })),
    ],
  };
};

if (import.meta.main) {
  const file = path.resolve(import.meta.dirname, '../package-lock.json');
  const lock: Lock = JSON.parse(readFileSync(file, 'utf8'));
  process.stdout.write(`${JSON.stringify(sbomOf(lock), undefined, 2)}\n`);
}

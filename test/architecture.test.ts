import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** What each package may import, besides itself. */
const packageImports: { readonly [name: string]: readonly string[] } = {
  ovsdb: [],
  api: [],
  'ovn-db': ['ovsdb'],
  server: ['api', 'ovn-db', 'ovsdb'],
  cli: ['api', 'server', 'ovsdb', 'ovn-db'],
  console: ['api', 'server'],
};

/** Layers of the server, lowest first. A file may import its own layer's rank only within its own folder group, or lower ranks. */
const layers: readonly (readonly [prefix: string, rank: number])[] = [
  ['core/', 0],
  ['config/', 1],
  ['identity/', 1],
  ['policy/', 1],
  ['db/', 1],
  ['engine/contract.ts', 2],
  ['ml2/contract.ts', 2],
  ['ml2/change-recorder.ts', 2],
  ['ipam/', 3],
  ['drivers/', 3],
  ['ml2/', 4],
  ['resources/', 5],
  ['engine/', 6],
  ['http/', 7],
  ['workers/', 7],
  ['audit/', 7],
  ['app/', 8],
  ['app.ts', 8],
  ['main.ts', 9],
  ['lab/', 10],
  ['index.ts', 11],
  ['testing/', 12],
];

interface Source {
  /** Path from the root, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const importPattern =
  /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

const importsOf = (text: string): readonly string[] =>
  [...text.matchAll(importPattern)].flatMap((match) => match[1] ?? match[2] ?? match[3] ?? []);

const sourcesIn = async (folder: string): Promise<readonly Source[]> => {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter(
    (entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('node_modules'),
  );
  return Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const text = await readFile(path, 'utf8');
      return { path: relative(root, path).split(sep).join('/'), text, imports: importsOf(text) };
    }),
  );
};

const sources = (await Promise.all(['packages', 'test', 'bench', 'scripts'].map(sourcesIn))).flat();
const isTest = (path: string): boolean =>
  /\.(test|fixture)\.ts$/.test(path) || path.startsWith('test/') || path.startsWith('bench/');
const production = sources.filter(({ path }) => !isTest(path) && path.startsWith('packages/'));

const packageOf = (path: string): string | undefined => /^packages\/([^/]+)\//.exec(path)?.[1];
const targetOf = (from: Source, specifier: string): string =>
  join(dirname(from.path), specifier).split(sep).join('/');

/** The longest prefix wins, so that a contract stands below its folder. */
const layerOf = (path: string): readonly [string, number] | undefined => {
  const within = /^packages\/server\/src\/(.*)$/.exec(path)?.[1];
  if (within === undefined) return undefined;
  const found = layers
    .filter(([prefix]) => within.startsWith(prefix))
    .toSorted((a, b) => b[0].length - a[0].length);
  return found[0];
};

test('there is something to check', () => {
  assert.ok(production.length > 100);
  assert.ok(production.some(({ imports }) => imports.length > 5));
});

test('code is made of text in two places', () => {
  const makers = production
    .filter(({ text }) => /\bFunction\(|\beval\(|node:vm/.test(text))
    .map(({ path }) => path);
  assert.deepEqual(makers.toSorted(), [
    'packages/api/src/present.ts',
    'packages/server/src/db/sqlite/row-maker.ts',
  ]);
});

describe('imports', () => {
  test('packages import only packages below them', () => {
    const wrong = production.flatMap((source) => {
      const own = packageOf(source.path) ?? '';
      return source.imports.flatMap((specifier) => {
        const other = /^@ovenbird\/([^/]+)/.exec(specifier)?.[1];
        if (other === undefined || other === own || packageImports[own]?.includes(other)) return [];
        return [`${source.path} imports ${specifier}`];
      });
    });
    assert.deepEqual(wrong, []);
  });

  test('relative imports name their suffix and stay inside the package', () => {
    const wrong = sources.flatMap((source) =>
      source.imports
        .filter((specifier) => specifier.startsWith('.'))
        .filter((specifier) => {
          const outside = packageOf(source.path) !== packageOf(targetOf(source, specifier));
          return !/\.(ts|json)$/.test(specifier) || (outside && !isTest(source.path));
        })
        .map((specifier) => `${source.path} imports ${specifier}`),
    );
    assert.deepEqual(wrong, []);
  });

  test('packages/api is for browsers too: no modules of Node.js', () => {
    const wrong = production
      .filter(({ path }) => packageOf(path) === 'api')
      .flatMap(({ path, imports }) =>
        imports
          .filter((specifier) => specifier.startsWith('node:'))
          .map((specifier) => `${path}: ${specifier}`),
      );
    assert.deepEqual(wrong, []);
  });

  test('within the server, lower layers do not import higher ones', () => {
    const wrong = production.flatMap((source) => {
      const own = layerOf(source.path);
      if (packageOf(source.path) !== 'server' || own === undefined) return [];
      return source.imports
        .filter((specifier) => specifier.startsWith('.'))
        .filter((specifier) => (layerOf(targetOf(source, specifier))?.[1] ?? 0) > own[1])
        .map((specifier) => `${source.path} imports ${specifier}`);
    });
    assert.deepEqual(wrong, []);
  });

  test('every file of the server is in a layer', () => {
    const lost = production.filter(
      ({ path }) => path.startsWith('packages/server/src/') && layerOf(path) === undefined,
    );
    assert.deepEqual(
      lost.map(({ path }) => path),
      [],
    );
  });

  test('drivers do not know each other', () => {
    const driverOf = (path: string): string | undefined => {
      const found = /^packages\/server\/src\/drivers\/(type|ext|mech)\/([^/]+)/.exec(path);
      // Files of drivers/type and drivers/ext that are no driver are shared by those of the same kind.
      return found?.[1] === 'mech' ? `mech/${found[2]}` : found?.[1];
    };
    const wrong = production.flatMap((source) => {
      const own = driverOf(source.path);
      if (own === undefined) return [];
      return source.imports
        .filter((specifier) => specifier.startsWith('.'))
        .filter((specifier) => {
          const other = driverOf(targetOf(source, specifier));
          return other !== undefined && other !== own;
        })
        .map((specifier) => `${source.path} imports ${specifier}`);
    });
    assert.deepEqual(wrong, []);
  });

  test('nothing imports itself through others', () => {
    const byPath = new Map(production.map((source) => [source.path, source]));
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (path: string, trail: readonly string[]): void => {
      if (done.has(path)) return;
      const at = trail.indexOf(path);
      if (at !== -1) {
        circles.push([...trail.slice(at), path].join(' → '));
        return;
      }
      const source = byPath.get(path);
      if (source === undefined) return;
      for (const specifier of source.imports.filter((one) => one.startsWith('.'))) {
        visit(targetOf(source, specifier), [...trail, path]);
      }
      done.add(path);
    };
    for (const { path } of production) visit(path, []);
    assert.deepEqual(circles, []);
  });
});

describe('files', () => {
  test('have at most 400 lines', () => {
    const long = sources
      .filter(({ path }) => !path.endsWith('.generated.ts'))
      .map(({ path, text }) => ({ path, lines: text.split('\n').length }))
      .filter(({ lines }) => lines > 401);
    assert.deepEqual(long, []);
  });

  test('use no any, no silenced compiler, no enum, no default export', () => {
    const forbidden = [
      /[:<,|&(]\s*any\b(?!\s*[:=?(.])/,
      /\bas any\b/,
      /@ts-(ignore|nocheck)/,
      /^\s*(export\s+)?(const\s+)?enum\s/m,
      /^export default\b/m,
    ];
    const withoutText = (text: string): string =>
      text
        .replaceAll(/\/\*[\s\S]*?\*\//g, '')
        .replaceAll(/\/\/[^\n]*/g, '')
        .replaceAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g, "''");
    const wrong = production.flatMap(({ path, text }) =>
      forbidden
        .filter((pattern) => pattern.test(withoutText(text)))
        .map((pattern) => `${path}: ${pattern.source}`),
    );
    assert.deepEqual(wrong, []);
  });

  test('reach behaviours only through permits', () => {
    const calls = /\bbehaviour\.(create|update|delete|actions)\b/;
    const wrong = production
      .filter(({ path }) => path.startsWith('packages/server/src/engine/') && !path.endsWith('/reach.ts'))
      .filter(({ text }) => calls.test(text))
      .map(({ path }) => path);
    assert.deepEqual(wrong, []);
  });
});

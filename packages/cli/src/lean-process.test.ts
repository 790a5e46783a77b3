import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, it } from 'node:test';

const lean = path.resolve(import.meta.dirname, 'lean-process.ts');
let folder: string;
let program: string;

before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ovenbird-lean-'));
  program = path.join(folder, 'program.ts');
  writeFileSync(
    program,
    `import { becomeLean } from ${JSON.stringify(lean)};
     console.log('process', process.pid);
     await becomeLean(async () => console.log('load'));
     const { MALLOC_ARENA_MAX } = process.env;
     const compiler = process.moduleLoadList.some((name) => name.includes('amaro'));
     const given = process.argv.slice(2);
     console.log(JSON.stringify({ flags: process.execArgv, MALLOC_ARENA_MAX, given, compiler }));`,
  );
});
after(() => rmSync(folder, { recursive: true, force: true }));

const run = (env: NodeJS.ProcessEnv) => {
  const { NODE_COMPILE_CACHE: _ofTheTests, ...inherited } = process.env;
  return spawnSync(process.execPath, ['--no-warnings', program, 'a b', '--c'], {
    encoding: 'utf8',
    env: { ...inherited, XDG_CACHE_HOME: folder, ...env },
  });
};

it('goes on under the same process id with flags, environment and arguments', () => {
  const { stdout, stderr, status } = run({});
  const lines = stdout.trimEnd().split('\n');
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
  assert.equal(new Set(lines.filter((line) => line.startsWith('process'))).size, 1);
  const { flags, MALLOC_ARENA_MAX, given } = JSON.parse(lines.at(-1) ?? '');
  assert.ok(flags.some((flag: string) => flag.startsWith('--max-semi-space-size=')));
  assert.ok(flags.includes('--no-warnings'));
  assert.equal(MALLOC_ARENA_MAX, '1');
  assert.deepEqual(given, ['a b', '--c']);
});

it('loads the program once when its code is compiled already, and keeps the settings of the environment', () => {
  assert.ok(existsSync(path.join(folder, 'ovenbird', 'compiled')));
  const { stdout } = run({ MALLOC_ARENA_MAX: '3' });
  assert.equal(stdout.match(/^load$/gm)?.length, 1);
  assert.match(stdout, /"MALLOC_ARENA_MAX":"3"/);
});

it('has no compiler in memory, be it the first start, a later one, or the first one of other code', () => {
  assert.match(run({}).stdout, /"compiler":false/);
  writeFileSync(program, `${readFileSync(program, 'utf8')}\nexport const another: number = 1;\n`);
  assert.match(run({}).stdout, /"compiler":false/);
  rmSync(path.join(folder, 'ovenbird'), { recursive: true });
  assert.match(run({}).stdout, /"compiler":false/);
});

import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { runCommand, systemEnvironment } from '../packages/server/src/lab/command.ts';
import { createResults, nameOf, type StreamLine, type TestResult } from './results.ts';

/** The suites by name, and what the names of their tests begin with. */
const suites = {
  tempest: 'tempest.api.network.',
  'neutron-tempest-plugin': 'neutron_tempest_plugin.api.',
} as const;

/** The suite that a test (or a fixture of a class) is of. */
export const suiteOf = (name: string): string =>
  Object.entries(suites).find(([, prefix]) => name.includes(prefix))?.[0] ?? 'other';

const python = fileURLToPath(import.meta.resolve('./python'));
const debianPackages = '/usr/lib/python3/dist-packages';

export interface SuiteOptions {
  /** Folder that the suites run in; holds tempest.conf. */
  readonly folder: string;
  /** Number of processes that run tests. */
  readonly workers: number;
  /** Only tests whose name it matches. */
  readonly filter: string;
  readonly logFolder: string;
  readonly signal: AbortSignal;
}

/** The suites, ready to run. */
export interface Suites {
  /** Names of the chosen tests. */
  readonly listed: readonly string[];
  /**
   * Run the chosen tests; `told` hears of each as soon as it ended. Throws when `signal` aborts, with every process
   * ended.
   */
  run(told: (result: TestResult) => void): Promise<readonly TestResult[]>;
}

const environment = (folder: string) => ({
  TEMPEST_CONFIG_DIR: folder,
  TEMPEST_CONFIG: 'tempest.conf',
  PYTHONPATH: python,
  OS_TEST_TIMEOUT: '300',
});

/** Find the tests. */
export const openSuites = async (options: SuiteOptions): Promise<Suites> => {
  const { folder, signal } = options;
  mkdirSync(path.join(folder, 'locks'), { recursive: true });
  rmSync(path.join(folder, 'tempest.log'), { force: true });
  // Tests of a class share what the class prepared: they stay together.
  writeFileSync(
    path.join(folder, '.stestr.conf'),
    `[DEFAULT]\ntest_path=${debianPackages}/tempest/test_discover\ntop_dir=${debianPackages}\ngroup_regex=([^\\.]*\\.)*\n`,
  );
  const prefixes = Object.values(suites).map((prefix) => `^${prefix.replaceAll('.', '\\.')}`);
  const listing = await runCommand(
    [
      'sh',
      '-c',
      'cd "$1" && { [ -d .stestr ] || stestr -q init; } && exec stestr list "$2"',
      'sh',
      folder,
      prefixes.join('|'),
    ],
    { env: environment(folder), timeoutMs: 180_000, signal },
  );
  const filter = new RegExp(options.filter);
  const ids = listing.split('\n').filter((id) => suiteOf(id) !== 'other' && filter.test(nameOf(id)));
  return {
    listed: ids.map(nameOf),
    run: (told) => runTests(options, ids, told),
  };
};

const runTests = async (
  options: SuiteOptions,
  ids: readonly string[],
  told: (result: TestResult) => void,
): Promise<readonly TestResult[]> => {
  const { folder, workers, signal } = options;
  signal.throwIfAborted();
  const list = path.join(folder, 'chosen.txt');
  writeFileSync(list, ids.map((id) => `${id}\n`).join(''));
  const script = 'cd "$1" && stestr run --subunit --concurrency "$2" --load-list "$3" | python3 "$4"';
  const arguments_ = [folder, String(workers), list, path.join(python, 'subunit_to_json.py')];
  const child = spawn('sh', ['-c', script, 'sh', ...arguments_], {
    env: systemEnvironment(environment(folder)),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  // It leads a group of its own that holds stestr's workers too.
  const end = (): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  };
  signal.addEventListener('abort', end, { once: true });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  child.stderr.pipe(createWriteStream(path.join(options.logFolder, 'stestr.out')));
  const results = createResults(ids.map(nameOf), told);
  try {
    for await (const text of createInterface({ input: child.stdout })) {
      results.add(JSON.parse(text) as StreamLine); // written by subunit_to_json.py
    }
    await ended;
  } finally {
    signal.removeEventListener('abort', end);
  }
  signal.throwIfAborted();
  return results.finish();
};

import {
  type DatedDrift,
  loadConfiguration,
  type OvnKeyKind,
  type OvnTools,
  openOvnTools,
  ovnKeyKinds,
  quietLogger,
  readJournal,
} from '@ovenbird/server';
import { Command, Option } from 'commander';
import { configOption, jsonOption, timeoutOption } from '../options.ts';
import { createProgress } from '../progress.ts';
import { ageText, tableLines } from '../table.ts';
import { plainValue, valueText } from '../value-text.ts';

interface Common {
  readonly config?: string;
  readonly json?: true;
}

interface Comparing extends Common {
  readonly only?: readonly OvnKeyKind[];
  readonly dryRun?: true;
  readonly timeout: number;
}

/** Exit code when OVN is not what SQL says. */
const OUT_OF_PLACE = 2;

const onlyOption = () => new Option('--only <kind...>', 'objects of these kinds only').choices(ovnKeyKinds);
const patienceOption = () => timeoutOption('how long to wait for the OVN databases', 10);

const secondsSince = (since: string | undefined, now: number): number | null =>
  since === undefined ? null : Math.round((now - Date.parse(since)) / 1000);

const asJson = (each: DatedDrift, now: number) => ({
  table: each.table,
  row: each.uuid,
  kind: each.kind,
  column: each.column ?? null,
  have: plainValue(each.have),
  want: plainValue(each.want),
  owner: each.key,
  age: secondsSince(each.since, now),
});

const printFindings = (found: readonly DatedDrift[], json: boolean): void => {
  const now = Date.now();
  if (json) {
    console.log(
      JSON.stringify(
        found.map((each) => asJson(each, now)),
        undefined,
        2,
      ),
    );
    return;
  }
  const rows = found.map((each) => [
    `${each.table} ${each.uuid}`,
    each.column,
    each.kind === 'missing' ? 'no such row' : each.kind === 'surplus' ? 'the row' : valueText(each.have),
    each.kind === 'missing' ? 'the row' : each.kind === 'surplus' ? 'no such row' : valueText(each.want),
    `${each.key.kind} ${each.key.id}`.trimEnd(),
    ageText(each.since, now),
  ]);
  const lines = tableLines(['ROW', 'COLUMN', 'HAVE', 'WANT', 'OWNER', 'AGE'], rows);
  console.log(found.length === 0 ? 'OVN is what SQL says.' : lines.join('\n'));
};

const compareAll = async (tools: OvnTools, only: Comparing['only']): Promise<readonly DatedDrift[]> => {
  using bar = createProgress('comparing');
  return await tools.diff({
    progress: bar.update,
    ...(only === undefined ? {} : { only: new Set(only) }),
  });
};

const open = async ({ config, timeout }: Comparing): Promise<OvnTools> =>
  openOvnTools(await loadConfiguration(config), quietLogger(), timeout * 1000);

const diff = async (options: Comparing): Promise<void> => {
  await using tools = await open(options);
  const found = await compareAll(tools, options.only);
  printFindings(found, options.json === true);
  if (found.length > 0) process.exitCode = OUT_OF_PLACE;
};

const repair = async (options: Comparing): Promise<void> => {
  await using tools = await open(options);
  const found = await compareAll(tools, options.only);
  printFindings(found, false);
  if (found.length === 0 || options.dryRun === true) return;
  using bar = createProgress('repairing');
  const { keys, failed } = await tools.repair(found, bar.update);
  bar[Symbol.dispose]();
  console.log(`repaired: ${keys - failed.length} of ${keys} objects`);
  for (const { key, reason } of failed) console.error(`${key.kind} ${key.id}: ${reason}`);
  if (failed.length > 0) process.exitCode = OUT_OF_PLACE;
};

const journal = async ({ config, json }: Common): Promise<void> => {
  const waiting = await readJournal(await loadConfiguration(config));
  const now = Date.now();
  if (json === true) {
    const plain = waiting.map(({ key, since, ...rest }) => ({
      ...key,
      age: secondsSince(since, now),
      ...rest,
      lastError: rest.lastError ?? null,
    }));
    console.log(JSON.stringify(plain, undefined, 2));
    return;
  }
  const rows = waiting.map(({ key, since, changes, attempts, lastError }) => [
    `${key.kind} ${key.id}`.trimEnd(),
    ageText(since, now),
    changes,
    attempts,
    lastError,
  ]);
  const lines = tableLines(['OBJECT', 'AGE', 'CHANGES', 'ATTEMPTS', 'LAST ERROR'], rows, 100);
  console.log(waiting.length === 0 ? 'Nothing waits.' : lines.join('\n'));
};

/** `ovenbird ovn`: what OVN holds against what SQL says. */
export const ovnCommand = (): Command =>
  new Command('ovn')
    .description('Compare OVN with SQL, and make it right')
    .addCommand(
      new Command('diff')
        .description(
          `Show everything in which OVN is not what SQL says; exit code ${OUT_OF_PLACE} when there is any`,
        )
        .addOption(configOption())
        .addOption(jsonOption())
        .addOption(onlyOption())
        .addOption(patienceOption())
        .action(diff),
    )
    .addCommand(
      new Command('repair')
        .description('Make OVN what SQL says; rows of others are left alone')
        .option('--dry-run', 'only show what would change')
        .addOption(configOption())
        .addOption(onlyOption())
        .addOption(patienceOption())
        .action(repair),
    )
    .addCommand(
      new Command('journal')
        .description('Show changes that are committed and not yet known to be in OVN')
        .addOption(configOption())
        .addOption(jsonOption())
        .action(journal),
    );

// Runs what others wrote against Ovenbird: the reference's own API suites, Horizon in a browser, Terraform. See README.md.
import { homedir } from 'node:os';
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { untilTold } from '../packages/cli/src/stop-signal.ts';
import { runHorizon } from './horizon/run.ts';
import { type ClientOptions, type ClientRun, runClient } from './run-clients.ts';
import { runSuites, type SuitesOptions } from './run-suites.ts';
import { runTerraform } from './terraform/run.ts';

const defaultState = (): string => {
  const base = process.env.XDG_STATE_HOME || path.join(homedir(), '.local', 'state');
  return path.join(base, 'ovenbird', 'conformance');
};

const positive = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 16) throw new InvalidArgumentError('1 to 16');
  return value;
};

const program = new Command('conformance').description(
  "Run the reference's API suites, Horizon or Terraform against Ovenbird",
);

const command = (name: string, description: string, isDefault = false): Command =>
  program
    .command(name, { isDefault })
    .description(description)
    .option('--state <dir>', 'where everything is kept', (dir: string) => path.resolve(dir), defaultState());

command(
  'suites',
  "tempest's network tests and neutron-tempest-plugin's, behind a real Keystone (the default)",
  true,
)
  .option('--filter <regex>', 'only tests whose name it matches', '')
  .option('--workers <count>', 'processes that run tests', positive, 2)
  .option('--list', 'print the names of the tests, run none', false)
  .option('--accept', 'add the tests that pass to the list of those that must', false)
  .action((options: SuitesOptions) => untilTold((signal) => runSuites(options, signal)));

const client = (name: string, description: string, run: ClientRun): void => {
  command(name, description).action((options: ClientOptions) =>
    untilTold((signal) => runClient(name, run, options, signal)),
  );
};
client('horizon', 'the dashboard in a browser, logged in to the lab', runHorizon);
client('terraform', 'Terraform or OpenTofu with its provider, which must be on the PATH', runTerraform);

process.exitCode = 1; // also of a run that is stopped
try {
  await program.parseAsync();
} catch (error) {
  console.error(`conformance: ${error instanceof Error ? error.message : String(error)}`);
}

import { examine, type Finding, loadConfiguration } from '@ovenbird/server';
import { Command } from 'commander';
import { configOption, jsonOption, timeoutOption } from '../options.ts';

interface DoctorOptions {
  readonly config?: string;
  readonly json?: true;
  readonly timeout: number;
}

/** Exit code when something does not work. */
const NOT_WELL = 2;

const marks: { readonly [status in Finding['status']]: string } = {
  ok: 'ok     ',
  warning: 'warning',
  failed: 'FAILED ',
};

const lineOf = ({ check, status, detail, advice }: Finding): string =>
  `${marks[status]}  ${check}: ${detail}${advice === undefined ? '' : `\n         → ${advice}`}`;

const run = async ({ config: file, json, timeout }: DoctorOptions): Promise<void> => {
  const config = await loadConfiguration(file);
  const findings: Finding[] = [];
  for await (const finding of examine(config, timeout * 1000)) {
    findings.push(finding);
    if (json !== true) console.log(lineOf(finding));
  }
  if (json === true) console.log(JSON.stringify(findings, undefined, 2));
  if (findings.some(({ status }) => status === 'failed')) process.exitCode = NOT_WELL;
};

/** `ovenbird doctor`: checks a deployment and says what to do. */
export const doctorCommand = (): Command =>
  new Command('doctor')
    .description(`Check a deployment and say what to do; exit code ${NOT_WELL} when something does not work`)
    .addOption(configOption())
    .addOption(jsonOption())
    .addOption(timeoutOption('for each of those who have to answer', 5))
    .action(run);

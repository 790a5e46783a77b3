import {
  type AuditFinding,
  type AuditReport,
  audit,
  auditChecks,
  loadConfiguration,
  pillarText,
  rankOf,
  type Severity,
  sarifOf,
  serviceVersion,
  severities,
} from '@ovenbird/server';
import { Command, Option } from 'commander';
import { configOption, jsonOption, timeoutOption } from '../options.ts';
import { createProgress } from '../progress.ts';
import { tableLines } from '../table.ts';

interface AuditArguments {
  readonly config?: string;
  readonly json?: true;
  readonly sarif?: true;
  readonly only?: readonly string[];
  readonly severity: Severity;
  readonly failOn: Severity;
  readonly timeout: number;
}

/** Exit codes. */
const FOUND = 1;
const NOT_EXAMINED = 2;
const LONGEST = 120;

const examine = async ({ config: file, only, timeout }: AuditArguments): Promise<AuditReport> => {
  using bar = createProgress('comparing');
  return await audit(await loadConfiguration(file), {
    configFile: file,
    environment: process.env,
    checks: only === undefined ? auditChecks : auditChecks.filter(({ id }) => only.includes(id)),
    patience: timeout * 1000,
    progress: bar.update,
  });
};

const plainFinding = ({ check, severity, subject, evidence }: AuditFinding) => ({
  check: check.id,
  weakness: `CWE-${check.pillar}`,
  cwe: `CWE-${check.cwe}`,
  severity,
  title: check.title,
  object: subject,
  evidence,
  remedy: check.remedy,
});

const plainReport = ({ started, ended, checks, findings, unexamined }: AuditReport) => ({
  started,
  ended,
  checks: checks.map(({ id }) => id),
  findings: findings.map(plainFinding),
  unexamined: unexamined.map(({ check, reason }) => ({ check: check.id, reason })),
});

/** By weakness class, with what to do about each kind of finding. */
const reportLines = ({ checks, findings, unexamined }: AuditReport): readonly string[] => {
  const rows = findings.map(({ check, severity, subject, evidence }) => [
    severity,
    `CWE-${check.pillar}`,
    check.id,
    `${subject.kind} ${subject.id}${subject.name === undefined ? '' : ` (${subject.name})`}`,
    evidence,
  ]);
  const table = tableLines(['SEVERITY', 'CLASS', 'CHECK', 'OBJECT', 'EVIDENCE'], rows, LONGEST);
  const kinds = [...new Set(findings.map(({ check }) => check))];
  const remedies = kinds.flatMap(({ id, title, remedy, pillar }) => [
    '',
    `${id}: ${title}.`,
    `  ${pillarText(pillar)}`,
    `  → ${remedy}`,
  ]);
  return [
    ...(findings.length === 0 ? [] : [...table, ...remedies, '']),
    ...unexamined.map(({ check, reason }) => `could not look: ${check.id}: ${reason}`),
    `${checks.length - unexamined.length} of ${checks.length} checks, ${findings.length} findings`,
  ];
};

const exitCodeOf = ({ findings, unexamined }: AuditReport, failOn: Severity): number => {
  if (unexamined.length > 0) return NOT_EXAMINED;
  return findings.some(({ severity }) => rankOf(severity) >= rankOf(failOn)) ? FOUND : 0;
};

const run = async (options: AuditArguments): Promise<void> => {
  let report: AuditReport;
  try {
    report = await examine(options);
  } catch (error) {
    console.error(`ovenbird: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = NOT_EXAMINED;
    return;
  }
  process.exitCode = exitCodeOf(report, options.failOn);
  const findings = report.findings.filter(({ severity }) => rankOf(severity) >= rankOf(options.severity));
  const shown = { ...report, findings };
  if (options.sarif === true) console.log(JSON.stringify(sarifOf(shown, serviceVersion()), undefined, 2));
  else if (options.json === true) console.log(JSON.stringify(plainReport(shown), undefined, 2));
  else console.log(reportLines(shown).join('\n'));
};

const severityOption = (flags: string, description: string, initial: Severity) =>
  new Option(flags, description).choices(severities).default(initial);

/** `ovenbird audit`: weaknesses of a deployment. */
export const auditCommand = (): Command =>
  new Command('audit')
    .description(
      `Look at a deployment for weaknesses; changes nothing. Exit code ${FOUND}: there are some, ${NOT_EXAMINED}: it could not look everywhere`,
    )
    .addOption(configOption())
    .addOption(jsonOption().conflicts('sarif'))
    .option('--sarif', 'as SARIF 2.1.0, for services that collect findings')
    .addOption(new Option('--only <check...>', 'these checks only').choices(auditChecks.map(({ id }) => id)))
    .addOption(severityOption('--severity <severity>', 'show findings from this severity on', 'low'))
    .addOption(severityOption('--fail-on <severity>', `exit code ${FOUND} from this severity on`, 'medium'))
    .addOption(timeoutOption('how long to wait for the OVN databases', 10))
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : NOT_EXAMINED))
    .action(run);

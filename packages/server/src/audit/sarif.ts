import { createHash } from 'node:crypto';
import type { Check, Severity } from './check.ts';
import { cweUrl, pillarIds, pillars, pillarText } from './pillars.ts';
import type { AuditFinding, AuditReport } from './run.ts';

const VERSION = '2.1.0';
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

const levels: { readonly [severity in Severity]: 'note' | 'warning' | 'error' } = {
  low: 'note',
  medium: 'warning',
  high: 'error',
  critical: 'error',
};

/** The number that code scanning services sort by, on the scale of CVSS. */
const scores: { readonly [severity in Severity]: string } = {
  low: '3.0',
  medium: '5.5',
  high: '8.0',
  critical: '9.5',
};

const ruleOf = ({ id, title, remedy, severity, pillar, cwe }: Check) => ({
  id,
  name: id.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
  shortDescription: { text: title },
  fullDescription: { text: `${title}. ${pillarText(pillar)}.` },
  help: { text: remedy },
  helpUri: cweUrl(cwe),
  defaultConfiguration: { level: levels[severity] },
  properties: {
    tags: ['security', `external/cwe/cwe-${pillar}`, ...(cwe === pillar ? [] : [`external/cwe/cwe-${cwe}`])],
    'security-severity': scores[severity],
  },
  relationships: [
    { target: { id: String(pillar), toolComponent: { name: 'CWE', index: 0 } }, kinds: ['superset'] },
  ],
});

const nameOf = ({ subject: { kind, id } }: AuditFinding): string => `${kind}/${id}`;

/** The same for one weakness of one object in every run. */
const fingerprintOf = (finding: AuditFinding): string =>
  createHash('sha256')
    .update(`${finding.check.id} ${nameOf(finding)}`)
    .digest('hex');

const resultOf = (finding: AuditFinding, checks: readonly Check[]) => {
  const { check, subject, evidence, severity } = finding;
  const label = subject.name === undefined ? '' : ` (${subject.name})`;
  return {
    ruleId: check.id,
    ruleIndex: checks.indexOf(check),
    level: levels[severity],
    message: { text: `${check.title}: ${nameOf(finding)}${label}: ${evidence}` },
    locations: [
      { logicalLocations: [{ name: subject.id, fullyQualifiedName: nameOf(finding), kind: subject.kind }] },
    ],
    partialFingerprints: { 'ovenbirdAudit/v1': fingerprintOf(finding) },
    properties: { severity, 'security-severity': scores[severity] },
  };
};

const taxa = pillarIds.map((id) => ({ id: String(id), name: pillars[id], helpUri: cweUrl(id) }));

/** A report as a SARIF 2.1.0 document. Findings are about objects, which SARIF calls logical locations. */
export const sarifOf = (report: AuditReport, version: string): object => ({
  $schema: SCHEMA,
  version: VERSION,
  runs: [
    {
      tool: {
        driver: {
          name: 'ovenbird audit',
          semanticVersion: version,
          rules: report.checks.map(ruleOf),
          supportedTaxonomies: [{ name: 'CWE', index: 0 }],
        },
      },
      taxonomies: [{ name: 'CWE', organization: 'MITRE', informationUri: 'https://cwe.mitre.org/', taxa }],
      invocations: [
        {
          executionSuccessful: report.unexamined.length === 0,
          startTimeUtc: report.started.toISOString(),
          endTimeUtc: report.ended.toISOString(),
          toolExecutionNotifications: report.unexamined.map(({ check, reason }) => ({
            level: 'error',
            message: { text: `${check.id} could not look: ${reason}` },
            associatedRule: { id: check.id, index: report.checks.indexOf(check) },
          })),
        },
      ],
      results: report.findings.map((finding) => resultOf(finding, report.checks)),
    },
  ],
});

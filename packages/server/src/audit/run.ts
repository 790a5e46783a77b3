import type { Database } from '../db/database.ts';
import type { Check, Found, OvnCheck, OvnSite, SettingsSite, Severity, SqlCheck } from './check.ts';
import { severities } from './check.ts';

/** One weakness that was found, with what its check says of it. */
export interface AuditFinding extends Required<Found> {
  readonly check: Check;
}

/** A check that could not look, and why. */
export interface Unexamined {
  readonly check: Check;
  readonly reason: string;
}

export interface AuditReport {
  readonly started: Date;
  readonly ended: Date;
  /** Those that were asked for and have something to look at in this deployment. */
  readonly checks: readonly Check[];
  /** The worst first. */
  readonly findings: readonly AuditFinding[];
  readonly unexamined: readonly Unexamined[];
}

/** What OVN checks look at besides SQL. */
export type OvnPart = Pick<OvnSite, 'northbound' | 'southbound' | 'schemas' | 'drift'>;

export interface AuditSite {
  readonly settings: SettingsSite;
  /** Throws when the database cannot be had. */
  readonly openDatabase: () => Promise<Database>;
  /** Throws when OVN cannot be had. undefined: this deployment has no OVN. */
  readonly openOvn: (() => Promise<OvnPart>) | undefined;
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export const rankOf = (severity: Severity): number => severities.indexOf(severity);

/** Collects what single checks say. */
class Notes {
  readonly findings: AuditFinding[] = [];
  readonly unexamined: Unexamined[] = [];

  async look(check: Check, examine: () => Promise<readonly Found[]>): Promise<void> {
    try {
      for (const found of await examine())
        this.findings.push({ ...found, severity: found.severity ?? check.severity, check });
    } catch (error) {
      this.skip([check], error);
    }
  }

  skip(checks: readonly Check[], error: unknown): void {
    for (const check of checks) this.unexamined.push({ check, reason: reasonOf(error) });
  }

  add({ findings, unexamined }: Notes): void {
    this.findings.push(...findings);
    this.unexamined.push(...unexamined);
  }
}

type DataCheck = SqlCheck | OvnCheck;

/** One snapshot for all of them, so that they see one state. A statement that fails ends the snapshot. */
const lookIntoData = async (
  site: AuditSite,
  checks: readonly DataCheck[],
  ovn: OvnPart | undefined,
): Promise<Notes> => {
  const database = await site.openDatabase();
  return database.read(async (reader) => {
    // It begins anew when the connection is lost.
    const notes = new Notes();
    for (const check of checks) {
      const sql = { ...site.settings, reader };
      if (check.needs === 'sql') await notes.look(check, () => check.examine(sql));
      else if (ovn !== undefined) await notes.look(check, () => check.examine({ ...sql, ...ovn }));
    }
    return notes;
  });
};

const worstFirst = (a: AuditFinding, b: AuditFinding): number => rankOf(b.severity) - rankOf(a.severity);

/** Run checks. Reads only. Never throws for what one of them meets: it is then among the unexamined. */
export const runAudit = async (site: AuditSite, asked: readonly Check[]): Promise<AuditReport> => {
  const started = new Date();
  const notes = new Notes();
  const checks = asked.filter(({ needs }) => needs !== 'ovn' || site.openOvn !== undefined);
  for (const check of checks)
    if (check.needs === 'settings') await notes.look(check, () => check.examine(site.settings));
  const data = checks.filter((check) => check.needs !== 'settings');
  let ovn: OvnPart | undefined;
  if (data.some(({ needs }) => needs === 'ovn'))
    ovn = await site.openOvn?.().catch((error: unknown) => {
      notes.skip(
        data.filter(({ needs }) => needs === 'ovn'),
        error,
      );
      return undefined;
    });
  const skipped = new Set(notes.unexamined.map(({ check }) => check));
  if (data.length > 0)
    await lookIntoData(site, data, ovn).then(
      (told) => notes.add(told),
      (error: unknown) =>
        notes.skip(
          data.filter((check) => !skipped.has(check)),
          error,
        ),
    );
  return {
    started,
    ended: new Date(),
    checks,
    findings: notes.findings.toSorted(worstFirst),
    unexamined: notes.unexamined,
  };
};

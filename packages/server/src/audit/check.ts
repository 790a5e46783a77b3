import type { Config } from '../config/config.ts';
import type { Reader } from '../db/database.ts';
import type { Northbound, Southbound } from '../drivers/mech/ovn/databases.ts';
import type { Drift } from '../drivers/mech/ovn/drift.ts';
import type { Policy } from '../policy/policy.ts';
import type { PillarId } from './pillars.ts';

/** From the least to the worst. */
export const severities = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** What a finding is about: a resource of the API, a row of OVN, a setting, a file. */
export interface Subject {
  readonly kind: string;
  readonly id: string;
  /** What people call it. */
  readonly name?: string;
}

/** One weakness that a check saw. */
export interface Found {
  readonly subject: Subject;
  /** What was seen, in one sentence; holds no secret. */
  readonly evidence: string;
  /** Where it is not the check's own. */
  readonly severity?: Severity;
}

/** What every check says of itself. */
export interface Declaration {
  /** Stable: reports are compared by it, and `--only` names it. */
  readonly id: string;
  /** The class of weakness: one of the ten CWE pillars. */
  readonly pillar: PillarId;
  /** The number of the weakness itself in the CWE list. */
  readonly cwe: number;
  readonly title: string;
  readonly severity: Severity;
  /** What to do about it. */
  readonly remedy: string;
}

/** The service as its configuration describes it. */
export interface SettingsSite {
  readonly config: Config;
  /** The file that the configuration was read from. */
  readonly configFile: string | undefined;
  readonly environment: { readonly [variable: string]: string | undefined };
  readonly policy: Policy;
  readonly now: Date;
}

/** With one snapshot of SQL. */
export interface SqlSite extends SettingsSite {
  readonly reader: Reader;
}

/** With complete replicas of both OVN databases, and everything in which the Northbound one is not what SQL says. */
export interface OvnSite extends SqlSite {
  readonly northbound: Northbound;
  readonly southbound: Southbound;
  /** Versions of the servers' schemas. */
  readonly schemas: { readonly northbound: string; readonly southbound: string };
  readonly drift: readonly Drift[];
}

type Examining<Site> = Declaration & {
  /** Reads only. What it throws means that it could not look. */
  examine(site: Site): Promise<readonly Found[]>;
};

/** A check by what it needs to look at. */
export type SettingsCheck = Examining<SettingsSite> & { readonly needs: 'settings' };
export type SqlCheck = Examining<SqlSite> & { readonly needs: 'sql' };
export type OvnCheck = Examining<OvnSite> & { readonly needs: 'ovn' };
export type Check = SettingsCheck | SqlCheck | OvnCheck;

export const settingsCheck = (check: Examining<SettingsSite>): SettingsCheck => ({
  needs: 'settings',
  ...check,
});
export const sqlCheck = (check: Examining<SqlSite>): SqlCheck => ({ needs: 'sql', ...check });
export const ovnCheck = (check: Examining<OvnSite>): OvnCheck => ({ needs: 'ovn', ...check });

/** A setting as the subject of a finding: `api.host`. */
export const setting = (name: string): Subject => ({ kind: 'setting', id: name });
export const file = (path: string): Subject => ({ kind: 'file', id: path });

/** A resource as the subject of a finding; an empty name is none. */
export const resource = (kind: string, id: string, name = ''): Subject => ({
  kind,
  id,
  ...(name === '' ? {} : { name }),
});

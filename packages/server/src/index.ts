export { audit } from './app/audit.ts';
export { becomeUser } from './app/become-user.ts';
export { examine, type Finding } from './app/doctor.ts';
export { gatherFigures } from './app/figures.ts';
export {
  type DatedDrift,
  type OvnKeyKind,
  type OvnTools,
  openOvnTools,
  ovnKeyKinds,
  readJournal,
} from './app/ovn-tools.ts';
export { loadPolicy } from './app/policy.ts';
export { readTimeline } from './app/timeline.ts';
export { serviceVersion } from './app/version.ts';
export { type App, type AppParts, createApp } from './app.ts';
export { type Check, type Severity, severities } from './audit/check.ts';
export { checks as auditChecks } from './audit/checks/index.ts';
export { pillarText } from './audit/pillars.ts';
export { type AuditFinding, type AuditReport, rankOf } from './audit/run.ts';
export { sarifOf } from './audit/sarif.ts';
export { type Config, ConfigError, type ConfigSource, loadConfig } from './config/config.ts';
export { readConfigFile } from './config/read-file.ts';
export { configReference } from './config/reference.ts';
export { createLogger, type Logger, quietLogger } from './core/logger.ts';
export { copyDatabase } from './db/copy/copy-database.ts';
export type { EnsuredUser } from './identity/lab/seed.ts';
export {
  createLabIdentityService,
  type LabIdentityService,
  type LabIdentityServiceOptions,
} from './identity/lab/service.ts';
export { type ApiClient, ApiRequestFailed, createApiClient, type Sent } from './lab/api-client.ts';
export type { Central } from './lab/central.ts';
export type { LabHost } from './lab/chassis.ts';
export { type CloudLogin, writeClouds } from './lab/clouds.ts';
export {
  CommandFailed,
  type CommandOptions,
  type CommandResult,
  runCommand,
  tryCommand,
  until,
} from './lab/command.ts';
export { type Daemon, startDaemon } from './lab/daemon.ts';
export type { Lease } from './lab/dhcp-client.ts';
export type { Guest, GuestOptions } from './lab/guest.ts';
export { type Lab, LabInUse, type LabOptions, labVersions, startLab } from './lab/lab.ts';
export { createLabNames } from './lab/names.ts';
export { namespaces } from './lab/namespaces.ts';
export type { Outside } from './lab/outside.ts';
export { ProcessRecords } from './lab/process-record.ts';
export type { Shell } from './lab/shell.ts';
export {
  labSettings,
  type Stack,
  type StackOptions,
  secret,
  startServices,
  startStack,
} from './lab/stack.ts';
export { loadConfiguration, type ServeOptions, serve } from './main.ts';
export { type Explanation, falseParts } from './policy/explain.ts';
export { type MatrixPersona, matrixPersonas, plainContext, policyMatrix } from './policy/matrix.ts';
export { compilePolicy, type Policy } from './policy/policy.ts';

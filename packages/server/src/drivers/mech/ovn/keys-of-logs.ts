import type { Log } from '@ovenbird/api';
import type { Reader } from '../../../db/database.ts';
import type { Change } from '../../../ml2/contract.ts';
import { dropGroupKey, logMeterKey, type OvnKey } from './key.ts';

type ChangeOf<K extends Change['kind']> = Extract<Change, { kind: K }>;

const groupKey = (id: string): OvnKey => ({ kind: 'security_group', id });

const groupsOfPort = async (reader: Reader, portId: string): Promise<readonly OvnKey[]> => {
  const rows = await reader.query
    .selectFrom('port_security_groups')
    .select('security_group_id')
    .where('port_id', '=', portId)
    .execute();
  return rows.map((row) => groupKey(row.security_group_id));
};

const groupsOfProjects = async (reader: Reader, log: Log): Promise<readonly OvnKey[]> => {
  const all = reader.query.selectFrom('security_groups').select('id');
  const query = log.all_projects ? all : all.where('project_id', '=', log.project_id ?? '');
  const keys = (await query.execute()).map((row) => groupKey(row.id));
  return log.all_projects ? [dropGroupKey, ...keys] : keys;
};

/** The groups that a log is about, whose rows tell of it. */
export const keysOfLog = async (change: ChangeOf<'log'>, reader: Reader): Promise<readonly OvnKey[]> => {
  const log = change.action === 'delete' ? change.original : change.current;
  const { resource_id: groupId, target_id: portId } = log;
  if (groupId !== null) return [logMeterKey, groupKey(groupId)];
  if (portId === null) return [logMeterKey, ...(await groupsOfProjects(reader, log))];
  const { portGroups } = change;
  const keys = portGroups === undefined ? await groupsOfPort(reader, portId) : portGroups.map(groupKey);
  return [logMeterKey, ...keys];
};

/** The groups that a port left or joined, where a log is about the port's traffic. */
export const keysOfLoggedPort = async (
  change: ChangeOf<'port'>,
  reader: Reader,
): Promise<readonly OvnKey[]> => {
  if (change.action !== 'update') return [];
  const [before, after] = [change.original.security_groups, change.current.security_groups];
  if (before.join() === after.join()) return [];
  const log = await reader.query
    .selectFrom('logs')
    .select('id')
    .where('target_id', '=', change.id)
    .limit(1)
    .executeTakeFirst();
  return log === undefined ? [] : [...before, ...after].map(groupKey);
};

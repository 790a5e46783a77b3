import type { Reader } from '../../../../db/database.ts';
import type { LoggingState, LogState } from '../state.ts';
import { ByIds } from './by-ids.ts';

/** Enabled logs that may reach groups, oldest first: once for each group that they name, or that their port has. */
const groupLogQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('logs')
      .leftJoin('port_security_groups as member', (join) =>
        join.onRef('member.port_id', '=', 'logs.target_id').on('logs.resource_id', 'is', null),
      )
      .select((eb) => [
        'logs.id',
        'logs.event',
        'logs.project_id',
        'logs.all_projects',
        eb.fn.coalesce('logs.resource_id', 'member.security_group_id').as('group_id'),
      ])
      .where('logs.enabled', '=', 1)
      .where((eb) =>
        eb.or([
          eb('logs.resource_id', 'in', ids),
          eb('member.security_group_id', 'in', ids),
          eb.and([eb('logs.resource_id', 'is', null), eb('logs.target_id', 'is', null)]),
        ]),
      )
      .orderBy('logs.created_at')
      .orderBy('logs.id'),
  );

interface Row {
  readonly id: string;
  readonly event: string;
  readonly all_projects: number;
}

const stateOf = (row: Row): LogState => ({
  id: row.id,
  event: row.event === 'ACCEPT' || row.event === 'DROP' ? row.event : 'ALL',
  allProjects: row.all_projects === 1,
});

/** Loads the logs that reach each of some groups, in one statement. */
export function groupLogLoader() {
  const logs = groupLogQuery();

  return async (reader: Reader, ids: readonly string[]) => {
    const rows = await logs.rows(reader, ids);
    return (groupId: string, projectId: string): readonly LogState[] =>
      rows
        .filter((row) =>
          row.group_id === null
            ? row.all_projects === 1 || row.project_id === projectId
            : row.group_id === groupId,
        )
        .map(stateOf);
  };
}

/** What no group has to do with: whether there are logs, and those about everything that is dropped. */
export const loadLogging = async (reader: Reader): Promise<LoggingState> => {
  const any = await reader.query.selectFrom('logs').select('id').limit(1).executeTakeFirst();
  if (any === undefined) return { any: false, everywhere: [] };
  const rows = await reader.query
    .selectFrom('logs')
    .select(['id', 'event', 'all_projects'])
    .where('enabled', '=', 1)
    .where('all_projects', '=', 1)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return { any: true, everywhere: rows.map(stateOf) };
};

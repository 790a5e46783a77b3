import type { Log } from '@ovenbird/api';
import type { LogsTable } from '../../db/log-tables.ts';
import type { ResourceStore } from '../../engine/contract.ts';
import { flag, plainColumns, standardColumns } from '../columns.ts';

/** A row → the resource. */
export const logOf = (row: LogsTable): Log => ({
  ...row,
  // Only values of the API's own list are written.
  event: row.event as Log['event'],
  enabled: row.enabled === 1,
  all_projects: row.all_projects === 1,
});

export const logStore: ResourceStore<Log> = {
  table: 'logs',
  columns: {
    ...standardColumns,
    ...plainColumns(['name', 'resource_type', 'resource_id', 'event', 'target_id']),
    enabled: flag('enabled'),
  },
  filters: {},
  // The rows were read from `logs`, all columns.
  assemble: async (_reader, rows) => (rows as readonly unknown[] as readonly LogsTable[]).map(logOf),
};

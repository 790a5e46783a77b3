import type { Port } from '@ovenbird/api';
import { eachOf } from '../../db/query/each-of.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { logOf } from './store.ts';

/** What logs may be about; a port with its groups. */
type Subject =
  | Pick<Port, 'id' | 'security_groups'>
  | { readonly id: string; readonly security_groups?: undefined };

/** Logs go with the group or the port that they are about. To be called before those are deleted. One query. */
export const removeLogsAbout = async (
  { tx, changes }: WriteStep,
  what: 'resource_id' | 'target_id',
  subjects: readonly Subject[],
): Promise<void> => {
  const groups = new Map(subjects.map((subject) => [subject.id, subject.security_groups]));
  const rows = await tx.query
    .selectFrom('logs')
    .selectAll()
    .where(what, 'in', eachOf([...groups.keys()]))
    .execute();
  if (rows.length === 0) return;
  const gone = rows.map((row) => row.id);
  await tx.query.deleteFrom('logs').where('id', 'in', eachOf(gone)).execute();
  for (const row of rows) {
    const portGroups = groups.get(row.target_id ?? '');
    const change = { kind: 'log', action: 'delete', id: row.id, original: logOf(row) } as const;
    changes.record(portGroups === undefined ? change : { ...change, portGroups });
  }
};

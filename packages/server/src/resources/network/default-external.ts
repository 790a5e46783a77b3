import { DefaultExternalNetworkExists } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { EXTERNAL } from '../../db/query/literals.ts';

/**
 * Check that no other network is the default external one. Only external networks count: the flag of others is kept 0.
 *
 * @throws ApiError DefaultExternalNetworkExists
 */
export const checkOnlyDefault = async (reader: Reader, networkId: string | undefined): Promise<void> => {
  const found = await reader.query
    .selectFrom('networks')
    .select('id')
    .where('external', '=', EXTERNAL)
    .where('is_default', '=', 1)
    .limit(1)
    .executeTakeFirst();
  if (found !== undefined && found.id !== networkId) throw DefaultExternalNetworkExists({ id: found.id });
};

/** Whether a network is the default external one. */
export const isDefaultExternal = async (reader: Reader, networkId: string): Promise<boolean> => {
  const row = await reader.query
    .selectFrom('networks')
    .select('id')
    .where('id', '=', networkId)
    .where('external', '=', EXTERNAL)
    .where('is_default', '=', 1)
    .executeTakeFirst();
  return row !== undefined;
};

import { AddressGroupNotFound } from '@ovenbird/api';
import { eachOf } from '../../db/query/each-of.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { sharedAmong } from '../sharing.ts';

/**
 * Address groups that a request of a project names exist and can be seen by it: they are its own or were shared with it.
 * An administrator sees all. Two queries at most.
 *
 * @throws ApiError AddressGroupNotFound
 */
export const requireAddressGroups = async (
  { tx, isAdmin }: WriteStep,
  ids: readonly string[],
  projectId: string,
): Promise<void> => {
  if (ids.length === 0) return;
  const rows = await tx.query
    .selectFrom('address_groups')
    .select(['id', 'project_id'])
    .where('id', 'in', eachOf(ids))
    .execute();
  const owners = new Map(rows.map((row) => [row.id, row.project_id]));
  const foreign = isAdmin ? [] : ids.filter((id) => owners.get(id) !== projectId);
  const shared =
    foreign.length === 0 ? new Set<string>() : await sharedAmong(tx, 'address_group', foreign, projectId);
  for (const id of ids) {
    const owner = owners.get(id);
    if (owner === undefined || !(isAdmin || owner === projectId || shared.has(id)))
      throw AddressGroupNotFound({ id });
  }
};

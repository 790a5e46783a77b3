import { eachOf } from '../../db/query/each-of.ts';
import type { WriteStep } from '../../engine/contract.ts';
import type { SubnetDependencies } from './dependencies.ts';

/**
 * Do `work` on the subnets of these networks, and count it as a change of the networks themselves: one more revision
 * each, recorded.
 */
export const revisingNetworks = async <T>(
  { loadNetworks }: Pick<SubnetDependencies, 'loadNetworks'>,
  step: WriteStep,
  networkIds: readonly string[],
  work: () => Promise<T>,
): Promise<T> => {
  const { tx, changes } = step;
  const ids = [...new Set(networkIds)];
  const before = new Map((await loadNetworks(tx, ids)).map((network) => [network.id, network]));
  const result = await work();
  await tx.query
    .updateTable('networks')
    .set((eb) => ({ revision_number: eb('revision_number', '+', 1), updated_at: tx.now }))
    .where('id', 'in', eachOf(ids))
    .execute();
  for (const current of await loadNetworks(tx, ids)) {
    const original = before.get(current.id);
    if (original === undefined) continue;
    changes.record({ kind: 'network', action: 'update', id: current.id, original, current });
  }
  return result;
};

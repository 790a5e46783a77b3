import type { FloatingIp } from '@ovenbird/api';
import { eachOf } from '../../db/query/each-of.ts';
import type { WriteStep } from '../../engine/contract.ts';
import type { Association } from './association.ts';
import { loadFloatingIps } from './store.ts';

/** What of a floating IP follows from what it leads to. */
export type FloatingIpColumns = Partial<Association> & { readonly last_known_router_id?: string | null };

/**
 * Count a change of floating IPs, store the same columns in all, and record each as it is now. Two statements and the
 * reading.
 */
export const reviseFloatingIps = async (
  { tx, changes }: WriteStep,
  originals: readonly FloatingIp[],
  columns: FloatingIpColumns,
): Promise<void> => {
  if (originals.length === 0) return;
  const ids = originals.map((original) => original.id);
  await tx.query
    .updateTable('floating_ips')
    .set((eb) => ({ ...columns, updated_at: tx.now, revision_number: eb('revision_number', '+', 1) }))
    .where('id', 'in', eachOf(ids))
    .execute();
  const currents = new Map((await loadFloatingIps(tx, ids)).map((current) => [current.id, current]));
  for (const original of originals) {
    const current = currents.get(original.id);
    if (current !== undefined)
      changes.record({ kind: 'floatingip', action: 'update', id: original.id, original, current });
  }
};

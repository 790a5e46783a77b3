import type { Router } from '@ovenbird/api';
import type { WriteStep } from '../../engine/contract.ts';
import { loadRouters } from './store.ts';

/** Columns of a router that a request can change. */
export interface RouterColumns {
  readonly name?: string;
  readonly description?: string;
  readonly admin_state_up?: 0 | 1;
  readonly enable_snat?: 0 | 1;
  readonly ha?: 0 | 1;
  readonly enable_default_route_bfd?: 0 | 1;
  readonly enable_default_route_ecmp?: 0 | 1;
}

/** Count a change of a router, store its changed columns, and record it as it is now. */
export const reviseRouter = async (
  { tx, changes }: WriteStep,
  original: Router,
  columns: RouterColumns = {},
): Promise<Router> => {
  await tx.query
    .updateTable('routers')
    .set((eb) => ({ ...columns, updated_at: tx.now, revision_number: eb('revision_number', '+', 1) }))
    .where('id', '=', original.id)
    .execute();
  const [current = original] = await loadRouters(tx, [original.id]);
  changes.record({ kind: 'router', action: 'update', id: original.id, original, current });
  return current;
};

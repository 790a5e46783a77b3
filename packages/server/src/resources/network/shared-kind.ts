import { ExternalNetworkInUse, NetworkNotFound } from '@ovenbird/api';
import type { WriteStep } from '../../engine/contract.ts';
import type { Segments } from '../../ml2/segments.ts';
import { flagOf } from '../columns.ts';
import { ownerIn, type SharedKind } from '../rbac-policy/shared-kind.ts';
import { targetsOf } from '../sharing.ts';
import { hasGateways, projectsUsing, projectsWithGateways } from './access.ts';
import { isDefaultExternal } from './default-external.ts';
import { loadNetworks } from './store.ts';

/**
 * A network is external as long as anybody may use it so, and its revision moves with the entries about it. Throws
 * ExternalNetworkInUse 409 when the last such entry would go while gateways hang on it.
 */
const changing = async (
  segments: Pick<Segments, 'byNetwork'>,
  { tx, changes }: WriteStep,
  id: string,
  change: () => Promise<void>,
): Promise<void> => {
  const [original] = await loadNetworks(segments, tx, [id]);
  await change();
  if (original === undefined) return;
  const external = (await targetsOf(tx, { type: 'network', id }, 'access_as_external')).size > 0;
  if (!external && original['router:external'] && (await hasGateways(tx, id)))
    throw ExternalNetworkInUse({ id });
  await tx.query
    .updateTable('networks')
    .set((eb) => ({
      external: flagOf(external),
      ...(external ? {} : { is_default: 0 }),
      revision_number: eb('revision_number', '+', 1),
      updated_at: tx.now,
    }))
    .where('id', '=', id)
    .execute();
  const [current] = await loadNetworks(segments, tx, [id]);
  if (current === undefined) throw new Error(`network ${id} vanished within its own transaction`);
  changes.record({ kind: 'network', action: 'update', id, original, current });
};

/** Networks as objects of entries: shared, or external. */
export const networkSharing = (segments: Pick<Segments, 'byNetwork'>): SharedKind => ({
  type: 'network',
  actions: ['access_as_shared', 'access_as_external'],
  notFound: (id) => NetworkNotFound({ id }),
  owner: ownerIn('networks'),
  users: (reader, id, action) =>
    action === 'access_as_shared' ? projectsUsing(reader, id) : projectsWithGateways(reader, id),
  async mustStayOpen(reader, id, action) {
    const open = action === 'access_as_external' && (await isDefaultExternal(reader, id));
    return open ? 'Default external networks must be shared to everyone.' : undefined;
  },
  changing: (step, id, change) => changing(segments, step, id, change),
});

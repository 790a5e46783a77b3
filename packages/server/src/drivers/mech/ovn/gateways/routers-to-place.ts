import type { Router } from '@ovenbird/api';
import type { Change } from '../../../../ml2/contract.ts';

const networksOf = (router: Router | undefined): string =>
  (router?.external_gateways ?? []).map((gateway) => gateway.network_id).join();

/** Routers that got, lost or changed external networks: other chassis may have to carry them. */
export const routersToPlace = (changes: readonly Change[]): readonly string[] =>
  changes.flatMap((change) => {
    if (change.kind !== 'router' || change.action === 'delete') return [];
    const before = change.action === 'update' ? networksOf(change.original) : '';
    return networksOf(change.current) === before ? [] : [change.id];
  });

import type { Router } from '@ovenbird/api';
import type { Change } from '../../../../ml2/contract.ts';

const needs = ({ external_gateways: gateways, ha }: Router): string =>
  gateways.length === 0 ? '' : [ha, ...gateways.map((gateway) => gateway.network_id)].join();

/** Routers whose gateways came, went or need other chassis now. */
export const routersToPlace = (changes: readonly Change[]): readonly string[] =>
  changes.flatMap((change) => {
    if (change.kind !== 'router' || change.action === 'delete') return [];
    const before = change.action === 'update' ? needs(change.original) : '';
    return needs(change.current) === before ? [] : [change.id];
  });

import { type Router, RouterInUse } from '@ovenbird/api';
import type { WriteStep } from '../../engine/contract.ts';
import { ROUTER_GATEWAY } from '../../ipam/device-owner.ts';
import { removeGateways } from './gateways.ts';
import { gatewayPortsOf } from './store.ts';

/**
 * Delete one router with its gateways.
 *
 * @throws ApiError RouterInUse where it has interfaces, RouterExternalGatewayInUseByFloatingIp
 */
export const deleteRouter = async (step: WriteStep, router: Router): Promise<void> => {
  const { tx, changes } = step;
  const interfaces = await tx.query
    .selectFrom('router_ports')
    .select('port_id')
    .where('router_id', '=', router.id)
    .where('port_type', '!=', ROUTER_GATEWAY)
    .orderBy('port_id')
    .execute();
  if (interfaces.length > 0) {
    const reason = `has ports still attached: ${interfaces.map((row) => row.port_id).join(', ')}`;
    throw RouterInUse({ id: router.id, reason });
  }
  const gateways = (await gatewayPortsOf(tx, [router.id])).get(router.id) ?? [];
  await removeGateways(step, router.id, gateways, []);
  await tx.query.deleteFrom('tags').where('object_id', '=', router.id).execute();
  await tx.query.deleteFrom('routers').where('id', '=', router.id).execute();
  changes.record({ kind: 'router', action: 'delete', id: router.id, original: router });
};

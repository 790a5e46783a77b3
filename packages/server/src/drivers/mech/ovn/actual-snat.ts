import { parseCidr } from '@ovenbird/api';
import { type Children, childrenOf } from './actual-rows.ts';
import type { Northbound, RouterRow } from './databases.ts';
import { EVERYTHING } from './desired/router-snat.ts';
import { snatUuid } from './ids.ts';

/** Addresses of a router's gateways, and what its interfaces lead to. */
function reachOf(nb: Northbound, router: RouterRow) {
  const outside = new Set<string>();
  const inside = new Set<string>([EVERYTHING]);
  for (const uuid of router.ports) {
    const port = nb.Logical_Router_Port.get(uuid);
    for (const network of port?.networks ?? [])
      if (port?.external_ids.get('neutron:is_ext_gw') === 'True') outside.add(network.split('/')[0] ?? '');
      else inside.add(parseCidr(network)?.canonical ?? '');
  }
  return { outside, inside };
}

/**
 * Source NAT of a router that is ours. Such rows bear no mark: the UUID of ours tells, and those that the reference made
 * lead from a network of the router, or from everywhere, to an address of its gateway.
 */
export function snatIn(nb: Northbound, id: string, router: RouterRow): Children {
  let reach: ReturnType<typeof reachOf> | undefined;
  const ours = [...router.nat].filter((uuid) => {
    const row = nb.NAT.get(uuid);
    if (row?.type !== 'snat') return false;
    if (uuid === snatUuid(id, row.external_ip, row.logical_ip)) return true;
    reach ??= reachOf(nb, router);
    const unmarked = row.external_ids.size === 0 && row.logical_port === undefined;
    return unmarked && reach.outside.has(row.external_ip) && reach.inside.has(row.logical_ip);
  });
  return childrenOf('Logical_Router.nat', 'NAT', router._uuid, ours);
}

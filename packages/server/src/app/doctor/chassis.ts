import type { Config } from '../../config/config.ts';
import type { ChassisView } from '../../drivers/mech/ovn/chassis.ts';
import { type Findings, failed, ok, warning } from './finding.ts';

/** Physical networks that the configuration names. */
const configuredNetworks = ({ ml2 }: Config): readonly string[] => [
  ...new Set([
    ...ml2.flatNetworks.filter((name) => name !== '*'),
    ...ml2.networkVlanRanges.map((range) => range.split(':')[0] ?? ''),
  ]),
];

const named = (chassis: readonly ChassisView[]): string => chassis.map(({ hostname }) => hostname).join(', ');

/**
 * Hosts that are gone, that are there twice, and physical networks that no host has.
 *
 * @param behind names of chassis that have not carried out what northd handed on
 */
export async function* examineChassis(
  config: Config,
  all: readonly ChassisView[],
  behind: ReadonlySet<string>,
): Findings {
  if (all.length === 0) {
    yield warning(
      'chassis',
      'no chassis',
      'start ovn-controller on the hosts and point it to the Southbound database',
    );
    return;
  }
  const lagging = all.filter(({ name }) => behind.has(name));
  if (lagging.length === 0) yield ok('chassis', `${all.length} chassis, all caught up`);
  else {
    const advice =
      'look at ovn-controller there; a host that is gone for good is forgotten with openstack network agent delete';
    yield failed(
      'chassis',
      `${lagging.length} of ${all.length} chassis do not follow: ${named(lagging)}`,
      advice,
    );
  }
  for (const [host, same] of Map.groupBy(all, ({ hostname }) => hostname))
    if (same.length > 1)
      yield warning(
        'chassis',
        `${same.length} chassis are called ${host}: ${same.map(({ name }) => name).join(', ')}`,
        'delete the agents of those that are no more',
      );
  const bridged = new Set(all.flatMap(({ bridgeMappings }) => [...bridgeMappings.keys()]));
  for (const network of configuredNetworks(config))
    if (!bridged.has(network))
      yield warning(
        'bridges',
        `no chassis has a bridge for physical network ${network}`,
        `set external-ids:ovn-bridge-mappings=${network}:BRIDGE in Open_vSwitch on the hosts that have one`,
      );
}

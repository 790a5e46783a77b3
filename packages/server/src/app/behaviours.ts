import type { port, ServiceProvider, subnet } from '@ovenbird/api';
import type { Config } from '../config/config.ts';
import type { Ids } from '../core/ids.ts';
import type { Database } from '../db/database.ts';
import type { Behaviour, StoredBehaviour } from '../engine/contract.ts';
import { systemRandom } from '../ipam/random.ts';
import { createMetadataPorts } from '../ml2/metadata-port.ts';
import type { Ml2Plugin } from '../ml2/plugin.ts';
import type { Write } from '../ml2/write.ts';
import { createAddressGroupBehaviour } from '../resources/address-group/behaviour.ts';
import { addressGroupSharing } from '../resources/address-group/shared-kind.ts';
import { createAddressScopeBehaviour } from '../resources/address-scope/behaviour.ts';
import { addressScopeSharing } from '../resources/address-scope/shared-kind.ts';
import { type AgentSource, agentOf, createAgentBehaviour } from '../resources/agent/behaviour.ts';
import { createAvailabilityZoneBehaviour } from '../resources/availability-zone/behaviour.ts';
import { createFlavorBehaviour } from '../resources/flavor/behaviour.ts';
import { createServiceProfileBehaviour } from '../resources/flavor/profile-behaviour.ts';
import { leaveNetwork } from '../resources/floating-ip/leave-network.ts';
import { createIpAvailabilityBehaviour } from '../resources/ip-availability/behaviour.ts';
import { createLogBehaviour, createLoggableResourceBehaviour } from '../resources/log/behaviour.ts';
import { createNetworkBehaviour } from '../resources/network/behaviour.ts';
import { networkSharing } from '../resources/network/shared-kind.ts';
import { loadNetworks } from '../resources/network/store.ts';
import { createPortBehaviour } from '../resources/port/behaviour.ts';
import type { PortDependencies } from '../resources/port/dependencies.ts';
import { createPortBindingBehaviour } from '../resources/port-binding/behaviour.ts';
import { floatingIpFollowers } from '../resources/port-forwarding/followers.ts';
import { createQosPolicyBehaviour } from '../resources/qos/policy-behaviour.ts';
import { createQosRuleBehaviours } from '../resources/qos/rule-behaviours.ts';
import { createQosRuleTypeBehaviour } from '../resources/qos/rule-type-behaviour.ts';
import { qosPolicySharing } from '../resources/qos/shared-kind.ts';
import type { Quota } from '../resources/quota.ts';
import { createRbacPolicyBehaviour } from '../resources/rbac-policy/behaviour.ts';
import { followSubnets } from '../resources/router/follow-subnets.ts';
import { createGatewayHosts } from '../resources/router/gateway-hosts.ts';
import { isHeldByL3 } from '../resources/router/l3-owner.ts';
import { createSecurityGroupBehaviours } from '../resources/security-group/behaviours.ts';
import { ensureDefaultSecurityGroup } from '../resources/security-group/default-group.ts';
import { createDefaultStatefulnessBehaviour } from '../resources/security-group/default-statefulness.ts';
import { securityGroupSharing } from '../resources/security-group/shared-kind.ts';
import { createSegmentBehaviour } from '../resources/segment/behaviour.ts';
import { createSegmentRangeBehaviour } from '../resources/segment-range/behaviour.ts';
import { createServiceProviderBehaviour } from '../resources/service-provider/behaviour.ts';
import { createSubnetBehaviour } from '../resources/subnet/behaviour.ts';
import type { SubnetDependencies } from '../resources/subnet/dependencies.ts';
import { subnetsOfNetwork } from '../resources/subnet/store.ts';
import { createSubnetpoolBehaviour } from '../resources/subnetpool/behaviour.ts';
import { subnetpoolSharing } from '../resources/subnetpool/shared-kind.ts';
import { createTrunkBehaviour } from '../resources/trunk/behaviour.ts';
import { createRoutingBehaviours } from './routing.ts';

export interface BehaviourOptions {
  readonly config: Config;
  readonly ids: Ids;
  readonly database: Database;
  readonly serviceProviders: readonly ServiceProvider[];
  readonly plugin: Ml2Plugin;
  readonly write: Write;
  readonly quota: Quota;
  readonly timeline: NonNullable<PortDependencies['timeline']>;
  /** undefined: no driver knows agents. */
  readonly agents: AgentSource | undefined;
  /** Zones that networks and routers may name. */
  readonly availabilityZones: () => readonly string[];
}

const noAgents: AgentSource = {
  list: async () => [],
  describe: async () => false,
  remove: async () => false,
};

/** Every resource that is served. A new one adds a line here. */
export const createBehaviours = (options: BehaviourOptions): readonly Behaviour[] => {
  const { config, ids, plugin, write } = options;
  const portDependencies: PortDependencies = {
    config: config.network,
    ids,
    random: systemRandom,
    extensions: plugin.extensions,
    binding: plugin.binding,
    defaultSecurityGroup: (step, projectId) => ensureDefaultSecurityGroup(step, ids, projectId),
    isHeldByL3,
    followers: floatingIpFollowers,
    timeline: options.timeline,
  };
  const ports = createPortBehaviour(portDependencies);
  const metadataPorts = config.ovn.metadataEnabled ? createMetadataPorts(ports, plugin.loadPorts) : undefined;
  const networksById: SubnetDependencies['loadNetworks'] = (reader, networkIds) =>
    loadNetworks(plugin.segments, reader, networkIds);
  const subnets: StoredBehaviour<typeof subnet> = createSubnetBehaviour({
    config: config.limits,
    ids,
    extensions: plugin.extensions,
    loadNetworks: networksById,
    metadataPorts,
    added: (step, added) => followSubnets({ ports: portDependencies }, step, added),
  });
  const served: StoredBehaviour<typeof port> = ports;
  const agents = options.agents ?? noAgents;
  const hosts = createGatewayHosts(options.database, async () => (await agents.list()).map(agentOf));
  const security = createSecurityGroupBehaviours({ ids, write, quota: options.quota });
  return [
    createNetworkBehaviour({
      ids,
      plugin,
      metadataPorts,
      loadSubnets: subnetsOfNetwork,
      leaving: leaveNetwork,
      availabilityZones: async () => new Set(options.availabilityZones()),
    }),
    subnets,
    served,
    createPortBindingBehaviour({ binding: plugin.binding, loadPorts: plugin.loadPorts }),
    ...createRoutingBehaviours(options, portDependencies, hosts),
    security.groups,
    security.rules,
    security.templates,
    createTrunkBehaviour(ids),
    createQosPolicyBehaviour(ids),
    ...createQosRuleBehaviours(ids),
    createQosRuleTypeBehaviour(),
    createAgentBehaviour(agents, (id) => hosts.routersOn(id)),
    createAvailabilityZoneBehaviour(options.availabilityZones),
    createRbacPolicyBehaviour(ids, [
      networkSharing(plugin.segments),
      securityGroupSharing,
      addressGroupSharing,
      addressScopeSharing,
      subnetpoolSharing,
      qosPolicySharing,
    ]),
    createAddressGroupBehaviour(ids),
    createDefaultStatefulnessBehaviour(ids),
    createLogBehaviour(ids),
    createLoggableResourceBehaviour(),
    createAddressScopeBehaviour(ids),
    createSubnetpoolBehaviour(ids, { loadNetworks: networksById }),
    createIpAvailabilityBehaviour(options.database),
    createServiceProviderBehaviour(options.serviceProviders),
    createServiceProfileBehaviour(ids, options.serviceProviders),
    createFlavorBehaviour(ids),
    createSegmentBehaviour({ plugin, loadNetworks: networksById }),
    createSegmentRangeBehaviour(ids, plugin.segments.pools),
  ];
};

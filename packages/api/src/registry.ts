import type { ResourceDefinition } from './define.ts';
import { baseRules } from './policy-rules.ts';
import { addressGroup } from './resources/address-group.ts';
import { addressScope } from './resources/address-scope.ts';
import { agent } from './resources/agent.ts';
import { autoAllocatedTopology } from './resources/auto-allocated-topology.ts';
import { availabilityZone } from './resources/availability-zone.ts';
import { defaultSecurityGroupRule } from './resources/default-security-group-rule.ts';
import { flavor, serviceProfile } from './resources/flavor.ts';
import { floatingIp } from './resources/floating-ip.ts';
import { floatingIpPool } from './resources/floating-ip-pool.ts';
import { log, loggableResource } from './resources/log.ts';
import { network } from './resources/network.ts';
import { networkIpAvailability } from './resources/network-ip-availability.ts';
import { networkSegmentRange } from './resources/network-segment-range.ts';
import { port } from './resources/port.ts';
import { portBinding } from './resources/port-binding.ts';
import { portForwarding } from './resources/port-forwarding.ts';
import {
  aliasMinimumPacketRateRule,
  qosMinimumPacketRateRule,
  qosPacketRateLimitRule,
} from './resources/qos-packet-rules.ts';
import { qosPolicy } from './resources/qos-policy.ts';
import { qosRuleType } from './resources/qos-rule-type.ts';
import {
  aliasBandwidthLimitRule,
  aliasDscpMarkingRule,
  aliasMinimumBandwidthRule,
  qosBandwidthLimitRule,
  qosDscpMarkingRule,
  qosMinimumBandwidthRule,
} from './resources/qos-rules.ts';
import { quotaOf } from './resources/quota.ts';
import { rbacPolicy } from './resources/rbac-policy.ts';
import { router } from './resources/router.ts';
import { securityGroup } from './resources/security-group.ts';
import { securityGroupRule } from './resources/security-group-rule.ts';
import { securityGroupsDefaultStatefulness } from './resources/security-groups-default-statefulness.ts';
import { segment } from './resources/segment.ts';
import { serviceProvider } from './resources/service-provider.ts';
import { subnet } from './resources/subnet.ts';
import { subnetpool } from './resources/subnetpool.ts';
import { trunk } from './resources/trunk.ts';
import { extensions } from './served-extensions.ts';

const served: readonly ResourceDefinition[] = [
  network,
  subnet,
  port,
  portBinding,
  router,
  floatingIp,
  portForwarding,
  floatingIpPool,
  securityGroup,
  securityGroupRule,
  defaultSecurityGroupRule,
  securityGroupsDefaultStatefulness,
  agent,
  availabilityZone,
  rbacPolicy,
  addressGroup,
  log,
  loggableResource,
  trunk,
  qosPolicy,
  qosBandwidthLimitRule,
  qosDscpMarkingRule,
  qosMinimumBandwidthRule,
  aliasBandwidthLimitRule,
  aliasDscpMarkingRule,
  aliasMinimumBandwidthRule,
  qosPacketRateLimitRule,
  qosMinimumPacketRateRule,
  aliasMinimumPacketRateRule,
  qosRuleType,
  addressScope,
  subnetpool,
  networkIpAvailability,
  serviceProvider,
  serviceProfile,
  networkSegmentRange,
  segment,
  flavor,
];

/** The limits of a project on what of all this it may own. */
export const quota = quotaOf(served);

/** Every resource that is served. A sub-resource stands after the resource that it is a member of. */
export const resources: readonly ResourceDefinition[] = [...served, quota, autoAllocatedTopology];

const byName = new Map(resources.map((resource) => [resource.name, resource]));
const byCollection = new Map(resources.map((resource) => [resource.collection, resource]));
const topLevel = resources.filter((resource) => resource.memberOf === undefined);
const byPath = new Map(topLevel.map((resource) => [resource.path, resource]));
const byAlias = new Map(extensions.map((extension) => [extension.alias, extension]));

/** The resource with this singular name (`port`). */
export const resourceNamed = (name: string): ResourceDefinition | undefined => byName.get(name);
/** The resource with this plural name (`security_groups`). */
export const resourceOfCollection = (collection: string): ResourceDefinition | undefined =>
  byCollection.get(collection);
/** The resource at this path below `/v2.0/` (`security-groups`); sub-resources are found from their parent. */
export const resourceAtPath = (path: string): ResourceDefinition | undefined => byPath.get(path);
/** The sub-resources below a resource, by its name. */
export const membersOf = (name: string): readonly ResourceDefinition[] =>
  resources.filter((resource) => resource.memberOf?.resource === name);
/** The extension with this alias. */
export const extensionWithAlias = (alias: string) => byAlias.get(alias);

/** Every default policy rule: the helper rules and those of all resources, by full name. */
export const defaultPolicyRules: { readonly [rule: string]: string } = Object.freeze(
  Object.assign({}, baseRules, ...resources.map((resource) => resource.rules)),
);

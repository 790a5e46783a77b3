import type { ExtensionDefinition } from './define.ts';
import { aapRejectMulticast } from './extensions/aap-reject-multicast.ts';
import { addressGroup } from './extensions/address-group.ts';
import { addressScope } from './extensions/address-scope.ts';
import { agent } from './extensions/agent.ts';
import { agentSortKey } from './extensions/agent-sort-key.ts';
import { allowedAddressPairs } from './extensions/allowed-address-pairs.ts';
import { autoAllocatedTopology } from './extensions/auto-allocated-topology.ts';
import { availabilityZone } from './extensions/availability-zone.ts';
import { availabilityZoneFilter } from './extensions/availability-zone-filter.ts';
import { binding } from './extensions/binding.ts';
import { bindingExtended } from './extensions/binding-extended.ts';
import { dataPlaneStatus } from './extensions/data-plane-status.ts';
import { defaultSubnetpools } from './extensions/default-subnetpools.ts';
import { dnsDomainPorts } from './extensions/dns-domain-ports.ts';
import { dnsIntegration } from './extensions/dns-integration.ts';
import { dnsIntegrationDomainKeywords } from './extensions/dns-integration-domain-keywords.ts';
import { emptyStringFiltering } from './extensions/empty-string-filtering.ts';
import { enableDefaultRouteBfd } from './extensions/enable-default-route-bfd.ts';
import { enableDefaultRouteEcmp } from './extensions/enable-default-route-ecmp.ts';
import { exposePortForwardingInFip } from './extensions/expose-port-forwarding-in-fip.ts';
import { extGwMode } from './extensions/ext-gw-mode.ts';
import { externalGatewayMultihoming } from './extensions/external-gateway-multihoming.ts';
import { externalNet } from './extensions/external-net.ts';
import { extraDhcpOpt } from './extensions/extra-dhcp-opt.ts';
import { extraroute } from './extensions/extraroute.ts';
import { extrarouteAtomic } from './extensions/extraroute-atomic.ts';
import { filterValidation } from './extensions/filter-validation.ts';
import { fipPortDetails } from './extensions/fip-port-details.ts';
import { flavors } from './extensions/flavors.ts';
import { floatingIpPortForwarding } from './extensions/floating-ip-port-forwarding.ts';
import { floatingIpPortForwardingDescription } from './extensions/floating-ip-port-forwarding-description.ts';
import { floatingIpPortForwardingDetail } from './extensions/floating-ip-port-forwarding-detail.ts';
import { floatingIpPortForwardingPortRanges } from './extensions/floating-ip-port-forwarding-port-ranges.ts';
import { floatingipPools } from './extensions/floatingip-pools.ts';
import { ipAllocation } from './extensions/ip-allocation.ts';
import { ipSubstringFiltering } from './extensions/ip-substring-filtering.ts';
import { l2Adjacency } from './extensions/l2-adjacency.ts';
import { l3AgentScheduler } from './extensions/l3-agent-scheduler.ts';
import { l3Flavors } from './extensions/l3-flavors.ts';
import { l3Ha } from './extensions/l3-ha.ts';
import { logging } from './extensions/logging.ts';
import { multiProvider } from './extensions/multi-provider.ts';
import { netMtu } from './extensions/net-mtu.ts';
import { netMtuWritable } from './extensions/net-mtu-writable.ts';
import { networkAvailabilityZone } from './extensions/network-availability-zone.ts';
import { networkIpAvailability } from './extensions/network-ip-availability.ts';
import { networkIpAvailabilityDetails } from './extensions/network-ip-availability-details.ts';
import { networkSegmentRangeExtension } from './extensions/network-segment-range.ts';
import { pagination } from './extensions/pagination.ts';
import { portDeviceProfile } from './extensions/port-device-profile.ts';
import { portHardwareOffloadType } from './extensions/port-hardware-offload-type.ts';
import { portMacAddressRegenerate } from './extensions/port-mac-address-regenerate.ts';
import { portMacOverride } from './extensions/port-mac-override.ts';
import { portNumaAffinityPolicy } from './extensions/port-numa-affinity-policy.ts';
import { portNumaAffinityPolicySocket } from './extensions/port-numa-affinity-policy-socket.ts';
import { portResourceRequest } from './extensions/port-resource-request.ts';
import { portResourceRequestGroups } from './extensions/port-resource-request-groups.ts';
import { portSecurity } from './extensions/port-security.ts';
import { portSecurityGroupsFiltering } from './extensions/port-security-groups-filtering.ts';
import { portTimeline } from './extensions/port-timeline.ts';
import { portTrustedVif } from './extensions/port-trusted-vif.ts';
import { projectId } from './extensions/project-id.ts';
import { provider } from './extensions/provider.ts';
import { qos } from './extensions/qos.ts';
import { qosBwLimitDirection } from './extensions/qos-bw-limit-direction.ts';
import { qosBwMinimumIngress } from './extensions/qos-bw-minimum-ingress.ts';
import { qosDefault } from './extensions/qos-default.ts';
import { qosFip } from './extensions/qos-fip.ts';
import { qosFipNetworkPolicy } from './extensions/qos-fip-network-policy.ts';
import { qosGatewayIp } from './extensions/qos-gateway-ip.ts';
import { qosPortNetworkPolicy } from './extensions/qos-port-network-policy.ts';
import { qosPps } from './extensions/qos-pps.ts';
import { qosPpsMinimum } from './extensions/qos-pps-minimum.ts';
import { qosPpsMinimumRuleAlias } from './extensions/qos-pps-minimum-rule-alias.ts';
import { qosRuleTypeDetails } from './extensions/qos-rule-type-details.ts';
import { qosRuleTypeFilter } from './extensions/qos-rule-type-filter.ts';
import { qosRulesAlias } from './extensions/qos-rules-alias.ts';
import { quotaCheckLimit } from './extensions/quota-check-limit.ts';
import { quotaDetails } from './extensions/quota-details.ts';
import { quotas } from './extensions/quotas.ts';
import { rbacAddressGroup } from './extensions/rbac-address-group.ts';
import { rbacAddressScope } from './extensions/rbac-address-scope.ts';
import { rbacPolicies } from './extensions/rbac-policies.ts';
import { rbacSecurityGroups } from './extensions/rbac-security-groups.ts';
import { rbacSubnetpool } from './extensions/rbac-subnetpool.ts';
import { revisionIfMatch } from './extensions/revision-if-match.ts';
import { routerExtension } from './extensions/router.ts';
import { routerAvailabilityZone } from './extensions/router-availability-zone.ts';
import { routerEnableSnat } from './extensions/router-enable-snat.ts';
import { securityGroup } from './extensions/security-group.ts';
import { securityGroupsDefaultRules } from './extensions/security-groups-default-rules.ts';
import { securityGroupsDefaultStatefulness } from './extensions/security-groups-default-statefulness.ts';
import { securityGroupsNormalizedCidr } from './extensions/security-groups-normalized-cidr.ts';
import { securityGroupsRemoteAddressGroup } from './extensions/security-groups-remote-address-group.ts';
import { securityGroupsRulesBelongsToDefaultSg } from './extensions/security-groups-rules-belongs-to-default-sg.ts';
import { securityGroupsSharedFiltering } from './extensions/security-groups-shared-filtering.ts';
import { segmentExtension } from './extensions/segment.ts';
import { segmentsPeerSubnetHostRoutes } from './extensions/segments-peer-subnet-host-routes.ts';
import { serviceType } from './extensions/service-type.ts';
import { sortKeyValidation } from './extensions/sort-key-validation.ts';
import { sorting } from './extensions/sorting.ts';
import { standardAttrDescription } from './extensions/standard-attr-description.ts';
import { standardAttrRevisions } from './extensions/standard-attr-revisions.ts';
import { standardAttrSegment } from './extensions/standard-attr-segment.ts';
import { standardAttrTag } from './extensions/standard-attr-tag.ts';
import { standardAttrTimestamp } from './extensions/standard-attr-timestamp.ts';
import { statefulSecurityGroup } from './extensions/stateful-security-group.ts';
import { subnetAllocation } from './extensions/subnet-allocation.ts';
import { subnetDnsPublishFixedIp } from './extensions/subnet-dns-publish-fixed-ip.ts';
import { subnetExternalNetwork } from './extensions/subnet-external-network.ts';
import { subnetOnboard } from './extensions/subnet-onboard.ts';
import { subnetSegmentidWritable } from './extensions/subnet-segmentid-writable.ts';
import { subnetServiceTypes } from './extensions/subnet-service-types.ts';
import { subnetpoolPrefixOps } from './extensions/subnetpool-prefix-ops.ts';
import { tagCreation } from './extensions/tag-creation.ts';
import { tagPortsDuringBulkCreation } from './extensions/tag-ports-during-bulk-creation.ts';
import { trunkExtension } from './extensions/trunk.ts';
import { trunkDetails } from './extensions/trunk-details.ts';
import { uplinkStatusPropagation } from './extensions/uplink-status-propagation.ts';
import { uplinkStatusPropagationUpdatable } from './extensions/uplink-status-propagation-updatable.ts';
import { vlanTransparent } from './extensions/vlan-transparent.ts';

/** Every extension that is served, by alias. */
export const extensions: readonly ExtensionDefinition[] = [
  aapRejectMulticast,
  addressGroup,
  addressScope,
  agent,
  agentSortKey,
  allowedAddressPairs,
  autoAllocatedTopology,
  availabilityZone,
  availabilityZoneFilter,
  binding,
  bindingExtended,
  dataPlaneStatus,
  defaultSubnetpools,
  dnsDomainPorts,
  dnsIntegration,
  dnsIntegrationDomainKeywords,
  emptyStringFiltering,
  enableDefaultRouteBfd,
  enableDefaultRouteEcmp,
  exposePortForwardingInFip,
  extGwMode,
  externalGatewayMultihoming,
  externalNet,
  extraDhcpOpt,
  extraroute,
  extrarouteAtomic,
  filterValidation,
  fipPortDetails,
  flavors,
  floatingIpPortForwarding,
  floatingIpPortForwardingDescription,
  floatingIpPortForwardingDetail,
  floatingIpPortForwardingPortRanges,
  floatingipPools,
  ipAllocation,
  ipSubstringFiltering,
  l2Adjacency,
  l3Flavors,
  l3Ha,
  l3AgentScheduler,
  logging,
  multiProvider,
  netMtu,
  netMtuWritable,
  networkIpAvailability,
  networkIpAvailabilityDetails,
  networkAvailabilityZone,
  networkSegmentRangeExtension,
  pagination,
  portMacAddressRegenerate,
  portResourceRequest,
  portResourceRequestGroups,
  portDeviceProfile,
  portNumaAffinityPolicy,
  portNumaAffinityPolicySocket,
  portHardwareOffloadType,
  portTrustedVif,
  portMacOverride,
  portSecurity,
  portSecurityGroupsFiltering,
  portTimeline,
  projectId,
  provider,
  qos,
  qosBwLimitDirection,
  qosBwMinimumIngress,
  qosDefault,
  qosFip,
  qosFipNetworkPolicy,
  qosGatewayIp,
  qosPortNetworkPolicy,
  qosPps,
  qosPpsMinimum,
  qosPpsMinimumRuleAlias,
  qosRuleTypeDetails,
  qosRuleTypeFilter,
  qosRulesAlias,
  quotaCheckLimit,
  quotaDetails,
  quotas,
  rbacAddressGroup,
  rbacAddressScope,
  rbacPolicies,
  rbacSecurityGroups,
  rbacSubnetpool,
  revisionIfMatch,
  routerExtension,
  routerEnableSnat,
  routerAvailabilityZone,
  securityGroup,
  securityGroupsDefaultRules,
  securityGroupsDefaultStatefulness,
  securityGroupsNormalizedCidr,
  securityGroupsRemoteAddressGroup,
  securityGroupsRulesBelongsToDefaultSg,
  securityGroupsSharedFiltering,
  segmentExtension,
  segmentsPeerSubnetHostRoutes,
  serviceType,
  sortKeyValidation,
  sorting,
  standardAttrDescription,
  standardAttrRevisions,
  standardAttrSegment,
  standardAttrTag,
  standardAttrTimestamp,
  statefulSecurityGroup,
  subnetExternalNetwork,
  subnetSegmentidWritable,
  subnetServiceTypes,
  subnetAllocation,
  subnetDnsPublishFixedIp,
  subnetOnboard,
  subnetpoolPrefixOps,
  tagCreation,
  tagPortsDuringBulkCreation,
  trunkExtension,
  trunkDetails,
  uplinkStatusPropagation,
  uplinkStatusPropagationUpdatable,
  vlanTransparent,
];

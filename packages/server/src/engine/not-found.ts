import {
  AddressGroupNotFound,
  AddressScopeNotFound,
  AgentNotFound,
  type ApiError,
  DefaultSecurityGroupRuleNotFound,
  FlavorNotFound,
  FloatingIPNotFound,
  HTTPNotFound,
  LogResourceNotFound,
  NetworkNotFound,
  NetworkSegmentRangeNotFound,
  PortNotFound,
  QosPolicyNotFound,
  QosRuleNotFound,
  RbacPolicyNotFound,
  type ResourceDefinition,
  RouterNotFound,
  SecurityGroupDefaultStatefulnessNotFound,
  SecurityGroupNotFound,
  SecurityGroupRuleNotFound,
  SegmentNotFound,
  ServiceProfileNotFound,
  SubnetNotFound,
  SubnetPoolNotFound,
  TrunkNotFound,
} from '@ovenbird/api';

/** A rule that was named without its policy. */
const anyRule = ({ id }: { readonly id: string }): ApiError => QosRuleNotFound({ policyId: '', ruleId: id });

const kinds: { readonly [resource: string]: (params: { readonly id: string }) => ApiError } = {
  network: NetworkNotFound,
  network_ip_availability: NetworkNotFound,
  subnet: SubnetNotFound,
  port: PortNotFound,
  security_group: SecurityGroupNotFound,
  security_group_rule: SecurityGroupRuleNotFound,
  security_groups_default_statefulness: SecurityGroupDefaultStatefulnessNotFound,
  default_security_group_rule: DefaultSecurityGroupRuleNotFound,
  agent: AgentNotFound,
  router: RouterNotFound,
  floatingip: FloatingIPNotFound,
  address_group: AddressGroupNotFound,
  address_scope: AddressScopeNotFound,
  subnetpool: SubnetPoolNotFound,
  rbac_policy: RbacPolicyNotFound,
  trunk: TrunkNotFound,
  log: LogResourceNotFound,
  flavor: FlavorNotFound,
  segment: SegmentNotFound,
  network_segment_range: NetworkSegmentRangeNotFound,
  service_profile: ServiceProfileNotFound,
  policy: QosPolicyNotFound,
  alias_bandwidth_limit_rule: anyRule,
  alias_dscp_marking_rule: anyRule,
  alias_minimum_bandwidth_rule: anyRule,
  alias_minimum_packet_rate_rule: anyRule,
};

/** Longest id that an error repeats. */
const shownLength = 255;

/** The 404 that says a resource is not there, or may not be seen; both read the same. */
export const notFound = (definition: ResourceDefinition, id: string): ApiError =>
  kinds[definition.name]?.({ id: id.slice(0, shownLength) }) ?? HTTPNotFound();

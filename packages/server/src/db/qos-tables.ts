export interface QosPoliciesTable {
  id: string;
  project_id: string;
  name: string;
  description: string;
  /** At most one a project. */
  is_default: 0 | 1;
  created_at: string;
  updated_at: string;
  revision_number: number;
}

/** Unique: (qos_policy_id, type, direction). */
export interface QosRulesTable {
  id: string;
  qos_policy_id: string;
  /** bandwidth_limit | dscp_marking | minimum_bandwidth | packet_rate_limit | minimum_packet_rate */
  type: string;
  /** ingress | egress | any; the empty text where the type has none. */
  direction: string;
  max_kbps: number | null;
  max_burst_kbps: number | null;
  min_kbps: number | null;
  dscp_mark: number | null;
  max_kpps: number | null;
  max_burst_kpps: number | null;
  min_kpps: number | null;
}

/** Key: port_id. */
export interface QosPortPoliciesTable {
  port_id: string;
  qos_policy_id: string;
}

/** Key: network_id. */
export interface QosNetworkPoliciesTable {
  network_id: string;
  qos_policy_id: string;
}

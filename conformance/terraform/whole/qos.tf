resource "openstack_networking_qos_policy_v2" "limits" {
  provider    = openstack.admin
  name        = local.changed ? "tf-limits-changed" : "tf-limits"
  description = local.note
  shared      = true
  tags        = local.tags
}

resource "openstack_networking_qos_bandwidth_limit_rule_v2" "out" {
  provider       = openstack.admin
  qos_policy_id  = openstack_networking_qos_policy_v2.limits.id
  max_kbps       = local.changed ? 3000 : 2000
  max_burst_kbps = 300
  direction      = "egress"
}

resource "openstack_networking_qos_dscp_marking_rule_v2" "mark" {
  provider      = openstack.admin
  qos_policy_id = openstack_networking_qos_policy_v2.limits.id
  dscp_mark     = local.changed ? 28 : 26
}

resource "openstack_networking_qos_policy_v2" "least" {
  provider = openstack.admin
  name     = "tf-least"
}

resource "openstack_networking_qos_minimum_bandwidth_rule_v2" "least" {
  provider      = openstack.admin
  qos_policy_id = openstack_networking_qos_policy_v2.least.id
  min_kbps      = local.changed ? 200 : 100
}

resource "openstack_networking_network_v2" "limited" {
  name          = "tf-limited"
  qos_policy_id = openstack_networking_qos_policy_v2.limits.id
}

resource "openstack_networking_port_v2" "limited" {
  name          = "tf-limited"
  network_id    = openstack_networking_network_v2.limited.id
  qos_policy_id = openstack_networking_qos_policy_v2.limits.id
}

data "openstack_networking_qos_policy_v2" "limits" {
  provider   = openstack.admin
  name       = openstack_networking_qos_policy_v2.limits.name
  depends_on = [openstack_networking_qos_policy_v2.limits]
}

data "openstack_networking_qos_bandwidth_limit_rule_v2" "out" {
  provider      = openstack.admin
  qos_policy_id = openstack_networking_qos_policy_v2.limits.id
  max_kbps      = openstack_networking_qos_bandwidth_limit_rule_v2.out.max_kbps
}

data "openstack_networking_qos_dscp_marking_rule_v2" "mark" {
  provider      = openstack.admin
  qos_policy_id = openstack_networking_qos_policy_v2.limits.id
  dscp_mark     = openstack_networking_qos_dscp_marking_rule_v2.mark.dscp_mark
}

data "openstack_networking_qos_minimum_bandwidth_rule_v2" "least" {
  provider      = openstack.admin
  qos_policy_id = openstack_networking_qos_policy_v2.least.id
  min_kbps      = openstack_networking_qos_minimum_bandwidth_rule_v2.least.min_kbps
}

data "openstack_networking_agent_v2" "host" {
  provider = openstack.admin
  host     = "host1"
  binary   = "ovn-controller"
}

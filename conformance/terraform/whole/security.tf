resource "openstack_networking_address_group_v2" "far" {
  name        = local.changed ? "tf-far-changed" : "tf-far"
  description = local.note
  addresses   = local.changed ? ["192.0.2.0/25", "2001:db8:9::/48"] : ["192.0.2.0/25", "198.51.100.7/32"]
}

resource "openstack_networking_secgroup_v2" "web" {
  name                 = local.changed ? "tf-web-changed" : "tf-web"
  description          = local.note
  delete_default_rules = true
  tags                 = local.tags
}

resource "openstack_networking_secgroup_v2" "stateless" {
  name     = "tf-stateless"
  stateful = false
}

resource "openstack_networking_secgroup_v2" "more" {
  name = "tf-more"
}

locals {
  rules = {
    http   = { ethertype = "IPv4", protocol = "tcp", min = 80, max = 81, prefix = "10.0.0.0/8" }
    http6  = { ethertype = "IPv6", protocol = "tcp", min = 80, max = 80, prefix = "2001:db8::/32" }
    ping   = { ethertype = "IPv4", protocol = "icmp", min = 8, max = 0, prefix = null }
    ping6  = { ethertype = "IPv6", protocol = "ipv6-icmp", min = null, max = null, prefix = null }
    vrrp   = { ethertype = "IPv4", protocol = "vrrp", min = null, max = null, prefix = "0.0.0.0/0" }
    number = { ethertype = "IPv4", protocol = "47", min = null, max = null, prefix = null }
    all    = { ethertype = "IPv4", protocol = "", min = null, max = null, prefix = "10.50.0.0/24" }
  }
}

resource "openstack_networking_secgroup_rule_v2" "in" {
  for_each          = local.rules
  direction         = "ingress"
  description       = each.key
  ethertype         = each.value.ethertype
  protocol          = each.value.protocol
  port_range_min    = each.value.min
  port_range_max    = each.value.max
  remote_ip_prefix  = each.value.prefix
  security_group_id = openstack_networking_secgroup_v2.web.id
}

resource "openstack_networking_secgroup_rule_v2" "group" {
  direction         = "ingress"
  ethertype         = "IPv4"
  protocol          = "udp"
  port_range_min    = local.changed ? 54 : 53
  port_range_max    = local.changed ? 54 : 53
  remote_group_id   = openstack_networking_secgroup_v2.stateless.id
  security_group_id = openstack_networking_secgroup_v2.web.id
}

resource "openstack_networking_secgroup_rule_v2" "far" {
  direction               = "egress"
  ethertype               = "IPv4"
  protocol                = "tcp"
  remote_address_group_id = openstack_networking_address_group_v2.far.id
  security_group_id       = openstack_networking_secgroup_v2.web.id
}

data "openstack_networking_secgroup_v2" "web" {
  name       = openstack_networking_secgroup_v2.web.name
  depends_on = [openstack_networking_secgroup_v2.web]
}

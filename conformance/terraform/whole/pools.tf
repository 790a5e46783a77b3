resource "openstack_networking_addressscope_v2" "scope" {
  name       = local.changed ? "tf-scope-changed" : "tf-scope"
  ip_version = 4
}

resource "openstack_networking_subnetpool_v2" "pool" {
  name              = local.changed ? "tf-pool-changed" : "tf-pool"
  description       = local.note
  prefixes          = local.changed ? ["10.60.0.0/16", "10.62.0.0/16"] : ["10.60.0.0/16"]
  default_prefixlen = local.changed ? 27 : 26
  min_prefixlen     = 20
  max_prefixlen     = 30
  default_quota     = 4096
  address_scope_id  = openstack_networking_addressscope_v2.scope.id
  tags              = local.tags
}

resource "openstack_networking_network_v2" "pooled" {
  name = "tf-pooled"
}

resource "openstack_networking_subnet_v2" "pooled" {
  name          = "tf-pooled"
  network_id    = openstack_networking_network_v2.pooled.id
  subnetpool_id = openstack_networking_subnetpool_v2.pool.id
  prefix_length = 25
}

data "openstack_networking_addressscope_v2" "scope" {
  name       = openstack_networking_addressscope_v2.scope.name
  depends_on = [openstack_networking_addressscope_v2.scope]
}

data "openstack_networking_subnetpool_v2" "pool" {
  name       = openstack_networking_subnetpool_v2.pool.name
  depends_on = [openstack_networking_subnetpool_v2.pool]
}
